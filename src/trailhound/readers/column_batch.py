"""Batches whose columns the reader cuts out of the line: text formats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from trailhound.model.batch import Batch, TimeBasis
from trailhound.model.identity import record_uid

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from trailhound.model.batch import Column, Times

    Late = Callable[[], dict[str, Column]]
    """Makes columns when one of them is asked for the first time."""


class ColumnBatch(Batch):
    """Rows of a text format: native columns beside the lines they came from.

    `times` are microseconds UTC or NO_TIME; `digest` is `source_digest` of the source; `late` names
    the columns that cost work nobody may want, and what makes each (with its siblings); a name that
    ends in a dot stands for all that begin so.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - a record type; the last three are options
        self,
        kind: str,
        route: dict[str, str],
        source: str,
        offsets: Sequence[int],
        lines: Sequence[bytes],
        columns: dict[str, Column],
        times: Times,
        *,
        digest: bytes,
        time_basis: str = TimeBasis.EXACT,
        late: Mapping[str, Late] | None = None,
    ) -> None:
        self.kind, self.route, self.sources = kind, route, (source,)
        self.offsets = np.asarray(offsets, dtype=np.int64)
        self.time_basis = time_basis
        self._lines, self._columns, self._times, self._digest = lines, columns, times, digest
        self._late = dict(late or {})

    def columns(self, names: Sequence[str]) -> dict[str, Column]:
        """Give the named columns; an unknown name gives None in each row."""
        return {name: self._column(name) for name in names}

    def times(self) -> Times:
        """Give the times the reader parsed."""
        return self._times

    def raw(self, row: int) -> bytes:
        """Give the line without its end."""
        return self._lines[row]

    def record(self, row: int) -> dict[str, Any]:
        """Give the native fields of one row that have a value."""
        pairs = ((name, self._column(name)[row]) for name in sorted(self.native_names()))
        return {name: value for name, value in pairs if value is not None}

    def uids(self, rows: Sequence[int]) -> list[str]:
        """Hash place and line: text formats have no ids of their own."""
        return [record_uid(self._digest, int(self.offsets[r]), self._lines[r]) for r in rows]

    def native_names(self) -> set[str]:
        """Give the names of all columns; those that stand for others are made first."""
        for name in [name for name in self._late if name.endswith(".")]:
            self._columns |= self._late.pop(name)()
        return {*self._columns, *self._late}

    def _column(self, name: str) -> Column:
        if name not in self._columns:
            make = self._late.get(name) or self._late.pop(name.partition(".")[0] + ".", None)
            if make:
                self._columns |= make()
        return self._columns.get(name) or [None] * self.rows
