"""Logs in the W3C extended format: IIS, CloudFront, web proxies, the firewall of Windows.

The header names the fields and may change in the middle. What the log is shows in its fields.
Source: https://www.w3.org/TR/WD-logfile
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from trailhound.model.batch import NO_TIME, TimeBasis
from trailhound.model.identity import source_digest
from trailhound.readers.column_batch import ColumnBatch
from trailhound.readers.lines import decoded, head_lines, line_blocks
from trailhound.readers.minutes import NEVER, SECONDS, times_of
from trailhound.readers.w3c_fields import made_columns
from trailhound.readers.zones import zone_of
from trailhound.text.timestamp import micros_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import tzinfo

    from trailhound.model.batch import Batch, Column, Times
    from trailhound.model.limits import Budget
    from trailhound.model.source import Source
    from trailhound.readers.column_batch import Late

_WORD = re.compile(r'"[^"]*"|[^\s"]+')
_KINDS = (
    ("webserver.cloudfront", {"x-edge-location"}),
    ("firewall.windows", {"src-ip", "dst-ip", "action", "protocol"}),
    ("proxy.w3c", {"s-action"}),
    ("proxy.w3c", {"r-host"}),
    ("proxy.w3c", {"cs-uri-scheme"}),
    ("proxy.w3c", {"sc-filter-result"}),
    ("webserver.iis", {"c-ip", "cs-uri-stem"}),
    ("webserver.iis", {"c-ip", "cs-method"}),
)
"""What a log is that has all of these fields; the first that fits counts."""
OTHER = "w3c.log"


class Header(NamedTuple):
    """What the lines above a record say."""

    fields: tuple[str, ...] = ()
    date: str = ""
    local: bool = False

    def read(self, line: str) -> Header:
        """Give the header after one more of its lines."""
        name, _, rest = line[1:].partition(":")
        name = name.strip().lower()
        if name == "fields":
            return self._replace(fields=tuple(rest.split()))
        if name == "date":
            return self._replace(date=rest.strip()[:10])
        if name == "time format":
            return self._replace(local=rest.strip().lower() == "local")
        return self

    @property
    def kind(self) -> str:
        """The log kind."""
        names = {name.lower() for name in self.fields}
        return next((kind for kind, wanted in _KINDS if wanted <= names), OTHER)


class W3c:
    """Reads W3C logs. Not splittable: the header may stand far before a record."""

    name = "webserver.w3c"
    splittable = False

    def sniff(self, head: bytes, path: str) -> float:
        """Bid on a header with field names that blanks or tabs part."""
        del path
        lines = [line.decode("utf-8", "replace") for line in head_lines(head)]
        if not lines or lines[0][:1] != "#":
            return 0.0
        fields = next((line for line in lines if line.lower().startswith("#fields:")), "")
        return 0.95 if len(fields.split()) > 3 and "," not in fields else 0.0

    def read(self, source: Source, budget: Budget) -> Iterator[Batch]:
        """Yield batches in the order of the source, each under one header."""
        header = Header()
        log = _Log(source, budget)
        for lines, offsets in line_blocks(source, budget):
            texts = decoded(lines, offsets, budget)
            marks = [row for row, text in enumerate(texts) if text[:1] == "#"]
            for start, stop in zip([-1, *marks], [*marks, len(texts)], strict=True):
                if start >= 0:
                    header = header.read(texts[start])
                    budget.parsed_bytes += len(lines[start])
                piece = slice(start + 1, stop)
                if texts[piece]:
                    yield from log.batches(header, texts[piece], lines[piece], offsets[piece])


class _Log:
    """One source: its identity, its zone, the minutes seen."""

    def __init__(self, source: Source, budget: Budget) -> None:
        self._source, self._budget = source, budget
        self._digest = source_digest(source.head)
        self._zoned = bool(source.zone)
        self._minutes = (_Minutes(UTC), _Minutes(zone_of(source, budget)))

    def batches(
        self, header: Header, texts: list[str], lines: list[bytes], offsets: list[int]
    ) -> Iterator[Batch]:
        """Yield batches of records under one header."""
        step = self._budget.limits.batch_rows
        for start in range(0, len(texts), step):
            piece = slice(start, start + step)
            rows = _rows(len(header.fields), texts[piece])
            kept = [row for row in zip(rows, lines[piece], offsets[piece], strict=True) if row[0]]
            self._budget.parsed_bytes += sum(len(line) for _, line, _ in kept)
            if len(kept) < len(rows):
                self._say_lost(header, rows, lines[piece], offsets[piece])
            if kept:
                values, raws, places = zip(*kept, strict=True)
                yield self._batch(header, values, raws, places)

    def _say_lost(
        self,
        header: Header,
        rows: list[list[str]],
        lines: list[bytes],
        offsets: list[int],
    ) -> None:
        for row, line, offset in zip(rows, lines, offsets, strict=True):
            if not row and not header.fields:
                self._budget.lose("w3c.no_header", offset, len(line), "a line above `#Fields:`")
            elif not row:
                detail = f"the number of fields is not {len(header.fields)}"
                self._budget.lose("w3c.columns", offset, len(line), detail)

    def _batch(
        self,
        header: Header,
        rows: Sequence[list[str]],
        lines: Sequence[bytes],
        offsets: Sequence[int],
    ) -> Batch:
        native = dict(zip(header.fields, zip(*rows, strict=True), strict=False))
        late: dict[str, Late] = {
            name: partial(_native, name, values) for name, values in native.items()
        }
        kind = header.kind
        late |= made_columns(kind, native)
        times = self._times(header, native, offsets)
        assumed = header.local and not self._zoned
        basis = TimeBasis.ZONE_ASSUMED if assumed else TimeBasis.EXACT
        return ColumnBatch(
            kind, {}, self._source.name, offsets, lines, {}, times,
            digest=self._digest, time_basis=basis, late=late,
        )  # fmt: skip

    def _times(
        self, header: Header, native: dict[str, tuple[str, ...]], offsets: Sequence[int]
    ) -> Times:
        """Read `date` and `time`; times are UTC unless the header says that they are local."""
        dates = native.get("date") or (header.date,) * len(offsets)
        clocks = native.get("time") or ("",) * len(offsets)
        minutes = self._minutes[header.local]
        times = times_of(
            [
                minutes[f"{date} {clock[:5]}"] + SECONDS[clock[6:8]] + _fraction(clock)
                for date, clock in zip(dates, clocks, strict=True)
            ]
        )
        for row in (times == NO_TIME).nonzero()[0].tolist():
            self._budget.note("time.invalid", offsets[row], 0, "a record without a usable time")
        return times


def _rows(width: int, texts: list[str]) -> list[list[str]]:
    """Part records into as many values as there are fields; an empty list for any other.

    Blanks or tabs part them, whatever the header does; what fits the first record is tried first.
    """
    separator = "\t" if texts[0].count("\t") == width - 1 else " "
    rows = [text.split(separator) for text in texts]
    for row, values in enumerate(rows):
        if len(values) != width:
            rows[row] = _words(width, texts[row]) if width else []
    return rows


def _words(width: int, text: str) -> list[str]:
    """Part a record whose values are quoted, or stand apart by several blanks."""
    for values in (text.split("\t"), _WORD.findall(text)):
        if len(values) == width:
            return values
    return []


def _native(name: str, values: Sequence[str]) -> dict[str, Column]:
    return {name: [None if value in ("-", "") else value.strip('"') for value in values]}


def _fraction(clock: str) -> int:
    """Give the microseconds of `08:12:01.123`."""
    digits = clock[9:15]
    return int(digits.ljust(6, "0")) if digits.isascii() and digits.isdecimal() else 0


class _Minutes(dict[str, int]):
    """The minutes seen, `2026-11-03 08:12`, on the clock of a zone."""

    def __init__(self, zone: tzinfo) -> None:
        super().__init__()
        self._zone = zone

    def __missing__(self, text: str) -> int:
        try:
            self[text] = micros_of(datetime.fromisoformat(text).replace(tzinfo=self._zone))
        except ValueError:
            self[text] = NEVER
        return self[text]


READER = W3c()
