"""Batches of lines that name their own fields: `key=value` formats, each line with its own keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trailhound.readers.column_batch import ColumnBatch

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from trailhound.model.batch import Column, Times, Value
    from trailhound.readers.column_batch import Late

MAX_NAMES = 2_000
"""Names a batch tells of itself; a hostile line may invent any number."""


class FieldBatch(ColumnBatch):
    """Rows that are dictionaries of native fields; a column is made when it is asked for."""

    def __init__(  # noqa: PLR0913, PLR0917 - a record type; the last three are options
        self,
        kind: str,
        route: dict[str, str],
        source: str,
        offsets: Sequence[int],
        lines: Sequence[bytes],
        fields: Sequence[Mapping[str, Value]],
        times: Times,
        *,
        digest: bytes,
        time_basis: str,
        late: Mapping[str, Late] | None = None,
    ) -> None:
        super().__init__(
            kind, route, source, offsets, lines, {}, times,
            digest=digest, time_basis=time_basis, late=late,
        )  # fmt: skip
        self._fields = fields
        self._present: set[str] | None = None

    def record(self, row: int) -> dict[str, Any]:
        """Give the fields of one line as it has them."""
        return {name: value for name, value in self._fields[row].items() if value is not None}

    def native_names(self) -> set[str]:
        """Give the names that occur, those of the first lines when there are too many."""
        names: dict[str, None] = {}
        for fields in self._fields:
            names.update(dict.fromkeys(fields))
            if len(names) > MAX_NAMES:
                break
        return {*list(names)[:MAX_NAMES], *self._late}

    def _column(self, name: str) -> Column:
        if name not in self._late and name not in self._columns and self._has(name):
            self._columns[name] = [fields.get(name) for fields in self._fields]
        return super()._column(name)

    def _has(self, name: str) -> bool:
        """Tell whether any line has the name: mappings ask for many that few devices write."""
        if self._present is None:
            self._present = set().union(*self._fields)
        return name in self._present
