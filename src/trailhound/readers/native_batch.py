"""Batches of JSON records whose fields go by several names, or whose meaning takes a step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from trailhound.model.batch import Column
from trailhound.model.identity import record_uid
from trailhound.readers.json_batch import JsonBatch
from trailhound.readers.projection import as_bytes, lenient_object

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from trailhound.model.batch import Batch, Value
    from trailhound.model.limits import Budget
    from trailhound.readers.wrapping import Opened

T = TypeVar("T")
Maker = Callable[["NativeBatch"], Column]
"""Makes a column of a batch out of its other columns."""


def itself(name: str) -> tuple[str, ...]:
    """Know one name only."""
    return (name,)


def plain(_name: str) -> None:
    """Make nothing: every field is a plain one."""


def nothing(_name: str) -> tuple[str, ...]:
    """Read nothing."""
    return ()


@dataclass(frozen=True, slots=True)
class Names:
    """How the fields of a kind are found.

    Attributes:
        times: fields that carry the time, first hit wins.
        uids: fields that together identify an event; none: its place and content do.
        candidates: gives the places where a plain field may be, best first.
        maker: gives what makes a column that is no plain field, None for a plain one. A maker that
            needs the field of its own name asks for `payload_column`.
        inputs: the fields a made column is made of: decoded together with all others.
    """

    times: tuple[str, ...]
    uids: tuple[str, ...] = ()
    candidates: Callable[[str], tuple[str, ...]] = itself
    maker: Callable[[str], Maker | None] = plain
    inputs: Callable[[str], tuple[str, ...]] = nothing


class NativeBatch(JsonBatch):
    """Rows of opened records; see `Names` for what a name may stand for."""

    def __init__(  # noqa: PLR0917 - a record type
        self,
        kind: str,
        route: dict[str, str],
        source: str,
        opened: Opened,
        names: Names,
        budget: Budget,
        digest: bytes,
        overlay: dict[str, Column] | None = None,
    ) -> None:
        super().__init__(
            kind,
            route,
            source,
            opened.offsets,
            opened.raws,
            budget,
            digest=digest,
            payloads=opened.payloads,
            overlay=overlay,
            time_fields=names.times,
            uid_fields=names.uids,
        )
        self._names = names
        self._merged: dict[str, Column] = {}
        self._read: dict[str, list[Any]] = {}

    def joined(self, others: Sequence[Batch]) -> Batch:
        """See `Batch.joined`: columns made so far are made again."""
        return self._without_columns(super().joined(others))

    def take(self, rows: Sequence[int]) -> Batch:
        """See `Batch.take`."""
        made = self._without_columns(super().take(rows))
        made._merged = {  # noqa: SLF001
            name: [column[row] for row in rows] for name, column in self._merged.items()
        }
        return made

    def _without_columns(self, made: Batch) -> NativeBatch:
        assert isinstance(made, NativeBatch)  # noqa: S101 - for the type checker
        made._merged, made._read = {}, {}  # noqa: SLF001
        return made

    def columns(self, names: Sequence[str]) -> dict[str, Column]:
        """Decode all plain fields in one pass, then make what is made of them."""
        makers = {n: self._names.maker(n) for n in names if n not in self._merged}
        self._decode(makers)
        for name, maker in makers.items():
            if maker is not None:
                self._merged[name] = maker(self)
        return {name: self._merged[name] for name in names}

    def _decode(self, makers: Mapping[str, Maker | None]) -> None:
        """Decode the plain fields among the names, and those that made columns will read."""
        wanted: list[str] = []
        for name, maker in makers.items():
            wanted += [name] if maker is None else self._names.inputs(name)
        if wanted and not self._merged:
            wanted += self._names.times
            for name in self._names.uids:
                wanted += self._names.inputs(name) or (name,)
        places = {
            name: self._names.candidates(name)
            for name in wanted
            if name not in self._merged and self._names.maker(name) is None
        }
        found = super().columns(tuple(dict.fromkeys(p for ps in places.values() for p in ps)))
        for name, candidates in places.items():
            self._merged[name] = first_value([found[place] for place in candidates])

    def plain_column(self, name: str) -> Column:
        """Give a field as the record has it, wherever it stands, though its name has a maker."""
        places = self._names.candidates(name)
        found = super().columns(places)
        return first_value([found[place] for place in places])

    def read_once(self, name: str, read: Callable[[Value], T]) -> list[T]:
        """Read the values of a field into something richer, once for all columns made of it."""
        made: list[T] | None = self._read.get(name)
        if made is None:
            made = self._read[name] = [read(value) for value in self.columns((name,))[name]]
        return made

    def record(self, row: int) -> dict[str, Any]:
        """Decode the event itself, without its wrappers."""
        return lenient_object(as_bytes(self._payloads[row])) or {}

    def payload(self, row: int) -> bytes:
        """Give the event's own bytes, without its wrappers."""
        return as_bytes(self._payloads[row])

    def _uid(self, row: int, parts: list[Any]) -> str:
        if parts and all(part not in (None, "") for part in parts):
            return "/".join(str(part) for part in parts)
        return record_uid(
            self._digests[self.origin_of(row)], int(self.offsets[row]), self.payload(row)
        )


def first_value(columns: list[Column]) -> Column:
    """Merge columns: in each row the first that has a value; an empty text stays one."""
    merged = columns[0]
    for other in columns[1:]:
        if None in merged or "" in merged:
            merged = [
                second if first in (None, "") and second is not None else first
                for first, second in zip(merged, other, strict=True)
            ]
    return merged


def all_values(columns: list[Column]) -> Column:
    """Merge columns: in each row a list of the values there are, so that any of them may match."""
    return [_together(values) for values in zip(*columns, strict=True)]


def _together(values: tuple[Value, ...]) -> Value:
    flat = [v for value in values for v in (value if isinstance(value, list) else [value])]
    kept = [value for value in flat if value not in (None, "")]
    return kept or None
