"""Flows as nfdump prints them with `-o csv`: its long and short headers, the summary at the end.

Native names are those of the line of names (`sa`, `dp`, `ibyt` in nfdump up to 1.7.2; `srcAddr`,
`dstPort`, `bytes` later). Times are the local ones of the host that printed them.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from trailhound.model.identity import source_digest
from trailhound.readers.column_batch import ColumnBatch
from trailhound.readers.lines import decoded, head_lines, line_blocks
from trailhound.readers.zones import Zones

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trailhound.model.batch import Batch, Column
    from trailhound.model.limits import Budget
    from trailhound.model.source import Source

KIND = "netflow.nfdump"
_LONG = frozenset(("ts", "td", "sa", "da"))
_SHORT = frozenset(("firstSeen", "duration", "srcAddr", "dstAddr"))
_SUMMARY = "flows,bytes,packets,avg_bps,avg_pps,avg_bpp"
_NUMBERS = frozenset(
    ("sp", "dp", "srcPort", "dstPort", "ipkt", "ibyt", "opkt", "obyt", "packets", "bytes", "flows")
)
_UNITS = {"K": 1_000, "M": 1_000_000, "G": 1_000_000_000, "T": 1_000_000_000_000}


class Nfdump:
    """Reads printed flows; a header holds for what stands behind it."""

    name = "netflow.nfdump"
    splittable = False

    def sniff(self, head: bytes, path: str) -> float:
        """Bid on a header of nfdump's names."""
        del path
        texts = [line.decode("utf-8", "replace") for line in head_lines(head)[:5]]
        return 0.95 if any(map(_names, texts)) else 0.0

    def read(self, source: Source, budget: Budget) -> Iterator[Batch]:
        """Yield batches in the order of the source."""
        if source.span is not None and source.span.start:
            return  # the names at the start hold for all of it: one worker reads it
        digest = source_digest(source.head)
        zones = Zones(source, budget)
        state = _Names()
        for lines, offsets in line_blocks(source, budget):
            texts = decoded(lines, offsets, budget)
            for names, rows in state.stretches(texts, lines, offsets, budget):
                for start in range(0, len(rows), budget.limits.batch_rows):
                    piece = rows[start : start + budget.limits.batch_rows]
                    columns = _columns(names, [texts[row] for row in piece])
                    stamps = columns.get("ts") or columns.get("firstSeen") or [""] * len(piece)
                    times, basis = zones.times(list(map(str, stamps)))
                    yield ColumnBatch(
                        KIND, {}, source.name, [offsets[row] for row in piece],
                        [lines[row] for row in piece], columns, times,
                        digest=digest, time_basis=basis,
                        late={"@duration_us": partial(_durations, columns)},
                    )  # fmt: skip


def _names(text: str) -> tuple[str, ...]:
    """Give the names of a header; none for any other line."""
    names = tuple(name.strip() for name in text.split(","))
    known = set(names)
    return names if known.issuperset(_LONG) or known.issuperset(_SHORT) else ()


class _Names:
    """The header that holds, from line to line."""

    def __init__(self) -> None:
        self._names: tuple[str, ...] = ()
        self._summary = False

    def stretches(
        self,
        texts: Sequence[str],
        lines: Sequence[bytes],
        offsets: Sequence[int],
        budget: Budget,
    ) -> list[tuple[tuple[str, ...], list[int]]]:
        """Give rows by the header they stand behind; a row of another width is said and lost."""
        found: list[tuple[tuple[str, ...], list[int]]] = [(self._names, [])]
        for row, text in enumerate(texts):
            if not text[:1].isdigit() and self._structure(text):
                found.append((self._names, []))
            elif self._summary or text.count(",") + 1 != len(self._names):
                if not self._summary:
                    detail = f"{text.count(',') + 1} fields where {len(self._names)} are named"
                    budget.lose("nfdump.fields", offsets[row], len(lines[row]), detail)
                    continue
                self._summary = False
            else:
                found[-1][1].append(row)
            budget.parsed_bytes += len(lines[row])
        return found

    def _structure(self, text: str) -> bool:
        """Take in a header, or the first two lines of a summary."""
        if names := _names(text):
            self._names, self._summary = names, False
            return True
        if text.startswith(_SUMMARY):
            self._summary = True
        return text in ("Summary", "No matching flows", "No matched flows") or self._summary


def _columns(names: tuple[str, ...], texts: Sequence[str]) -> dict[str, Column]:
    columns: dict[str, Column] = {}
    rows = [text.split(",") for text in texts]
    for name, cells in zip(names, zip(*rows, strict=True), strict=True):
        known = {cell: _value(name, cell.strip()) for cell in set(cells)}
        columns[name] = [known[cell] for cell in cells]
    return columns


def _value(name: str, text: str) -> str | int | None:
    if name in _NUMBERS:
        return _number(text)
    return text or None


def _number(text: str) -> int | str | None:
    """Read `1234`, `1.2 M` and the `3.1` of an ICMP type and code, which stays text."""
    if text.isascii() and text.isdecimal() and len(text) < 19:
        return int(text)
    number, _, unit = text.partition(" ")
    if unit in _UNITS and number.replace(".", "", 1).isdecimal():
        return round(float(number[:18]) * _UNITS[unit])
    return text or None


def _durations(columns: dict[str, Column]) -> dict[str, Column]:
    column = columns.get("td") or columns.get("duration") or []
    known = {text: _micros(str(text)) for text in set(column)}
    return {"@duration_us": [known[text] for text in column]}


def _micros(text: str) -> int | None:
    """Read seconds, or `00:01:02.500` as newer versions write."""
    seconds = 0.0
    for part in text.split(":")[:4]:
        if not part.replace(".", "", 1).isdecimal() or len(part) > 18:
            return None
        seconds = seconds * 60 + float(part)
    return round(seconds * 1_000_000)


READER = Nfdump()
