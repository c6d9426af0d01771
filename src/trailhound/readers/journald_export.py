"""The journal of systemd in its export format (`journalctl -o export`): rows of syslog.

An entry is a block of `NAME=value` lines; a value that is not plain text follows the line of its
name with its length (64 bits, little end first) in front. A blank line ends the entry.
Format: https://systemd.io/JOURNAL_EXPORT_FORMATS/
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

from trailhound.model.identity import source_digest
from trailhound.readers.journald import FIELDS, by_program, heads_of
from trailhound.readers.syslog_clock import Clock
from trailhound.readers.syslog_guests import Carried

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trailhound.model.batch import Batch, Column
    from trailhound.model.limits import Budget
    from trailhound.model.source import Source

_HEAD = re.compile(rb"__(?:CURSOR|REALTIME_TIMESTAMP)=[^\n]{1,400}\n")
_NAME = re.compile(rb"[A-Z0-9_]{1,64}\Z")
_WANTED = {name.encode(): name for name in FIELDS}
_SIZE_BYTES = 8


@dataclass(slots=True)
class _Entry:
    offset: int
    raw: list[bytes] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)


class JournaldExport:
    """Reads entries of the journal in its own format for transport."""

    name = "linux.journal_export"
    splittable = False

    def sniff(self, head: bytes, path: str) -> float:
        """Bid on the two fields that every entry begins with."""
        del path
        found = _HEAD.match(head.lstrip(b"\n"))
        return 0.95 if found and b"__REALTIME_TIMESTAMP=" in head else 0.0

    def read(self, source: Source, budget: Budget) -> Iterator[Batch]:
        """Yield batches by program, entries in order within each."""
        digest = source_digest(source.head)
        clock = Clock(source, budget)
        waiting: list[_Entry] = []
        with source.open() as stream:
            for entry in _entries(stream, budget):
                waiting.append(entry)
                if len(waiting) >= budget.limits.batch_rows:
                    yield from by_program(_carried(waiting, source, digest, clock, budget))
                    waiting = []
        yield from by_program(_carried(waiting, source, digest, clock, budget))


def _carried(
    entries: list[_Entry], source: Source, digest: bytes, clock: Clock, budget: Budget
) -> Carried:
    columns: dict[str, Column] = {
        name: [entry.fields.get(name) for entry in entries] for name in FIELDS
    }
    raws = [b"".join(entry.raw) for entry in entries]
    offsets = [entry.offset for entry in entries]
    budget.parsed_bytes += sum(map(len, raws))
    heads = heads_of(columns, offsets, budget)
    return Carried(source, "", heads, raws, offsets, digest, clock, budget)


def _entries(stream: BinaryIO, budget: Budget) -> Iterator[_Entry]:
    """Read field by field, so that no entry is held that is over the limit."""
    entry = _Entry(0)
    place = 0
    while line := stream.readline(budget.limits.log_line_bytes):
        if line in (b"\n", b"\r\n"):
            budget.parsed_bytes += len(line)
            if entry.fields:
                yield entry
            else:
                budget.parsed_bytes += sum(map(len, entry.raw))
            place += len(line)
            entry = _Entry(place)
            continue
        place += len(line)
        place += _field(line, stream, place, entry, budget)
    if entry.fields:
        yield entry
    else:
        budget.parsed_bytes += sum(map(len, entry.raw))


def _field(line: bytes, stream: BinaryIO, place: int, entry: _Entry, budget: Budget) -> int:
    """Read one field into the entry; gives the bytes taken beyond its line."""
    name, equals, value = line.partition(b"=")
    name = name.rstrip(b"\r\n")
    if not _NAME.match(name) or not line.endswith(b"\n"):
        budget.lose("journal.syntax", place - len(line), len(line), "a line that is no field")
        return 0
    if equals:
        entry.raw.append(line)
        _keep(name, value.rstrip(b"\r\n"), entry)
        return 0
    size = stream.read(_SIZE_BYTES)
    length = int.from_bytes(size, "little") + 1  # with the line end behind the value
    if len(size) < _SIZE_BYTES or length > budget.limits.log_line_bytes:
        taken = len(line) + len(size)
        budget.lose(
            "journal.syntax", place - len(line), taken, "a value over the limit, or cut off"
        )
        return len(size)
    data = stream.read(length)
    if len(data) < length:
        taken = len(line) + len(size) + len(data)
        budget.lose("journal.truncated", place - len(line), taken, "the source ends inside a value")
        return len(size) + len(data)
    entry.raw += (line, size, data)
    _keep(name, data[:-1], entry)
    return len(size) + len(data)


def _keep(name: bytes, value: bytes, entry: _Entry) -> None:
    if name in _WANTED:
        entry.fields.setdefault(_WANTED[name], value.decode("utf-8", "replace"))


READER = JournaldExport()
