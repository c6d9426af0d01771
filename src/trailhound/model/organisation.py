"""What the organisation is: the content of `org.toml`. Every field may be empty.

Accounts are user names or mail addresses, networks are addresses or CIDR, domains have no leading
dot, countries are ISO 3166 codes of two letters.
"""

from __future__ import annotations

from datetime import date

import msgspec

Names = tuple[str, ...]


class Identity(msgspec.Struct, frozen=True):
    """`[organisation]`: who it is. `domains` are its own mail and account domains."""

    name: str = ""
    domains: Names = ()


class People(msgspec.Struct, frozen=True):
    """`[people]`: accounts, or `Name <address>` where mail that uses the name matters (VIPs).

    `joiners` and `leavers` map an account to its first or last day.
    """

    vips: Names = ()
    staff: Names = ()
    joiners: dict[str, date] = {}
    leavers: dict[str, date] = {}


class Partners(msgspec.Struct, frozen=True):
    """`[partners]`: domains that mail and logins are expected from."""

    domains: Names = ()


class Networks(msgspec.Struct, frozen=True):
    """`[networks]`: own address ranges, where the VPN leaves, and who may scan."""

    internal: Names = ()
    vpn_egress: Names = ()
    scanners: Names = ()


class Countries(msgspec.Struct, frozen=True):
    """`[countries]`: where people work."""

    presence: Names = ()


class Mail(msgspec.Struct, frozen=True):
    """`[mail]`: servers that receive for us, and senders of newsletters in our name."""

    receiving_servers: Names = ()
    bulk_senders: Names = ()


class Accounts(msgspec.Struct, frozen=True):
    """`[accounts]`: who administers, and which accounts are machines."""

    administrators: Names = ()
    service: Names = ()


class Hours(msgspec.Struct, frozen=True):
    """`[hours]`: the IANA zone and the working week, e.g. `Mon-Fri 07-19`."""

    zone: str = ""
    working: str = ""


class Changes(msgspec.Struct, frozen=True):
    """`[changes]`: windows of planned work, each `2026-11-07T20:00Z/2026-11-08T04:00Z`."""

    windows: Names = ()


class Organisation(msgspec.Struct, frozen=True):
    """The whole file, one struct a section."""

    organisation: Identity = Identity()
    people: People = People()
    partners: Partners = Partners()
    networks: Networks = Networks()
    countries: Countries = Countries()
    mail: Mail = Mail()
    accounts: Accounts = Accounts()
    hours: Hours = Hours()
    changes: Changes = Changes()


class Inferred(msgspec.Struct, frozen=True):
    """One value inferred from evidence: assumed, not told.

    Attributes:
        key: `section.key` of `org.toml`.
        share: part of the evidence that speaks for it, 0..1.
        seen: number of events behind it.
        why: the same in plain English.
    """

    key: str
    value: str
    share: float
    seen: int
    why: str


class Contradiction(msgspec.Struct, frozen=True):
    """One place where `org.toml` and the evidence disagree."""

    key: str
    value: str
    evidence: str
