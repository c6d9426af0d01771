"""Sources in memory, and what a reader makes of them."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

from trailhound.model.limits import Budget, Limits
from trailhound.model.source import Source

if TYPE_CHECKING:
    from trailhound.model.batch import Batch
    from trailhound.readers.reader import Reader


def source_of(data: bytes | str, name: str = "evidence", zone: str = "") -> Source:
    raw = data.encode() if isinstance(data, str) else data
    return Source(name, lambda: io.BytesIO(raw), raw[:4096], None, len(raw), zone)


def lines_of(*records: Any) -> bytes:
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


def read(reader: Reader, data: bytes | str, zone: str = "", **limits: int) -> list[Batch]:
    return read_with(reader, data, zone, **limits)[0]


def read_with(
    reader: Reader, data: bytes | str, zone: str = "", **limits: int
) -> tuple[list[Batch], Budget]:
    budget = Budget(Limits(**limits))
    return list(reader.read(source_of(data, zone=zone), budget)), budget


def only(batches: list[Batch]) -> Batch:
    assert len(batches) == 1
    return batches[0]


def cells(batch: Batch, name: str) -> list[Any]:
    return batch.columns((name,))[name]
