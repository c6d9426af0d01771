"""Records at hand, without a file or a reader, as the batches that readers would make of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from trailhound.model.limits import Budget
from trailhound.readers.json_batch import JsonBatch

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from trailhound.model.batch import Column, Times, Value
    from trailhound.rules.sigma.logsource import Binding

SOURCE = "record"
ROUTED: dict[str, tuple[str, ...]] = {
    "windows": ("Channel", "EventID", "Provider_Name"),
    "linux.syslog": ("program",),
    "linux.sysmon": ("EventID",),
}
"""The native fields that readers put into the route of a batch, by kind."""


_PLAIN = ("Name", "Value")
"""Keys of the members of a named list, which are fields of their own, too."""


class Native(msgspec.Struct, frozen=True):
    """One record of a kind in native fields; `time` is microseconds UTC or NO_TIME."""

    kind: str
    record: dict[str, Any]
    time: int

    @property
    def route(self) -> dict[str, str]:
        """Give what the reader would route the record on."""
        return route_of(self.kind, self.record)


class RecordBatch(JsonBatch):
    """Records of one kind and route; times come with them."""

    def __init__(self, records: Sequence[Native], offsets: Sequence[int]) -> None:
        first = records[0]
        route = first.route
        super().__init__(
            first.kind,
            route,
            SOURCE,
            offsets,
            [msgspec.json.encode(one.record) for one in records],
            Budget(),
            overlay={name: [value] * len(records) for name, value in route.items()},
            derive=_named_member,
        )
        self._moments = np.array([one.time for one in records], dtype=np.int64)

    def times(self) -> Times:
        """Give the times of the records."""
        return self._moments


def batches(records: Sequence[Native]) -> Iterator[tuple[RecordBatch, list[int]]]:
    """Group records into batches; gives each batch with the positions of its rows."""
    groups: dict[tuple[str, tuple[tuple[str, str], ...]], list[int]] = {}
    for position, one in enumerate(records):
        groups.setdefault((one.kind, tuple(one.route.items())), []).append(position)
    for positions in groups.values():
        yield RecordBatch([records[n] for n in positions], positions), positions


def route_of(kind: str, record: dict[str, Any]) -> dict[str, str]:
    """Give the route of a record; a routed field it lacks is the empty text, as readers have it."""
    return {name: _text(record.get(name)) for name in ROUTED.get(kind, ())}


def kind_of(record: dict[str, Any], looks_at: Iterable[Binding]) -> str:
    """Guess the kind of a record: the first place its rule looks at that the record fits."""
    if "Channel" in record:
        return "windows"
    fitting = (b.kind for b in looks_at if b.fits(route_of(b.kind, record)))
    return next(fitting, "windows")


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _named_member(batch: JsonBatch, name: str) -> Column | None:
    """Read `Parameters.To` from `[{"Name": "To", "Value": ...}]`, as cloud audit logs write it."""
    head, dot, rest = name.partition(".")
    if not dot or rest in _PLAIN:
        return None
    lists = batch.payload_column(f"{head}.Name")
    if all(value is None for value in lists):
        return None
    plain = batch.payload_column(name)
    return [
        _member(batch.record(row), head, rest) if value is None else value
        for row, value in enumerate(plain)
    ]


def _member(record: dict[str, Any], head: str, rest: str) -> Value:
    entries = record.get(head)
    if not isinstance(entries, list):
        return None
    for entry in entries:
        if isinstance(entry, dict) and isinstance(entry.get("Name"), str):
            name = entry["Name"]
            if rest == name:
                return _scalar(entry.get("Value"))
            if rest.startswith(f"{name}."):
                return _scalar(entry.get(rest[len(name) + 1 :]))
    return None


def _scalar(value: Any) -> Value:
    return msgspec.json.encode(value).decode() if isinstance(value, dict) else value
