"""The synthetic company: its people, computers and addresses.

Inside are RFC 1918 addresses; everything outside comes from the documentation ranges of RFC 5737
and RFC 3849, so nothing here names a real system.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address
from typing import TYPE_CHECKING

from trailhound.simulate.clock import chance
from trailhound.simulate.names import (
    DEPARTMENTS,
    DOMAIN,
    DOMAIN_SID,
    FIRST_NAMES,
    FOREST,
    LAST_NAMES,
    WINDOWS_DOMAIN,
)

if TYPE_CHECKING:
    from random import Random

    from trailhound.simulate.settings import Settings

OFFICE_EGRESS = "192.0.2.10"
VPN_EGRESS = "192.0.2.20"
WEB_PUBLIC = "192.0.2.80"
MAIL_PUBLIC = "192.0.2.25"
SCANNER = "10.0.9.4"
MONITOR = "10.0.0.70"
FIRST_PC = IPv4Address("10.10.1.10")
FIRST_VPN = IPv4Address("10.99.0.10")
FIRST_RID = 1120


@dataclass(frozen=True, slots=True)
class Person:
    """One employee. `starts` and `ends` are usual local hours of work; `home` is a v6 address."""

    number: int
    first: str
    last: str
    account: str
    department: str
    computer: str
    address: str
    vpn_address: str
    home: str
    starts: float
    ends: float
    remote_share: float
    object_id: str
    puid: str

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"

    @property
    def mail(self) -> str:
        return f"{self.account}@{DOMAIN}"

    @property
    def sid(self) -> str:
        return f"{DOMAIN_SID}-{FIRST_RID + self.number}"


@dataclass(frozen=True, slots=True)
class Host:
    """One computer; `collector` says which agent ships its Windows events, empty for Linux."""

    name: str
    address: str
    collector: str = "winlogbeat"

    @property
    def fqdn(self) -> str:
        return f"{self.name}.{FOREST}" if self.collector else self.name

    @property
    def account(self) -> str:
        return f"{self.name}$"

    @property
    def sid(self) -> str:
        return f"{DOMAIN_SID}-{5000 + chance('rid', self.name).randrange(4000)}"


@dataclass(frozen=True, slots=True)
class Account:
    """A name that can log on: a person's, an administrator's second account, or a service's."""

    name: str
    sid: str
    domain: str = WINDOWS_DOMAIN

    @property
    def qualified(self) -> str:
        return f"{self.domain}\\{self.name}"


SYSTEM = Account("SYSTEM", "S-1-5-18", "NT AUTHORITY")
LOCAL_SERVICE = Account("LOCAL SERVICE", "S-1-5-19", "NT AUTHORITY")
NETWORK_SERVICE = Account("NETWORK SERVICE", "S-1-5-20", "NT AUTHORITY")

DC = Host("DC01", "10.0.0.10")
FILES = Host("FS01", "10.0.0.20")
APP = Host("APP01", "10.0.0.30", "nxlog")
DEPLOY = Host("SCCM01", "10.0.0.40")
BACKUP = Host("BKP01", "10.0.0.50")
DATABASE = Host("db1", "10.0.0.60", "")
WEB = Host("web1", "10.20.0.80", "")
MAIL = Host("mx1", "10.20.0.25", "")
JUMP = Host("jump1", "10.20.0.5", "")
INTRANET = Host("intra1", "10.0.0.85", "")
WINDOWS_SERVERS = (DC, FILES, APP, DEPLOY, BACKUP)
LINUX_SERVERS = (DATABASE, WEB, MAIL, JUMP, INTRANET)

SERVICE_NAMES = ("svc-backup", "svc-sccm", "svc-sql", "svc-scan", "svc-print", "svc-monitor")


@dataclass(frozen=True, slots=True)
class Company:
    """Everybody and everything that belongs to the organisation."""

    people: tuple[Person, ...]

    def of(self, department: str) -> tuple[Person, ...]:
        """Return the people of one department, by its prefix."""
        return tuple(p for p in self.people if p.computer.startswith(department))

    @property
    def administrators(self) -> tuple[Person, ...]:
        return self.of("ITS")

    @property
    def vips(self) -> tuple[Person, ...]:
        return self.of("MGT")

    def computer(self, person: Person) -> Host:
        """Return the person's own computer."""
        return Host(person.computer, person.address)


def found(settings: Settings) -> Company:
    """Make the company of these settings."""
    random = chance(settings.seed, "company")
    prefixes = _departments(settings.people)
    taken: set[str] = set()
    return Company(tuple(_person(n, prefixes[n], taken, random) for n in range(settings.people)))


def account_of(person: Person) -> Account:
    """Return the account a person works with every day."""
    return Account(person.account, person.sid)


def admin_account(person: Person) -> Account:
    """Return the second account that an administrator uses for administration only."""
    return Account(f"adm-{person.account}", f"{DOMAIN_SID}-{3000 + person.number}")


@lru_cache(maxsize=64)
def service(name: str) -> Account:
    """Return a service account by name."""
    return Account(name, f"{DOMAIN_SID}-{4000 + SERVICE_NAMES.index(name)}")


def machine(host: Host) -> Account:
    """Return a computer's own account."""
    return Account(host.account, host.sid)


def guid(random: Random) -> str:
    """Draw a version 4 UUID."""
    text = f"{random.getrandbits(128):032x}"
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-a{text[17:20]}-{text[20:]}"


def _departments(people: int) -> list[tuple[str, str]]:
    """Every department has somebody; the others follow the weights."""
    round_robin = [(p, t) for p, t, weight in DEPARTMENTS for _ in range(weight)]
    first = [(p, t) for p, t, _ in DEPARTMENTS][: people - 1]
    rest = [round_robin[n % len(round_robin)] for n in range(people - len(first))]
    return first + rest


def _person(number: int, department: tuple[str, str], taken: set[str], random: Random) -> Person:
    first, last, account = _free_name(number, taken, random)
    prefix, title = department
    starts = random.choice((7.0, 7.5, 8.0, 8.0, 8.5, 9.0))
    return Person(
        number=number,
        first=first,
        last=last,
        account=account,
        department=title,
        computer=f"{prefix}-PC{number + 1:02d}",
        address=str(FIRST_PC + number + 2 * (number // 200)),
        vpn_address=str(FIRST_VPN + number),
        home=f"2001:db8:{0x1000 + number * 7:x}:{random.randrange(1, 0xFFFF):x}::{number + 2:x}",
        starts=starts,
        ends=starts + random.choice((8.0, 8.5, 9.0, 9.5)),
        remote_share=random.choice((0.0, 0.2, 0.2, 0.4, 0.6)),
        object_id=guid(random),
        puid=f"1003200{random.getrandbits(36):09X}",
    )


def _free_name(number: int, taken: set[str], random: Random) -> tuple[str, str, str]:
    first, last = random.choice(FIRST_NAMES), random.choice(LAST_NAMES)
    account = f"{first[0]}.{last}".lower()
    if account in taken:
        account = f"{first[0]}.{last}{number}".lower()
    taken.add(account)
    return first, last, account
