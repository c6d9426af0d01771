"""Delimited text with a header nobody described: by the operator's mappings, else searchable."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from trailhound.model.identity import source_digest
from trailhound.readers.column_batch import ColumnBatch
from trailhound.readers.csv_records import cells_of, csv_records, header_of
from trailhound.readers.native_batch import first_value
from trailhound.readers.well_known import TIMES, times_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trailhound.model.batch import Batch, Column
    from trailhound.model.limits import Budget
    from trailhound.model.source import Source
    from trailhound.readers.csv_records import CsvRows
    from trailhound.readers.user_mapping import UserMapping

UNKNOWN = "csv.unknown"
EXTRA = "_extra"
"""The column for cells beyond the header's."""
BID = 0.35
_MATCHED_BID = 0.97
_NAME = re.compile(r"\A[^\W\d][\w .:/()@#%-]{0,63}\Z")


class GenericCsv:
    """Reads any delimited text with a header."""

    name = "generic.csv"
    splittable = False

    def __init__(self, mappings: Sequence[UserMapping] = ()) -> None:
        self._mappings = [m for m in mappings if m.kind.startswith("csv.")]

    def sniff(self, head: bytes, path: str) -> float:
        """Bid low on a line of names followed by a line of as many cells."""
        del path
        names, delimiter = header_of(head)
        if len(names) < 2 or len(set(names)) != len(names) or not all(map(_NAME.match, names)):
            return 0.0
        if any(m.match and m.match <= set(names) for m in self._mappings):
            return _MATCHED_BID
        second = _second_line(head)
        if second is not None and abs(len(cells_of(second, delimiter)) - len(names)) > 1:
            return 0.0
        return BID if len(names) > 2 or delimiter != "," else 0.0

    def read(self, source: Source, budget: Budget) -> Iterator[Batch]:
        """Yield one batch per stretch of records."""
        digest = source_digest(source.head)
        for names, rows in csv_records(source, budget):
            mapping = self._mapping(names)
            columns = _columns(_unique(names), rows, budget)
            places = [n for n in (mapping.time if mapping else ()) or _times(names) if n in columns]
            values = [columns[name] for name in places] or [[None] * len(rows.cells)]
            times, basis = times_of(first_value(values), source.zone)
            yield ColumnBatch(
                mapping.kind if mapping else UNKNOWN,
                {},
                source.name,
                rows.offsets,
                rows.raws,
                columns,
                times,
                digest=digest,
                time_basis=basis,
            )

    def _mapping(self, names: Sequence[str]) -> UserMapping | None:
        for one in self._mappings:
            if one.match and one.match <= set(names):
                return one
        only = self._mappings[0] if len(self._mappings) == 1 else None
        return only if only is not None and not only.match else None


def with_mappings(mappings: Sequence[UserMapping]) -> GenericCsv:
    """Give a reader that knows the operator's mappings."""
    return GenericCsv(mappings)


def _second_line(head: bytes) -> str | None:
    """Give the second line when the head holds all of it and no quote runs over its end."""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = head.decode("utf-16", "replace").encode("utf-8", "replace")
    lines = head.decode("utf-8", "replace").splitlines()
    if len(lines) < 3 or lines[1].count('"') % 2:
        return None
    return lines[1]


def _times(names: Sequence[str]) -> list[str]:
    """Give the columns that may carry the time, best first, whatever their capitals."""
    by_lower = {name.lower(): name for name in reversed(names)}
    found = [by_lower[t.lower()] for t in TIMES if t.lower() in by_lower]
    return list(dict.fromkeys(found))


def _unique(names: Sequence[str]) -> list[str]:
    """Number names that come again: `user`, `user_2`."""
    seen: dict[str, int] = {}
    made: list[str] = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        made.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return made


def _columns(names: Sequence[str], rows: CsvRows, budget: Budget) -> dict[str, Column]:
    """Turn rows into columns; a row of another length is kept and said."""
    width = len(names)
    extras: Column = [None] * len(rows.cells)
    for number, cells in enumerate(rows.cells):
        if len(cells) != width:
            detail = f"{len(cells)} cells where the header names {width}"
            budget.note("csv.ragged", rows.offsets[number], len(rows.raws[number]), detail)
            extras[number] = list(cells[width:]) or None
            cells.extend([""] * (width - len(cells)))
    columns: dict[str, Column] = {
        name: [cells[place] or None for cells in rows.cells] for place, name in enumerate(names)
    }
    if any(extras):
        columns[EXTRA] = extras
    return columns


READER = GenericCsv()
