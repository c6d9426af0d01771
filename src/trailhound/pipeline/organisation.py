"""`org.toml`: read, written, learnt from evidence, and compared with it."""

from __future__ import annotations

import ipaddress
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from trailhound.engine import organisation as ask
from trailhound.model.errors import ConfigError, Where
from trailhound.model.organisation import Contradiction, Inferred, Organisation
from trailhound.pipeline.hours import working_hours
from trailhound.text import toml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from trailhound.engine.duckdb import TableEngine

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Window = tuple[int, int]
"""Microseconds since 1970 UTC; both ends belong to it."""

OWN_DOMAIN_SHARE = 0.1
"""Part of all accounts with a domain from which on the domain is taken for our own."""
MIN_SEEN = 5
"""Fewer events than this show nothing about an organisation."""
NETWORK_SHARE = 0.01
COUNTRY_SHARE = 0.05
SERVICE_HOURS = 22
"""An account active in so many hours of the day, over `SERVICE_DAYS`, is a machine."""
SERVICE_DAYS = 3
ADMINISTRATORS_KEPT = 50
FREE_MAIL = frozenset(
    [
        "gmail.com",
        "googlemail.com",
        "outlook.com",
        "hotmail.com",
        "live.com",
        "yahoo.com",
        "icloud.com",
        "gmx.de",
        "gmx.net",
        "web.de",
        "proton.me",
        "protonmail.com",
        "aol.com",
        "mail.ru",
        "qq.com",
    ]
)
_SYSTEM = re.compile(
    r"(?:(?:nt authority|nt service|window manager|font driver host)\\.*|.*\$|system|-"
    r"|local service|network service|anonymous logon|(?:dwm|umfd)-\d{1,3})"
)
_SERVICE_NAME = re.compile(r"(?:svc|srv|service|sa|app|bot|job)[-_.].*|.*[-_.](?:svc|service|bot)")


def read(path: Path) -> Organisation:
    """Read `org.toml`; a missing file is an empty organisation, a mistake a located ConfigError."""
    if not path.exists():
        return Organisation()
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", where=Where(str(path))) from error
    document = toml.parse(str(path), content)
    organisation = toml.decode(document, Organisation)
    for key in ("internal", "vpn_egress", "scanners"):
        for part in getattr(organisation.networks, key):
            _check_network(part, document.where("networks", key))
    for text in organisation.changes.windows:
        _check_window(text, document.where("changes", "windows"))
    return organisation


def network(text: str) -> Network:
    """Read an address or CIDR of `org.toml`; `read` has checked it."""
    return ipaddress.ip_network(text, strict=False)


def window(text: str) -> Window:
    """Read a change window `START/END`, both with a zone; `read` has checked it."""
    start, _, end = text.partition("/")
    first, last = datetime.fromisoformat(start), datetime.fromisoformat(end)
    if first.tzinfo is None or last.tzinfo is None or last < first:
        raise ValueError(text)
    return _micros(first), _micros(last)


def _micros(moment: datetime) -> int:
    return round(moment.timestamp() * 1_000_000)


def write(organisation: Organisation, inferred: Iterable[Inferred] = ()) -> str:
    """Write `org.toml`, each inferred value with the evidence for it in a comment above its key."""
    reasons: dict[str, list[str]] = {}
    for one in inferred:
        reasons.setdefault(one.key, []).append(f"# assumed {toml.quote(one.value)}: {one.why}")
    lines: list[str] = []
    for section in organisation.__struct_fields__:
        part = getattr(organisation, section)
        body = []
        for key in part.__struct_fields__:
            if value := getattr(part, key):
                body += [*reasons.get(f"{section}.{key}", ()), f"{key} = {toml.value(value)}"]
        lines += [f"[{section}]", *body, ""] if body else []
    return "\n".join(lines)


def learn(engine: TableEngine) -> list[Inferred]:
    """Infer what the evidence shows, each value with the share that speaks for it."""
    machines = list(_service_accounts(engine))
    return [
        *(one for one in _from_shares(engine) if one.seen >= MIN_SEEN),
        *machines,
        *working_hours(ask.week(engine, [one.value for one in machines])),
    ]


def _from_shares(engine: TableEngine) -> Iterator[Inferred]:
    yield from _domains(engine)
    yield from _networks(engine)
    yield from _countries(engine)
    yield from _administrators(engine)


def assumed(inferred: Iterable[Inferred]) -> Organisation:
    """Build an organisation of inferred values."""
    sections: dict[str, dict[str, object]] = {}
    for one in inferred:
        section, _, key = one.key.partition(".")
        part = sections.setdefault(section, {})
        if section == "hours":
            part[key] = one.value
        else:
            held = part.setdefault(key, [])
            if isinstance(held, list):
                held.append(one.value)
    return toml.convert(toml.Document("inferred", "", {}), sections, Organisation)


def check(organisation: Organisation, engine: TableEngine) -> list[Contradiction]:
    """Find where the file and the evidence disagree."""
    found = learn(engine)
    return [
        *_domain_contradictions(organisation, found, engine),
        *_network_contradictions(organisation, found),
        *_people_contradictions(organisation, engine),
        *_unlisted(found, "countries.presence", organisation.countries.presence),
        *_unlisted(found, "accounts.administrators", organisation.accounts.administrators),
    ]


def _domains(engine: TableEngine) -> Iterator[Inferred]:
    for share in ask.account_domains(engine):
        part = share.seen / share.of
        if part >= OWN_DOMAIN_SHARE and share.value not in FREE_MAIL:
            why = f"{part:.0%} of {share.of:,} account names"
            yield Inferred("organisation.domains", share.value, part, share.seen, why)


def _networks(engine: TableEngine) -> Iterator[Inferred]:
    for share in ask.internal_addresses(engine):
        part = share.seen / share.of
        if part >= NETWORK_SHARE:
            why = f"{part:.0%} of {share.of:,} source addresses"
            yield Inferred("networks.internal", share.value, part, share.seen, why)


def _countries(engine: TableEngine) -> Iterator[Inferred]:
    for share in ask.countries(engine):
        part = share.seen / share.of
        if part >= COUNTRY_SHARE:
            why = f"{part:.0%} of {share.of:,} logins"
            yield Inferred("countries.presence", share.value, part, share.seen, why)


def _administrators(engine: TableEngine) -> Iterator[Inferred]:
    people = [s for s in ask.administrators(engine) if not _SYSTEM.fullmatch(s.value)]
    for share in people[:ADMINISTRATORS_KEPT]:
        why = f"{share.seen:,} events that only administrators cause"
        yield Inferred(
            "accounts.administrators", share.value, share.seen / share.of, share.seen, why
        )


def _service_accounts(engine: TableEngine) -> Iterator[Inferred]:
    for rhythm in ask.rhythms(engine):
        if _SYSTEM.fullmatch(rhythm.account):
            continue
        if _SERVICE_NAME.fullmatch(rhythm.account):
            why = "its name says so"
        elif rhythm.hours >= SERVICE_HOURS and rhythm.days >= SERVICE_DAYS:
            why = f"active in {rhythm.hours} of 24 hours over {rhythm.days} days"
        else:
            continue
        yield Inferred("accounts.service", rhythm.account, rhythm.hours / 24, rhythm.seen, why)


def _domain_contradictions(
    organisation: Organisation, found: list[Inferred], engine: TableEngine
) -> Iterator[Contradiction]:
    listed = organisation.organisation.domains
    if not listed:
        return
    shares = ask.account_domains(engine)
    seen = {share.value for share in shares}
    for domain in listed:
        if shares and domain.lower() not in seen:
            yield Contradiction(
                "organisation.domains", domain, "no account with it in the evidence"
            )
    yield from _unlisted(found, "organisation.domains", (*listed, *organisation.partners.domains))


def _network_contradictions(
    organisation: Organisation, found: list[Inferred]
) -> Iterator[Contradiction]:
    listed = [network(text) for text in organisation.networks.internal]
    for one in found if listed else ():
        if one.key == "networks.internal" and not any(_inside(one.value, net) for net in listed):
            yield Contradiction(one.key, one.value, f"not listed, but {one.why}")


def _people_contradictions(
    organisation: Organisation, engine: TableEngine
) -> Iterator[Contradiction]:
    last = ask.last_activity(engine) if organisation.people.leavers else {}
    for account, day in sorted(organisation.people.leavers.items()):
        at = last.get(account.lower())
        moment = datetime.fromtimestamp(at // 1_000_000, UTC) if at is not None else None
        if moment and moment.date() > day:
            told = f"left on {day}, logged in at {moment:%Y-%m-%d %H:%M} UTC"
            yield Contradiction("people.leavers", account, told)


def _unlisted(found: list[Inferred], key: str, listed: tuple[str, ...]) -> Iterator[Contradiction]:
    """Give what the evidence shows and a list that is not empty lacks."""
    known = {value.lower() for value in listed}
    for one in found if listed else ():
        if one.key == key and one.value.lower() not in known:
            yield Contradiction(key, one.value, f"not listed, but {one.why}")


def _check_network(text: str, where: Where) -> None:
    try:
        network(text)
    except ValueError as error:
        raise ConfigError(f"{text!r} is no address or network", where=where) from error


def _check_window(text: str, where: Where) -> None:
    try:
        window(text)
    except ValueError as error:
        todo = "write START/END with zones, 2026-11-07T20:00Z/2026-11-08T04:00Z"
        raise ConfigError(f"{text!r} is no window of time", where=where, todo=todo) from error


def _inside(part: str, whole: Network) -> bool:
    return network(part)[0] in whole
