"""Syslog files: RFC 3164 with and without priority, ISO 8601 stamps, RFC 5424, Dovecot's own file.

Programs become routes; Postfix and Dovecot are kinds of their own. What a message says beyond its
text (`syslog_programs.py`, `syslog_mail.py`) is parsed when somebody asks for it.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from trailhound.model.identity import source_digest
from trailhound.readers.column_batch import ColumnBatch
from trailhound.readers.lines import decoded, head_lines, line_blocks
from trailhound.readers.syslog_clock import Clock
from trailhound.readers.syslog_fields import late_fields
from trailhound.readers.syslog_guests import Carried, carrier_of, guests_of, is_claimed, parted
from trailhound.readers.syslog_header import (
    FACILITIES,
    NOBODY,
    SEVERITIES,
    Dated,
    HeadParser,
    structured,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trailhound.model.batch import Batch, Column
    from trailhound.model.limits import Budget
    from trailhound.model.source import Source
    from trailhound.readers.syslog_header import (
        Head,
    )

MAX_DATA_NAMES = 200
"""Columns that structured data may make in one batch."""
_REPEATED = re.compile(r"message repeated (\d{1,9}) times?: \[ ?(.*)\]\Z")
_LAST = re.compile(r"(?:--- )?last message repeated (\d{1,9}) times?(?: ---)?\Z")


class Syslog:
    """Reads syslog text files."""

    name = "linux.syslog"
    splittable = True

    def sniff(self, head: bytes, path: str) -> float:
        """Bid the share of lines with a stamp and a program, at most 0.8."""
        del path
        heads = HeadParser().block(list(map(_text, head_lines(head)[:40])))
        named = sum(head.dated is not Dated.NO and head.tag is not NOBODY for head in heads)
        stamped = sum(head.dated is not Dated.NO and head.host is not None for head in heads)
        if not heads or not named:
            return 0.0
        return 0.8 * (named + 0.3 * (max(stamped - named, 0))) / len(heads)

    def read(self, source: Source, budget: Budget) -> Iterator[Batch]:
        """Yield batches by program and kind of time stamp, records in order within each."""
        digest = source_digest(source.head)
        clock = Clock(source, budget)
        parser = HeadParser()
        for lines, offsets in line_blocks(source, budget):
            heads = _heads(decoded(lines, offsets, budget), offsets, parser, budget)
            groups: dict[tuple[str, str, str], list[int]] = {}
            for row, head in enumerate(heads):
                kind, program, _ = head[3]
                groups.setdefault((kind, program, head[0]), []).append(row)
            budget.parsed_bytes += sum(map(len, lines))
            for (_, program, _), rows in groups.items():
                picked = [heads[row] for row in rows]
                raws, places = [lines[row] for row in rows], [offsets[row] for row in rows]
                carried = Carried(source, program, picked, raws, places, digest, clock, budget)
                yield from program_batches(carried)


def program_batches(carried: Carried) -> Iterator[Batch]:
    """Hand what is of another format to its reader; the rest are rows of syslog."""
    if guests := guests_of(carrier_of(carried)):
        claimed, left = parted(guests, carried.messages)
        for guest, rows in zip(guests, claimed, strict=True):
            if rows:
                yield from guest.batches(carried.some(rows))
        carried = carried.some(left)
    step = carried.budget.limits.batch_rows
    for start in range(0, len(carried.lines), step):
        yield syslog_batch(carried.some(range(start, min(start + step, len(carried.lines)))))


def _text(line: bytes) -> str:
    return line.decode("utf-8", "replace").lstrip("\0")


def _heads(
    texts: list[str], offsets: Sequence[int], parser: HeadParser, budget: Budget
) -> list[Head]:
    """Take lines apart, undo folded repeats, say what is odd."""
    heads = parser.block(texts)
    for row, head in enumerate(heads):
        if head[0] is Dated.NO:
            heads[row] = _without_nul_bytes(head, offsets[row], parser, budget)
        elif "repeated" in head[5][:25]:
            heads[row] = _repeated(head, heads[row - 1] if row else None)
            if heads[row].repeat is not None:
                detail = f"stands for {heads[row].repeat} lines"
                budget.note("syslog.repeated", offsets[row], len(texts[row]), detail)
    return heads


def _without_nul_bytes(head: Head, offset: int, parser: HeadParser, budget: Budget) -> Head:
    """Read a line behind a block that was never written to disk (a crash leaves such)."""
    text = head.message
    rest = text.lstrip("\0")
    if rest != text:
        budget.note("syslog.nul_bytes", offset, len(text) - len(rest))
        head = parser.block([rest])[0]
    if head.dated is Dated.NO and not is_claimed(rest):
        budget.note("syslog.no_header", offset, len(text), "a line without a time stamp")
    return head


def _repeated(head: Head, before: Head | None) -> Head:
    """Undo what daemons fold: the message in brackets, or the line before."""
    if inner := _REPEATED.match(head.message):
        return head._replace(message=inner[2].rstrip(), repeat=int(inner[1]))
    last = _LAST.match(head.message)
    if last is None:
        return head
    if before is None or before.host != head.host:
        return head._replace(repeat=int(last[1]))
    return head._replace(message=before.message, tag=before.tag, repeat=int(last[1]))


def syslog_batch(carried: Carried) -> Batch:
    """Make the batch of lines of one program, of the kind their tag says."""
    heads, offsets, budget = carried.heads, carried.offsets, carried.budget
    kind, program, _ = heads[0].tag
    _, stamps, hosts, tags, processes, messages, priorities, ids, data, repeats = map(
        list, zip(*heads, strict=True)
    )
    columns: dict[str, Column] = {
        "timestamp": stamps,
        "hostname": hosts,
        "program": [program] * len(heads),
        "message": messages,
        "repeat": repeats,
    }
    columns |= _priority(priorities)
    late = late_fields(kind, program, columns)
    late["pid"] = lambda: {"pid": [_pid(process) for process in processes]}
    late["sub"] = lambda: {"sub": [tag.sub for tag in tags]}
    if ids.count(None) < len(ids):
        columns["msgid"] = ids
    if data.count(None) < len(data):
        columns["sd"] = data
        late["sd."] = partial(_structured_columns, data, offsets, budget)
    times, basis = carried.times()
    return ColumnBatch(
        kind, {"program": program}, carried.source.name, offsets, carried.lines, columns, times,
        digest=carried.digest, time_basis=basis, late=late,
    )  # fmt: skip


def _pid(process: str) -> int | None:
    digits = process.removesuffix("]:")
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 16 else None


def _priority(numbers: list[int | None]) -> dict[str, Column]:
    if numbers.count(None) == len(numbers):
        return {}
    return {
        "facility": [_named(FACILITIES, number, 8) for number in numbers],
        "severity": [None if number is None else SEVERITIES[number % 8] for number in numbers],
    }


def _named(names: tuple[str, ...], number: int | None, divisor: int) -> str | None:
    place = None if number is None else number // divisor
    return names[place] if place is not None and place < len(names) else None


def _structured_columns(
    data: list[str | None], offsets: Sequence[int], budget: Budget
) -> dict[str, Column]:
    """Turn structured data into columns, in the order of their first use."""
    columns: dict[str, Column] = {}
    for row, text in enumerate(data):
        for name, value in structured(text)[0].items() if text else ():
            if name not in columns:
                if len(columns) >= MAX_DATA_NAMES:
                    detail = "structured data with too many names"
                    budget.note("limit.columns", offsets[row], 0, detail)
                    break
                columns[name] = [None] * len(data)
            columns[name][row] = value
    return columns


READER = Syslog()
