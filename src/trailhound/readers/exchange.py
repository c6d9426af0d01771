"""Logs of Exchange servers: message tracking, SMTP sessions, and others under the same header.

Files begin with `#Software: Microsoft Exchange Server` and name their fields, parted by commas;
values are quoted as in CSV. Times are UTC. HttpProxy logs have the names in a first line of their
own. Source: https://learn.microsoft.com/exchange/mail-flow/transport-logs/message-tracking
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from trailhound.model.batch import NO_TIME, TimeBasis
from trailhound.model.identity import source_digest
from trailhound.readers.column_batch import ColumnBatch
from trailhound.readers.csv_records import cells_of
from trailhound.readers.exchange_fields import KINDS, MADE, OTHER
from trailhound.readers.lines import decoded, head_lines, line_blocks
from trailhound.text.timestamp import parse_times

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trailhound.model.batch import Batch, Column
    from trailhound.model.limits import Budget
    from trailhound.model.source import Source
    from trailhound.readers.column_batch import Late

_SOFTWARE = "#Software: Microsoft Exchange"
_NAMES_LINE = re.compile(r"DateTime,[A-Za-z]\w*,")
_TIMES = ("date-time", "DateTime", "TimeStamp", "date-time-utc", "Time")


class Exchange:
    """Reads Exchange's logs. Not splittable: the header stands far before a record."""

    name = "mail.exchange"
    splittable = False

    def sniff(self, head: bytes, path: str) -> float:
        """Bid on the header."""
        del path
        lines = [line.decode("utf-8", "replace") for line in head_lines(head)[:12]]
        if any(line.startswith(_SOFTWARE) for line in lines):
            return 0.97
        return 0.97 if _log_type(lines) in KINDS and _fields(lines) else 0.0

    def read(self, source: Source, budget: Budget) -> Iterator[Batch]:
        """Yield batches in the order of the source, each under one header."""
        log = _Log(source, budget)
        for lines, offsets in line_blocks(source, budget):
            texts = decoded(lines, offsets, budget)
            for start in range(0, len(lines), budget.limits.batch_rows):
                piece = slice(start, start + budget.limits.batch_rows)
                yield from log.batches(texts[piece], lines[piece], offsets[piece])


def _log_type(lines: Sequence[str]) -> str:
    values = (line.partition(": ")[2].strip() for line in lines if line.startswith("#Log-type:"))
    return next(values, "")


def _fields(lines: Sequence[str]) -> str:
    return next((line for line in lines if line.startswith("#Fields:") and "," in line), "")


class _Log:
    """One source: the header as far as it was read."""

    def __init__(self, source: Source, budget: Budget) -> None:
        self._source, self._budget = source, budget
        self._digest = source_digest(source.head)
        self._names: tuple[str, ...] = ()
        self._kind = OTHER

    def batches(
        self, texts: Sequence[str], lines: Sequence[bytes], offsets: Sequence[int]
    ) -> Iterator[Batch]:
        """Yield one batch per stretch of records under one header."""
        rows: list[list[str]] = []
        kept: list[int] = []
        for row, text in enumerate(texts):
            if self._is_header(text):
                if rows:
                    yield self._batch(rows, [lines[r] for r in kept], [offsets[r] for r in kept])
                    rows, kept = [], []
                self._read_header(text)
                self._budget.parsed_bytes += len(lines[row])
            elif cells := self._cells(text, lines[row], offsets[row]):
                rows.append(cells)
                kept.append(row)
        if rows:
            yield self._batch(rows, [lines[r] for r in kept], [offsets[r] for r in kept])

    def _is_header(self, text: str) -> bool:
        return text[:1] == "#" or _NAMES_LINE.match(text) is not None

    def _read_header(self, text: str) -> None:
        if text.startswith("#Log-type:"):
            self._kind = KINDS.get(text.partition(":")[2].strip(), OTHER)
        elif text.startswith("#Fields:"):
            self._names = tuple(name.strip() for name in text.partition(":")[2].split(","))
        elif text[:1] != "#":
            self._names = tuple(text.rstrip(",").split(","))

    def _cells(self, text: str, line: bytes, offset: int) -> list[str]:
        """Part a record; one that lacks cells is kept, one that has none is lost."""
        cells = text.split(",") if '"' not in text else cells_of(text, ",")
        if len(cells) < 2 or not self._names:
            detail = "a line that is no record" if self._names else "a line above `#Fields:`"
            self._budget.lose("exchange.syntax", offset, len(line), detail)
            return []
        self._budget.parsed_bytes += len(line)
        width = len(self._names)
        if len(cells) != width:
            detail = f"{len(cells)} cells where the header names {width}"
            self._budget.note("exchange.columns", offset, len(line), detail)
            cells = [*cells, *[""] * width][:width]
        return cells

    def _batch(
        self, rows: Sequence[list[str]], lines: Sequence[bytes], offsets: Sequence[int]
    ) -> Batch:
        native = dict(zip(self._names, zip(*rows, strict=True), strict=False))
        late: dict[str, Late] = {
            name: partial(_native, name, values) for name, values in native.items()
        }
        made = MADE.get(self._kind, {})
        late |= {name: partial(make, native, len(rows)) for name, make in made.items()}
        stamps = next((native[name] for name in _TIMES if name in native), ("",) * len(rows))
        times = parse_times(stamps)
        for row in (times == NO_TIME).nonzero()[0].tolist():
            self._budget.note("time.invalid", offsets[row], 0, "a record without a usable time")
        return ColumnBatch(
            self._kind, {}, self._source.name, offsets, lines, {}, times,
            digest=self._digest, time_basis=TimeBasis.EXACT, late=late,
        )  # fmt: skip


def _native(name: str, values: Sequence[str]) -> dict[str, Column]:
    return {name: [value or None for value in values]}


READER = Exchange()
