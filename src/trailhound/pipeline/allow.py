"""`allow.toml`: read, extended, and tried out on findings before it hides anything."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import msgspec

from trailhound.model.allow import DAYS, AllowEntry, AllowList, entry_id
from trailhound.model.entity import EntityType
from trailhound.model.errors import ConfigError, UsageError, Where
from trailhound.model.finding import Finding
from trailhound.pipeline.clock import today
from trailhound.store import durable
from trailhound.text import toml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

CONDITIONS = ("detector", "entity", "entity_type", "source", "destination", "scope")


class Hidden(msgspec.Struct, frozen=True):
    """What one entry would hide: a few examples are enough to judge it."""

    entry: AllowEntry
    findings: tuple[Finding, ...]


def read_allow(path: Path) -> list[AllowEntry]:
    """Read `[[allow]]` entries; a missing file has none, a mistake is a located ConfigError."""
    if not path.exists():
        return []
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", where=Where(str(path))) from error
    document = toml.parse(str(path), content)
    for section in document.data:
        toml.known(section, ("allow",), "section", document.where(section))
    entries = document.data.get("allow", [])
    if not isinstance(entries, list):
        todo = "write [[allow]]"
        raise ConfigError("[allow] must be a list", where=document.where("allow"), todo=todo)
    return [_entry(document, index, raw) for index, raw in enumerate(entries)]


def allow_list(path: Path, day: date | None = None) -> AllowList:
    """Read the entries in force on a day, today by default."""
    return AllowList(read_allow(path), day or today())


def new_entry(
    conditions: Mapping[str, str],
    *,
    author: str,
    reason: str,
    created: date,
    days: int = DAYS,
) -> AllowEntry:
    """Make an entry; UsageError when it says nothing, has no reason, or would live for ever."""
    stated = {name: value for name, value in conditions.items() if value}
    if not any(value.strip("*") for name, value in stated.items() if name != "entity_type"):
        todo = "give at least one of --detector, --entity, --source, --destination, --scope"
        raise UsageError("an entry without a condition would hide everything", todo=todo)
    if not reason.strip() or not author.strip():
        raise UsageError("an entry needs an author and a reason")
    if not 0 < days <= DAYS:
        raise UsageError(f"an entry lives 1 to {DAYS} days, not {days}")
    kind = stated.pop("entity_type", None)
    return AllowEntry(
        id=entry_id(conditions.get(name, "") for name in CONDITIONS),
        author=author,
        reason=reason,
        created=created,
        expires=created + timedelta(days=days),
        entity_type=EntityType(kind) if kind else None,
        **stated,
    )


def add_entry(path: Path, entry: AllowEntry) -> bool:
    """Append an entry, atomically; False when one with the same conditions is in force already."""
    held = read_allow(path)
    if any(one.id == entry.id and one.expires >= entry.created for one in held):
        return False
    text = path.read_text("utf-8") if path.exists() else ""
    separator = "\n" if text and not text.endswith("\n\n") else ""
    durable.write(path, lambda file: file.write(f"{text}{separator}{_written(entry)}".encode()))
    return True


def would_hide(entries: Iterable[AllowEntry], findings: Iterable[Finding]) -> list[Hidden]:
    """Say what each entry hides, also those that hide nothing: they are the ones to remove."""
    held = list(findings)
    return [
        Hidden(entry, tuple(finding for finding in held if entry.hides(finding)))
        for entry in entries
    ]


def _written(entry: AllowEntry) -> str:
    lines = ["[[allow]]"]
    for name in entry.__struct_fields__:
        if value := getattr(entry, name):
            text = value if isinstance(value, date) else toml.quote(str(value))
            lines.append(f"{name} = {text}")
    return "\n".join([*lines, ""])


def _entry(document: toml.Document, index: int, raw: object) -> AllowEntry:
    where = document.where("allow", "", index)
    if not isinstance(raw, dict):
        raise ConfigError("[[allow]] must be a table", where=where)
    for key in raw:
        names = AllowEntry.__struct_fields__
        toml.known(key, names, "key of [[allow]]", document.where("allow", key, index))
    stated = [str(raw.get(name, "")) for name in CONDITIONS]
    filled = {"id": entry_id(stated)} | raw
    entry = toml.convert(document, filled, AllowEntry, "allow", index)
    if not entry.states_something:
        raise ConfigError("an entry without a condition would hide everything", where=where)
    if entry.expires > entry.created + timedelta(days=DAYS):
        place = document.where("allow", "expires", index)
        raise ConfigError(f"an entry lives at most {DAYS} days", where=place)
    return entry
