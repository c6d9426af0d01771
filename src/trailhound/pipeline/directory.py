"""People from a directory export: CSV, JSON (Graph, Google, plain) or LDIF (RFC 2849).

Exports come from other systems and are not trusted: odd records are counted, none stops the import.
"""

from __future__ import annotations

import base64
import binascii
import csv
import io
import json
from datetime import date
from typing import TYPE_CHECKING, Any

import msgspec

from trailhound.model.errors import ConfigError, Where
from trailhound.model.organisation import Accounts, Organisation, People

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

MAX_BYTES = 256 * 1024 * 1024
_ACCOUNT = (
    "email",
    "mail",
    "userprincipalname",
    "primaryemail",
    "upn",
    "account",
    "samaccountname",
)
_NAME = ("name", "displayname", "cn", "fullname", "name.fullname")
_ROLE = ("role", "roles", "title", "jobtitle")
_JOINED = ("joined", "joiner", "employeehiredate", "hired")
_LEFT = ("left", "leaver", "employeeleavedatetime")
_VIP_TITLES = ("chief ", "ceo", "cfo", "cto", "coo", "ciso", "managing director", "president")
_DISABLED_BIT = 2
"""ACCOUNTDISABLE in Active Directory's userAccountControl."""


class Imported(msgspec.Struct, frozen=True):
    """What an export gave; `skipped` counts records without an account."""

    organisation: Organisation
    people: int
    skipped: int


def read_directory(path: Path, into: Organisation) -> Imported:
    """Add the people of an export to an organisation; what was there stays."""
    where = Where(str(path))
    try:
        content = path.read_bytes() if path.stat().st_size <= MAX_BYTES else None
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", where=where) from error
    if content is None:
        raise ConfigError("larger than 256 MiB", where=where)
    text = content.decode("utf-8-sig", "replace")
    records = [_folded(record) for record in _records(path, text)]
    people = [(account, record) for record in records if (account := _first(record, _ACCOUNT))]
    return Imported(_merged(into, people), len(people), len(records) - len(people))


def _records(path: Path, text: str) -> Iterator[Mapping[str, Any]]:
    if text.lstrip()[:1] in ("{", "["):
        yield from _json_records(path, text)
    elif path.suffix.lower() in (".ldif", ".ldf") or text.startswith(("dn:", "version:")):
        yield from _ldif_records(text)
    else:
        yield from _csv_records(path, text)


def _json_records(path: Path, text: str) -> Iterator[Mapping[str, Any]]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"not JSON: {error}", where=Where(str(path))) from error
    if isinstance(found, dict):
        found = next((found[key] for key in ("value", "users", "people") if key in found), [found])
    yield from (record for record in found if isinstance(record, dict))


def _csv_records(path: Path, text: str) -> Iterator[Mapping[str, Any]]:
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    names = {str(name).strip().lower() for name in reader.fieldnames or ()}
    if not names & set(_ACCOUNT):
        raise ConfigError(
            "no column for the account",
            where=Where(str(path), 1),
            todo=f"name one of the columns {', '.join(_ACCOUNT)}",
        )
    yield from reader


def _ldif_records(text: str) -> Iterator[Mapping[str, Any]]:
    record: dict[str, Any] = {}
    for line in [*_unfolded(text), ""]:
        if not line:
            if record:
                yield record
            record = {}
        elif not line.startswith("#") and ":" in line:
            key, _, value = line.partition(":")
            record.setdefault(key.lower(), _ldif_value(value))


def _unfolded(text: str) -> list[str]:
    """Join continued lines: a line that starts with a blank goes on the one before."""
    lines: list[str] = []
    for line in text.splitlines():
        if line.startswith(" ") and lines:
            lines[-1] += line[1:]
        else:
            lines.append(line)
    return lines


def _ldif_value(text: str) -> str:
    if not text.startswith(":"):
        return text.strip()
    try:
        return base64.b64decode(text[1:].strip()).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""


def _folded(record: Mapping[str, Any]) -> dict[str, str]:
    """Give names in lower case and values as text; `name.fullName` reaches one level down."""
    flat: dict[str, str] = {}
    for key, value in record.items():
        if isinstance(value, dict):
            flat |= {f"{key}.{k}".lower(): str(v) for k, v in value.items() if v is not None}
        elif value is not None:
            flat[str(key).strip().lower()] = str(value).strip()
    return flat


def _first(record: Mapping[str, str], names: Iterable[str]) -> str:
    return next((record[name] for name in names if record.get(name)), "")


def _merged(into: Organisation, people: list[tuple[str, dict[str, str]]]) -> Organisation:
    roles = {account: _roles(record) for account, record in people}
    shown = {account: _shown(account, record) for account, record in people}

    def having(role: str) -> list[str]:
        return [account for account in roles if role in roles[account]]

    merged = People(
        vips=_added(into.people.vips, (shown[account] for account in having("vip"))),
        staff=_added(into.people.staff, having("staff")),
        joiners=into.people.joiners | _days(people, _JOINED),
        leavers=into.people.leavers | _days(people, _LEFT),
    )
    accounts = Accounts(
        administrators=_added(into.accounts.administrators, having("administrator")),
        service=_added(into.accounts.service, having("service")),
    )
    return msgspec.structs.replace(into, people=merged, accounts=accounts)


def _roles(record: Mapping[str, str]) -> set[str]:
    role = _first(record, _ROLE).lower()
    roles = {"service"} if "service" in role else {"staff"}
    if role == "vip" or any(title in f"{role} " for title in _VIP_TITLES):
        roles.add("vip")
    if "admin" in role or record.get("isadmin", "").lower() == "true":
        roles.add("administrator")
    return roles if _enabled(record) else set()


def _enabled(record: Mapping[str, str]) -> bool:
    control = record.get("useraccountcontrol", "")
    if control.isdecimal() and len(control) < 12 and int(control) & _DISABLED_BIT:
        return False
    disabled = record.get("accountenabled", "").lower() == "false"
    return not disabled and record.get("suspended", "").lower() != "true"


def _shown(account: str, record: Mapping[str, str]) -> str:
    name = _first(record, _NAME)
    return f"{name} <{account}>" if name and "@" in account else account


def _days(people: list[tuple[str, dict[str, str]]], names: Iterable[str]) -> dict[str, date]:
    names = tuple(names)
    days = ((account, _day(_first(record, names))) for account, record in people)
    return {account: day for account, day in days if day}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _added(held: tuple[str, ...], new: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*held, *new)))
