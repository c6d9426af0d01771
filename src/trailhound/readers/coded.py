"""Columns on their way into tables: each distinct value is converted once."""

from __future__ import annotations

from dataclasses import dataclass
from types import NoneType
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt
    import pyarrow as pa

    from trailhound.model.batch import Column, Value


@dataclass(frozen=True, slots=True)
class Coded:
    """The distinct cells of a column, and which of them each row has."""

    cells: list[Any]
    codes: npt.NDArray[np.int32]

    def array(self, kind: pa.DataType) -> pa.Array:
        """Give the Arrow array of a type of `arrow_schema`."""
        import pyarrow as pa

        if not pa.types.is_dictionary(kind):
            return pa.array(self.cells, kind).take(pa.array(self.codes))
        if None not in self.cells:
            return pa.DictionaryArray.from_arrays(self.codes, pa.array(self.cells, pa.string()))
        empty = self.cells.index(None)
        shifted = np.where(self.codes > empty, self.codes - 1, self.codes)
        codes = pa.array(shifted, mask=self.codes == empty)
        texts = [cell for cell in self.cells if cell is not None]
        return pa.DictionaryArray.from_arrays(codes, pa.array(texts, pa.string()))


def constant(cell: Any, rows: int) -> Coded:
    """Give a column with one cell in every row."""
    return Coded([cell], np.zeros(rows, np.int32))


def coded(column: Column, convert: Callable[[Value], Any]) -> Coded:
    """Convert a column; `convert` gives cells that have a hash and are of one type, or None."""
    types = set(map(type, column)) - {NoneType}
    if list in types or len(types) > 1:  # a list has no hash, and 1 is equal to True
        return _places([convert(value) for value in column])
    found = _places(column)
    cells = _places([convert(value) for value in found.cells])
    return Coded(cells.cells, cells.codes[found.codes])


def coded_as(
    values: Column, codes: npt.NDArray[np.int32], convert: Callable[[Value], Any]
) -> Coded:
    """Convert a column whose distinct values are known."""
    cells = _places([convert(value) for value in values])
    return cells if not len(codes) else Coded(cells.cells, cells.codes[codes])


def _places(column: Sequence[Any]) -> Coded:
    places = {value: place for place, value in enumerate(dict.fromkeys(column))}
    codes = np.fromiter(map(places.__getitem__, column), np.int32, len(column))
    return Coded(list(places), codes)
