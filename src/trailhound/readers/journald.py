"""The journal of systemd as JSON (`journalctl -o json`): rows of syslog, under the same programs.

Format: https://systemd.io/JOURNAL_EXPORT_FORMATS/
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from trailhound.model.identity import source_digest
from trailhound.readers.json_records import bad_record, json_records
from trailhound.readers.projection import projector
from trailhound.readers.syslog import program_batches
from trailhound.readers.syslog_clock import Clock
from trailhound.readers.syslog_guests import Carried
from trailhound.readers.syslog_header import NOBODY, Dated, Head, make_tag
from trailhound.readers.wrapping import names_in
from trailhound.text.timestamp import NO_TIME, iso, parse_times

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from trailhound.model.batch import Batch, Column
    from trailhound.model.limits import Budget
    from trailhound.model.source import Source
    from trailhound.readers.syslog_header import Tag

FIELDS = (
    "__REALTIME_TIMESTAMP", "_SOURCE_REALTIME_TIMESTAMP", "_HOSTNAME", "SYSLOG_IDENTIFIER", "_COMM",
    "_TRANSPORT", "SYSLOG_PID", "_PID", "PRIORITY", "SYSLOG_FACILITY", "MESSAGE",
)  # fmt: skip
"""What becomes of an entry; the others stay in its record, where keywords find them."""
TRUSTED = ("_HOSTNAME", "_BOOT_ID", "_TRANSPORT", "_SYSTEMD_UNIT", "_MACHINE_ID")
"""Fields that the journal adds itself: an entry has one of them."""
_USER_LEVEL = 1
"""The facility that the journal itself gives to a message without one."""


class Journald:
    """Reads entries of the journal as JSON objects: lines, arrays, indented."""

    name = "linux.journal"
    splittable = True

    def sniff(self, head: bytes, path: str) -> float:
        """Bid on names that only the journal uses."""
        del path
        names = names_in(head)
        if "__REALTIME_TIMESTAMP" not in names:
            return 0.0
        return 0.0 if names.isdisjoint((*TRUSTED, "MESSAGE")) else 0.95

    def read(self, source: Source, budget: Budget) -> Iterator[Batch]:
        """Yield batches by program, entries in order within each."""
        digest = source_digest(source.head)
        clock = Clock(source, budget)
        for raws, offsets in json_records(source, budget):
            bad: set[int] = set()
            columns = projector(FIELDS).columns(raws, bad.add)
            budget.parsed_bytes += sum(map(len, raws))
            for row in sorted(bad):
                bad_record(raws[row], offsets[row], budget)
                budget.parsed_bytes -= len(raws[row])
            rows = [row for row in range(len(raws)) if row not in bad]
            entries = {name: [column[row] for row in rows] for name, column in columns.items()}
            whole = Carried(
                source, "", heads_of(entries, [offsets[row] for row in rows], budget),
                [raws[row] for row in rows], [offsets[row] for row in rows], digest, clock, budget,
            )  # fmt: skip
            yield from by_program(whole)


def by_program(whole: Carried) -> Iterator[Batch]:
    """Divide entries as syslog divides lines."""
    groups: dict[tuple[str, str, str], list[int]] = {}
    for row, head in enumerate(whole.heads):
        groups.setdefault((head.tag.kind, head.tag.program, head.dated), []).append(row)
    for (_, program, _), rows in groups.items():
        yield from program_batches(replace(whole.some(rows), program=program))


def heads_of(entries: Mapping[str, Column], offsets: Sequence[int], budget: Budget) -> list[Head]:
    """Write entries as the headers of syslog lines; a time comes from who wrote the entry."""
    seen = parse_times([_number(value) for value in entries["__REALTIME_TIMESTAMP"]]).tolist()
    said = parse_times([_number(value) for value in entries["_SOURCE_REALTIME_TIMESTAMP"]]).tolist()
    tags: dict[str, Tag] = {}
    heads: list[Head] = []
    rows = zip(*(entries[name] for name in FIELDS[2:]), seen, said, offsets, strict=True)
    for host, name, command, transport, own, pid, level, facility, text, at, first, offset in rows:
        program = _text(name) or _text(command) or ("kernel" if transport == "kernel" else "")
        if program not in tags:
            tags[program] = make_tag(program) if program else NOBODY
        micros = at if first == NO_TIME else first
        heads.append(
            Head(
                Dated.NIL if micros == NO_TIME else Dated.FULL, iso(micros), _text(host),
                tags[program], _process(own or pid), _message(text, offset, budget),
                _priority(level, facility, transport),
            )
        )  # fmt: skip
    return heads


def _number(value: object) -> object:
    """Give a time in microseconds as a number, whatever its size may look like."""
    return int(value) if isinstance(value, str) and value.isdecimal() and len(value) < 18 else value


def _text(value: object) -> str | None:
    """Give a text; of a field that is there more than once, the first."""
    first = value[0] if isinstance(value, list) and value else value
    return first if isinstance(first, str) else None


def _process(value: object) -> str:
    return "" if value in (None, "") else f"{value}]:"


def _message(value: object, offset: int, budget: Budget) -> str:
    """Give the text; bytes that are not text come as a list of numbers, very long ones as null."""
    if isinstance(value, str):
        return value
    if value is None:
        budget.note("journal.no_message", offset, 0, "an entry without its message")
        return ""
    numbers = value if isinstance(value, list) else []
    if numbers and all(isinstance(n, int) and 0 <= n < 256 for n in numbers):
        return bytes(numbers).decode("utf-8", "replace")
    return " ".join(map(str, numbers)) if numbers else str(value)


def _priority(level: object, facility: object, transport: object) -> int | None:
    severity = _small(level, 8)
    if severity is None:
        return None
    known = _small(facility, 24)
    if known is None:
        known = 0 if transport == "kernel" else _USER_LEVEL
    return known * 8 + severity


def _small(value: object, limit: int) -> int | None:
    text = str(value)
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else limit
    return number if number < limit else None


READER = Journald()
