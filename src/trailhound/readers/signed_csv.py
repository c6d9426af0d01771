"""Delimited exports whose line of names shows a kind: the signatures of JSON records apply.

Databases and services give the same views as JSON and as delimited text, under the same names.
Times without a zone are local unless the view is defined in UTC (`UTC`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from trailhound.model.batch import NO_TIME, TimeBasis
from trailhound.model.identity import source_digest
from trailhound.readers.column_batch import ColumnBatch
from trailhound.readers.csv_records import csv_records, header_of
from trailhound.readers.database_signatures import DATABASES
from trailhound.readers.native_batch import first_value
from trailhound.readers.oracle_times import iso_times
from trailhound.readers.saas_signatures import SAAS
from trailhound.readers.security_signatures import SECURITY
from trailhound.readers.signatures import kind_of
from trailhound.readers.well_known import times_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trailhound.model.batch import Batch, Column
    from trailhound.model.limits import Budget
    from trailhound.model.source import Source
    from trailhound.readers.csv_records import CsvRows
    from trailhound.readers.signature import Signature

_FLAT = frozenset((*DATABASES, *SAAS, *SECURITY))
"""Kinds whose fields are made of columns alone."""
UTC = frozenset({"mssql.audit", "mail.message_trace"})
_NAMED_UTC = ("_UTC", "_utc", "_derived", "_DERIVED")
"""Endings of names whose times are UTC."""
_EMPTY = frozenset({"", "NULL", "null", "(null)"})
"""How exports write that there is no value."""


class SignedCsv:
    """Reads delimited text of the kinds in the table of signatures."""

    name = "signed.csv"
    splittable = False

    def sniff(self, head: bytes, path: str) -> float:
        """Bid when the names in the first line show a kind."""
        del path
        return 0.9 if _signature(header_of(head)[0]) else 0.0

    def read(self, source: Source, budget: Budget) -> Iterator[Batch]:
        """Yield one batch per stretch of records."""
        digest = source_digest(source.head)
        for names, rows in csv_records(source, budget):
            signature = _signature(names)
            if signature is not None:
                yield _batch(signature, names, rows, source, budget, digest)


def _signature(names: Sequence[str]) -> Signature | None:
    """Give the kind of a table; what a kind wants inside a member no cell can show."""
    found = kind_of(frozenset(names), lambda _member: frozenset())
    return found if found in _FLAT else None


class _SignedBatch(ColumnBatch):
    """Cells under the names of the header, found by the other names of the kind as well."""

    signature: Signature

    def _column(self, name: str) -> Column:
        if name in self._columns or name in self._late:
            return super()._column(name)
        maker = self.signature.names.maker(name)
        if maker is not None:
            self._columns[name] = maker(self)  # type: ignore[arg-type]  # asks for columns only
            return self._columns[name]
        known = [place for place in self.signature.names.candidates(name) if place in self._columns]
        return first_value([self._columns[place] for place in known] or [[None] * self.rows])


def _batch(  # noqa: PLR0917 - what a batch is made of
    signature: Signature,
    names: Sequence[str],
    rows: CsvRows,
    source: Source,
    budget: Budget,
    digest: bytes,
) -> Batch:
    columns = cut_columns(names, rows, budget)
    places = [
        place
        for name in signature.names.times
        for place in signature.names.candidates(name)
        if place in columns
    ]
    values = first_value([columns[place] for place in places] or [[None] * len(rows.cells)])
    utc = signature.kind in UTC or (bool(places) and places[0].endswith(_NAMED_UTC))
    times, basis = times_of(iso_times(values), "UTC" if utc else source.zone)
    for row in (times == NO_TIME).nonzero()[0].tolist():
        if values[row] is not None:
            budget.note("time.invalid", rows.offsets[row], 0, "a record without a usable time")
    batch = _SignedBatch(
        signature.kind, {}, source.name, rows.offsets, rows.raws, columns, times,
        digest=digest, time_basis=TimeBasis.EXACT if utc else basis,
    )  # fmt: skip
    batch.signature = signature
    return batch


def cut_columns(names: Sequence[str], rows: CsvRows, budget: Budget) -> dict[str, Column]:
    """Turn rows into columns; a row of another length is kept and said."""
    width = len(names)
    for number, cells in enumerate(rows.cells):
        if len(cells) != width:
            detail = f"{len(cells)} cells where the header names {width}"
            budget.note("csv.ragged", rows.offsets[number], len(rows.raws[number]), detail)
            cells.extend([""] * (width - len(cells)))
    return {
        name: [None if cells[place] in _EMPTY else cells[place] for cells in rows.cells]
        for place, name in enumerate(names)
    }


READER = SignedCsv()
