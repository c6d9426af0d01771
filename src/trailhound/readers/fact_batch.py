"""Batches of facts: flat records that a reader of a binary format makes itself.

A native name that begins with `@` is made for the mapping: tables see it, people do not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import orjson

from trailhound.model.batch import Batch
from trailhound.model.identity import record_uid

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from trailhound.model.batch import Column, Times, Value


class Fact(NamedTuple):
    """One row: its kind, where it begins in the source, microseconds UTC or NO_TIME, its fields."""

    kind: str
    offset: int
    time: int
    record: Mapping[str, Value]


class FactBatch(Batch):
    """Facts of one kind from one source; `digest` is `source_digest` of the source."""

    def __init__(self, source: str, facts: Sequence[Fact], digest: bytes) -> None:
        self.kind, self.route, self.sources = facts[0].kind, {}, (source,)
        self.offsets = np.array([fact.offset for fact in facts], dtype=np.int64)
        self._records = [fact.record for fact in facts]
        self._times = np.array([fact.time for fact in facts], dtype=np.int64)
        self._digest = digest

    def columns(self, names: Sequence[str]) -> dict[str, Column]:
        """Give the named fields; one that a record lacks is None."""
        return {name: [record.get(name) for record in self._records] for name in names}

    def times(self) -> Times:
        """Give the times the reader found."""
        return self._times

    def raw(self, row: int) -> bytes:
        """Give the record as JSON: a binary format has no line to show."""
        return orjson.dumps(self.record(row))

    def record(self, row: int) -> dict[str, Any]:
        """Give the fields of one row that have a value."""
        pairs = self._records[row].items()
        return {name: value for name, value in pairs if value is not None and name[0] != "@"}

    def uids(self, rows: Sequence[int]) -> list[str]:
        """Hash place and content, as for text."""
        return [record_uid(self._digest, int(self.offsets[r]), self.raw(r)) for r in rows]

    def native_names(self) -> set[str]:
        """Give the names that occur."""
        return {name for record in self._records for name in record}


def fact_batches(
    source: str, facts: Iterable[Fact], digest: bytes, rows: int
) -> Iterator[FactBatch]:
    """Gather facts into batches of one kind and at most `rows` rows."""
    waiting: dict[str, list[Fact]] = {}
    for fact in facts:
        group = waiting.setdefault(fact.kind, [])
        group.append(fact)
        if len(group) >= rows:
            yield FactBatch(source, waiting.pop(fact.kind), digest)
    for group in waiting.values():
        yield FactBatch(source, group, digest)
