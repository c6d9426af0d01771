"""Innocents who look guilty: each is noted with the harmless reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trailhound.simulate.clock import HOUR, MINUTE, SECOND, day_of, local_midnight
from trailhound.simulate.company import (
    APP,
    DC,
    FILES,
    INTRANET,
    JUMP,
    OFFICE_EGRESS,
    SCANNER,
    SYSTEM,
    WEB,
    Account,
    account_of,
    admin_account,
)
from trailhound.simulate.facts import SCAN_HOUR, SCAN_WEEKDAY
from trailhound.simulate.life.internet import PROBED
from trailhound.simulate.names import DOCUMENTS, DOMAIN, DOMAIN_SID, EDGE, NEWCOMER
from trailhound.simulate.products.access_log import INTRANET as INTRANET_LOG
from trailhound.simulate.products.access_log import Hit
from trailhound.simulate.products.entra import HOME, Attempt, change
from trailhound.simulate.products.windows import NO_SUCH_USER
from trailhound.simulate.products.zeek import Flow

if TYPE_CHECKING:
    from trailhound.simulate.company import (
        Host,
    )
    from trailhound.simulate.life.diary import Diary
    from trailhound.simulate.world import World

SCANNER_AGENT = "Mozilla/5.0 (compatible; VulnScan/10.7; internal scan, see intranet/security)"
PORTS = (21, 22, 23, 25, 80, 111, 135, 139, 389, 443, 445, 1433, 3306, 3389, 5432, 5985, 8080, 8443)
SCANNED = (DC, FILES, APP, INTRANET, JUMP, WEB)


class Scanner:
    """The vulnerability scanner: once a week in the evening, loud and permitted."""

    def __init__(self, world: World) -> None:
        self._world = world

    def hour(self, at: int) -> None:
        if day_of(at).weekday() != SCAN_WEEKDAY or at // HOUR % 24 != SCAN_HOUR:
            return
        self._world.innocent(SCANNER, "the vulnerability scanner, in its weekly window")
        self._world.innocent("svc-scan", "the scanner's own account")
        random = self._world.chance("scanner", at)
        for n, host in enumerate(SCANNED):
            self._ports(at + n * 5 * MINUTE, host)
            self._web(at + n * 5 * MINUTE + 40 * SECOND, host)
        for n in range(self._world.noisy(12)):
            moment = at + 10 * MINUTE + n * 9 * SECOND
            name = random.choice(("guest", "administrator", "test", "sa"))
            self._world.windows.refuse(
                moment, APP, name, kind=3, source=SCANNER, workstation="SCANNER", why=NO_SUCH_USER
            )
            self._world.syslog.wrong_password(
                moment, JUMP, name, SCANNER, pid=random.randrange(2000, 30_000), known=False
            )
            self._world.database.refuse(moment, name, SCANNER)

    def _ports(self, at: int, host: Host) -> None:
        open_ports = (22, 80, 443, 445, 3389)
        for n, port in enumerate(PORTS * max(1, self._world.noisy(3))):
            state, history = ("SF", "ShADadFf") if port in open_ports else ("REJ", "Sr")
            flow = Flow(SCANNER, host.address, port, 3000, state=state, history=history)
            self._world.zeek.flow(at + n * 210_000, flow)

    def _web(self, at: int, host: Host) -> None:
        if host is not INTRANET:
            return
        for n, path in enumerate(PROBED * max(1, self._world.noisy(4))):
            hit = Hit(SCANNER, f"GET {path} HTTP/1.1", 404, 270, SCANNER_AGENT)
            self._world.web.hit(at + n * 400_000, INTRANET_LOG, hit)


@dataclass(frozen=True, slots=True)
class _Date:
    """A day of the simulation and a local hour, at which something happens once."""

    day: int
    hour: int


class Incidents:
    """Things that happen to innocent people once in a while."""

    def __init__(self, world: World, diary: Diary) -> None:
        self._world = world
        self._people = world.company.people
        self._traveller = diary.traveller
        self._calendar = {
            _Date(0, 9): self._forgot,
            _Date(0, 11): self._joins,
            _Date(1, 10): self._travels,
            _Date(2, 13): self._migrates,
            _Date(3, 14): self._updates,
            _Date(3, 9): self._catches_adware,
            _Date(4, 10): self._changes_phone,
        }

    def hour(self, at: int) -> None:
        day = day_of(at)
        since = (day - self._world.settings.start).days
        local = (at - local_midnight(day)) // HOUR
        act = self._calendar.get(_Date(since % 14, local))
        if act is not None:
            act(at + 7 * MINUTE)

    def _forgot(self, at: int) -> None:
        """Back from holiday: the password is forgotten, tried, and reset by the help desk."""
        person = self._people[-1]
        self._world.innocent(
            person.account, "forgot the password after a holiday; the help desk reset it"
        )
        host = self._world.company.computer(person)
        for n in range(7):
            self._world.windows.refuse(
                at + n * 14 * SECOND,
                host,
                person.account,
                kind=2,
                source="127.0.0.1",
                workstation=host.name,
            )
            attempt = Attempt(OFFICE_EGRESS, HOME, EDGE, error=50126)
            self._world.entra.sign_in(at + n * 14 * SECOND, person, attempt)
        helper = admin_account(self._world.company.administrators[0])
        self._world.windows.account(at + 9 * MINUTE, 4724, helper, account_of(person))
        self._world.windows.logon(
            at + 11 * MINUTE, host, account_of(person), 2, workstation=host.name
        )

    def _joins(self, at: int) -> None:
        """Somebody new: account, groups, cloud."""
        helper = self._world.company.administrators[0]
        by = admin_account(helper)
        new = Account(NEWCOMER, f"{DOMAIN_SID}-7001")
        self._world.innocent(new.name, "a new colleague; the help desk made the account")
        self._world.innocent(helper.account, "the help desk: creates accounts and resets passwords")
        self._world.innocent(by.name, "the help desk's administrator account")
        self._world.windows.account(at, 4720, by, new)
        for n, group in enumerate((("Sales", 2101), ("VPN Users", 2102), ("CRM Users", 2103))):
            self._world.windows.join(at + (n + 1) * 20 * SECOND, by, new, group)
        local = ("Remote Desktop Users", 555)
        self._world.windows.join(at + 2 * MINUTE, by, new, local, host=APP)
        target: dict[str, object] = {
            "id": "b2f0c1d7-6a55-4c1a-9f3b-0c8e7a4d2f11",
            "displayName": None,
            "type": "User",
            "userPrincipalName": f"{NEWCOMER}@{DOMAIN}",
            "modifiedProperties": [change("AccountEnabled", None, "True")],
        }
        self._world.entra.audit(
            at + 5 * MINUTE, helper, "Add user", address=OFFICE_EGRESS, target=target
        )

    def _travels(self, _: int) -> None:
        reason = "on a business trip to Vienna for two days"
        self._world.innocent(self._traveller.account, reason)

    def _migrates(self, at: int) -> None:
        """A project moves to another site: one colleague downloads hundreds of files."""
        person = self._world.company.of("ENG")[0]
        self._world.innocent(
            person.account, "moves a project to another site: downloads many files"
        )
        for n in range(self._world.noisy(180)):
            name = DOCUMENTS[n % len(DOCUMENTS)].format(n=100 + n)
            moment = at + n * 6 * SECOND
            self._world.m365.file(
                moment, person, "FileDownloaded", OFFICE_EGRESS, ("projects", name), agent=EDGE
            )

    def _updates(self, at: int) -> None:
        """Patch day on the servers: services stop and start, installers run as SYSTEM."""
        for n, host in enumerate((FILES, APP)):
            moment = at + n * 10 * MINUTE
            installer = self._world.windows.root(host, r"C:\Windows\System32\services.exe")
            self._world.windows.start(
                moment, host, r"C:\Windows\system32\msiexec.exe /V", parent=installer
            )
            self._world.windows.install_service(
                moment + 20 * SECOND,
                host,
                "Backup Suite Agent 12",
                '"C:\\Program Files\\Backup Suite\\agent12.exe" -service',
            )
            for service in ("Windows Update", "Windows Modules Installer", "Print Spooler"):
                self._world.windows.service_state(moment + 40 * SECOND, host, service, "stopped")
                self._world.windows.service_state(moment + 90 * SECOND, host, service, "running")
            script = r"C:\Program Files\Backup Suite\verify.cmd /weekly"
            self._world.windows.task(
                moment + 50 * SECOND, host, SYSTEM, r"\Backup Suite Verify", script
            )

    def _catches_adware(self, at: int) -> None:
        """Somebody downloads a free converter; Defender removes it, and nothing else happens."""
        person = self._people[len(self._people) // 3]
        host = self._world.company.computer(person)
        self._world.innocent(person.account, "downloaded a free converter that Defender removed")
        path = f"C:\\Users\\{person.account}\\Downloads\\FreeConverterSetup.exe"
        self._world.windows.detect(at, host, "PUABundler:Win32/FreeConverter", path)

    def _changes_phone(self, at: int) -> None:
        """A new telephone: prompts that nobody answers, then a new second factor."""
        person = self._world.company.people[len(self._people) // 2]
        self._world.innocent(
            person.account, "changed the phone: several failed prompts, then success"
        )
        for n in range(3):
            denied = Attempt(OFFICE_EGRESS, HOME, EDGE, error=500121)
            self._world.entra.sign_in(at + n * 50 * SECOND, person, denied)
        good = Attempt(OFFICE_EGRESS, HOME, EDGE, mfa="Mobile app notification")
        self._world.entra.sign_in(at + 4 * MINUTE, person, good)
        self._world.m365.directory(
            at + 5 * MINUTE,
            person,
            "Update user.",
            ("User", person.mail),
            {"StrongAuthenticationPhoneAppDetail": '[{"DeviceName":"iPhone 16"}]'},
        )
