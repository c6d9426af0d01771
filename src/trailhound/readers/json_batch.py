"""Batches over raw JSON records: columns are decoded when somebody asks for them."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import numpy as np

from trailhound.model.batch import Batch, Column
from trailhound.model.identity import record_uid
from trailhound.readers.json_records import bad_record
from trailhound.readers.projection import array_of, as_bytes, lenient_object, projector
from trailhound.text.timestamp import parse_times

if TYPE_CHECKING:
    from collections.abc import Sequence

    import msgspec

    from trailhound.model.batch import Times
    from trailhound.model.limits import Budget

Derive = Callable[["JsonBatch", str], Column | None]
"""Computes a native column that is not a plain field (`Parameters.<Name>`); None for "not mine"."""


class JsonBatch(Batch):
    """Rows that are JSON objects.

    Args of the constructor beyond those of `Batch`:
        raws: the whole records.
        digest: `source_digest` of the source, for records without ids of their own.
        payloads: the part of each record where native fields live, when that is not the record.
        overlay: columns the reader already has (they win over the payload's fields).
        time_fields: native fields that carry the time, first hit wins.
        uid_fields: native fields that together identify a record; none: see `digest`.
        derive: see `Derive`.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - a record type; all but the first six are options
        self,
        kind: str,
        route: dict[str, str],
        source: str,
        offsets: Sequence[int],
        raws: Sequence[bytes | str],
        budget: Budget,
        *,
        digest: bytes = b"",
        payloads: Sequence[bytes | str | msgspec.Raw] | None = None,
        overlay: dict[str, Column] | None = None,
        time_fields: tuple[str, ...] = (),
        uid_fields: tuple[str, ...] = (),
        derive: Derive | None = None,
        time_basis: str = "exact",
    ) -> None:
        self.kind, self.route, self.sources = kind, route, (source,)
        self.offsets = np.asarray(offsets, dtype=np.int64)
        self.time_basis = time_basis
        self._raws = raws
        self._payloads = raws if payloads is None else payloads
        self._columns = dict(overlay or {})
        self._overlaid = tuple(self._columns)
        self._budgets, self._digests = [budget], [digest]
        self._time_fields, self._uid_fields, self._derive = time_fields, uid_fields, derive
        self._damaged: set[int] = set()
        self._origins: list[int] | None = None
        self._times: Times | None = None
        self._joined: bytes | None = None

    def joined(self, others: Sequence[Batch]) -> Batch:
        """See `Batch.joined`; columns decoded already are decoded again, overlays are joined."""
        parts = [self, *(other for other in others if isinstance(other, JsonBatch))]
        made = copy(self)
        made.sources = [name for part in parts for name in part.sources]
        sizes = [part.rows for part in parts]
        made.starts = [0, *accumulate(sizes[:-1])]
        made.offsets = np.concatenate([part.offsets for part in parts])
        made._raws = _alike([raw for part in parts for raw in part._raws])  # noqa: SLF001
        flat = all(part._payloads is part._raws for part in parts)  # noqa: SLF001
        made._payloads = (  # noqa: SLF001
            made._raws if flat else _alike([raw for part in parts for raw in part._payloads])  # noqa: SLF001
        )
        shared = set(self._overlaid).intersection(*(part._overlaid for part in parts))  # noqa: SLF001
        made._columns = {  # noqa: SLF001
            name: [value for part in parts for value in part._columns[name]]  # noqa: SLF001
            for name in shared
        }
        made._budgets = [budget for part in parts for budget in part._budgets]  # noqa: SLF001
        made._digests = [digest for part in parts for digest in part._digests]  # noqa: SLF001
        made._damaged, made._times, made._joined = set(), None, None  # noqa: SLF001
        return made

    def take(self, rows: Sequence[int]) -> Batch:
        """See `Batch.take`: decodes further columns for these rows only."""
        made = copy(self)
        origins = [self.origin_of(row) for row in rows]
        made._origins = origins if len(self.sources) > 1 else None  # noqa: SLF001
        index = np.asarray(rows, dtype=np.int64)
        made.offsets = self.offsets[index]
        made._raws = [self._raws[row] for row in rows]  # noqa: SLF001
        flat = self._payloads is self._raws
        made._payloads = made._raws if flat else [self._payloads[row] for row in rows]  # noqa: SLF001
        made._columns = {  # noqa: SLF001
            name: [column[row] for row in rows] for name, column in self._columns.items()
        }
        made._damaged = set()  # noqa: SLF001
        made._times = None if self._times is None else self._times[index]  # noqa: SLF001
        made._joined = None  # noqa: SLF001
        return made

    def source_names(self) -> list[str]:
        """See `Batch`."""
        sources = self.sources
        if self._origins is not None:
            return [sources[origin] for origin in self._origins]
        sizes = np.diff([*self.starts, self.rows]).tolist()
        return [name for name, size in zip(sources, sizes, strict=True) for _ in range(size)]

    def origin_of(self, row: int) -> int:
        """See `Batch`."""
        return super().origin_of(row) if self._origins is None else self._origins[row]

    def columns(self, names: Sequence[str]) -> dict[str, Column]:
        """Decode the columns not decoded yet and give all of `names`."""
        for name in names:
            if name not in self._columns and self._derive and (made := self._derive(self, name)):
                self._columns[name] = made
        missing = tuple(name for name in names if name not in self._columns)
        if missing:
            self._columns |= projector(missing).columns(self._payloads, self._report, self._block())
        return {name: self._columns[name] for name in names}

    def payload_column(self, name: str) -> Column:
        """Decode one field of the payload, whatever overlay or derivation say."""
        return projector((name,)).columns(self._payloads, self._report)[name]

    def record_column(self, name: str) -> Column:
        """Decode one field of the whole record (dotted)."""
        return self.record_columns((name,))[name]

    def record_columns(self, names: Sequence[str]) -> dict[str, Column]:
        """Decode fields of the whole record (dotted) in one pass."""
        return projector(tuple(names)).columns(self._raws, self._report)

    def times(self) -> Times:
        """Parse the first of the time fields that has a value in each row."""
        if self._times is None:
            columns = self.columns(self._time_fields)
            fields = [columns[name] for name in self._time_fields]
            self._times = parse_times(_first_of(fields, self.rows))
        return self._times

    @property
    def raw_bytes(self) -> int:
        """Bytes of all records, for accounting."""
        return sum(map(len, self._raws))

    def raw(self, row: int) -> bytes:
        """Give the record's own bytes."""
        return as_bytes(self._raws[row])

    def _block(self) -> bytes:
        """Join the payloads once: columns are decoded from it, keywords looked for in it."""
        if self._joined is None:
            self._joined = array_of(self._payloads)
        return self._joined

    def raw_block(self) -> bytes:
        """See `Batch.raw_block`; all records of a batch are of one type, see `joined`."""
        if self._payloads is self._raws:
            return self._block()
        if self._raws and isinstance(self._raws[0], str):
            return "\n".join(self._raws).encode("utf-8", "surrogatepass")  # type: ignore[arg-type]
        return b"\n".join(self._raws)  # type: ignore[arg-type]

    def record(self, row: int) -> dict[str, Any]:
        """Decode the whole record; overlay columns are not part of it."""
        return lenient_object(self.raw(row)) or {}

    def uids(self, rows: Sequence[int]) -> list[str]:
        """Use the format's own id with its scope, else hash place and record."""
        columns = self.columns(self._uid_fields)
        fields = [columns[name] for name in self._uid_fields]
        if rows != range(self.rows):
            fields = [[column[row] for row in rows] for column in fields]
        if not fields or any(column.count(empty) for column in fields for empty in (None, "")):
            parts = zip(*fields, strict=True) if fields else ((),) * len(rows)
            return [self._uid(row, list(one)) for row, one in zip(rows, parts, strict=True)]
        return ["/".join(map(str, one)) for one in zip(*fields, strict=True)]

    def native_names(self) -> set[str]:
        """Walk every record of the batch; slow, for documentation, `map` and tests."""
        names = set(self._columns)
        for payload in self._payloads:
            names |= _names(lenient_object(as_bytes(payload)) or {})
        return names

    def _uid(self, row: int, parts: list[Any]) -> str:
        if parts and all(part not in (None, "") for part in parts):
            return "/".join(str(part) for part in parts)
        return record_uid(self._digests[self.origin_of(row)], int(self.offsets[row]), self.raw(row))

    def _report(self, row: int) -> None:
        if row not in self._damaged:
            self._damaged.add(row)
            bad_record(self.raw(row), int(self.offsets[row]), self._budgets[self.origin_of(row)])


def _alike(records: list[Any]) -> list[Any]:
    """Make bytes of all where text and bytes meet: they cannot be joined."""
    types = set(map(type, records))
    return list(map(as_bytes, records)) if str in types and len(types) > 1 else records


def _first_of(columns: list[Column], rows: int) -> Column:
    if len(columns) == 1:
        return columns[0]
    return [
        next((c[row] for c in columns if c[row] not in (None, "")), None) for row in range(rows)
    ]


def _names(record: dict[str, Any]) -> set[str]:
    names: set[str] = set()
    pending: list[tuple[str, Any]] = [("", record)]
    while pending:
        prefix, value = pending.pop()
        if isinstance(value, dict):
            pending.extend(
                (f"{prefix}.{key}" if prefix else key, item) for key, item in value.items()
            )
        elif isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
            pending.extend((prefix, item) for item in value)
        elif prefix:
            names.add(prefix)
    return names
