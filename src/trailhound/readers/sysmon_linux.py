"""Sysmon for Linux: one event as XML in a line, inside syslog and bare.

Source: https://github.com/microsoft/SysmonForLinux
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trailhound.model.batch import TimeBasis
from trailhound.model.identity import source_digest
from trailhound.readers.event_xml import event_of
from trailhound.readers.field_batch import FieldBatch
from trailhound.readers.lines import decoded, head_lines, line_blocks
from trailhound.readers.syslog_guests import Guest
from trailhound.text.timestamp import parse_times

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trailhound.model.batch import Batch, Value
    from trailhound.model.limits import Budget
    from trailhound.model.source import Source
    from trailhound.readers.syslog_guests import Carried

    Fields = dict[str, Value]
    Row = tuple[Fields, bytes, int]

KIND = "linux.sysmon"
_PROVIDER = "Linux-Sysmon"
_NAMED = {"Provider": "Name", "TimeCreated": "SystemTime"}
"""Elements of the system part of which one attribute counts."""


class SysmonLinux:
    """Reads files with an event in each line."""

    name = "linux.sysmon"
    splittable = True

    def sniff(self, head: bytes, path: str) -> float:
        """Bid on a first line that is an event of this provider."""
        del path
        first = next(iter(head_lines(head)), b"").decode("utf-8", "replace")
        return 0.97 if first.startswith("<Event") and _PROVIDER in first else 0.0

    def read(self, source: Source, budget: Budget) -> Iterator[Batch]:
        """Yield batches by event id, events in order within each."""
        digest = source_digest(source.head)
        for lines, offsets in line_blocks(source, budget):
            rows: list[Row] = []
            texts = decoded(lines, offsets, budget)
            for text, line, offset in zip(texts, lines, offsets, strict=True):
                fields = fields_of(text)
                if fields is None:
                    budget.lose("sysmon.syntax", offset, len(line), "a line that is no event")
                else:
                    budget.parsed_bytes += len(line)
                    rows.append((fields, line, offset))
            yield from _batches(source.name, rows, digest, budget)


def claims(message: str) -> bool:
    """Tell whether a message is an event, whole as far as its ends show."""
    return message.startswith("<Event") and message.rstrip().endswith("</Event>")


def fields_of(text: str) -> Fields | None:
    """Give the fields of an event, those of its system part beside its data; None for no event."""
    read = event_of(text) if claims(text) else None
    event = read.get("Event") if read else None
    if not isinstance(event, dict) or not isinstance(event.get("System"), dict):
        return None
    fields: Fields = {}
    for name, value in event["System"].items():
        fields |= _system(name, value)
    data = event.get("EventData")
    named = data.items() if isinstance(data, dict) else ()
    return fields | {name: _text(value) for name, value in named if value not in (None, "-", "")}


def _system(name: str, value: Any) -> Fields:
    """Flatten an element of the system part: `Provider` becomes `Provider_Name`."""
    if not isinstance(value, dict):
        return {} if value is None else {name: _text(value)}
    attributes = value.get("#attributes", {})
    if name == "EventID":
        return {name: _text(value.get("#text"))}
    wanted = _NAMED.get(name)
    if wanted and wanted in attributes:
        return {f"{name}_{wanted}": _text(attributes[wanted])}
    return {f"{name}_{key}": _text(one) for key, one in attributes.items()}


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _batches(
    source: str, rows: Sequence[Row], digest: bytes, budget: Budget
) -> Iterator[FieldBatch]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(str(row[0].get("EventID") or ""), []).append(row)
    for event_id, group in groups.items():
        for start in range(0, len(group), budget.limits.batch_rows):
            piece = group[start : start + budget.limits.batch_rows]
            fields, lines, offsets = zip(*piece, strict=True)
            stamps = [str(one.get("TimeCreated_SystemTime") or "") for one in fields]
            yield FieldBatch(
                KIND, {"EventID": event_id}, source, offsets, lines, fields, parse_times(stamps),
                digest=digest, time_basis=TimeBasis.EXACT,
            )  # fmt: skip


def _carried(carried: Carried) -> Iterator[Batch]:
    """Read events out of syslog lines; one that is damaged inside is a row without fields."""
    rows: list[Row] = []
    for message, line, offset in zip(carried.messages, carried.lines, carried.offsets, strict=True):
        fields = fields_of(message)
        if fields is None:
            carried.budget.note("sysmon.syntax", offset, len(line), "an event that is damaged")
        rows.append((fields or {}, line, offset))
    yield from _batches(carried.source.name, rows, carried.digest, carried.budget)


GUEST = Guest(claims, _carried)
READER = SysmonLinux()
