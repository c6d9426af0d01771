"""Results of osquery: rows that appeared or went away between two runs of a query, or all of them.

Queries have any name, so what a row is about shows in its columns.
Source: https://osquery.readthedocs.io/en/stable/deployment/logging/
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from trailhound.readers.native_batch import Names
from trailhound.readers.signature import Signature

if TYPE_CHECKING:
    from trailhound.model.batch import Column, Value
    from trailhound.readers.native_batch import Maker, NativeBatch

_SHOWS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("network", ("columns.remote_address", "columns.remote_port")),
    ("file", ("columns.target_path", "columns.action")),
    ("process", ("columns.cmdline", "columns.pid")),
    ("logon", ("columns.user", "columns.host", "columns.type")),
    ("logon", ("columns.username", "columns.host", "columns.type")),
)
"""What a row is about that has a value in all of these columns; the first that fits counts."""
_INPUTS = tuple(dict.fromkeys(name for _, names in _SHOWS for name in names))


def _about(batch: NativeBatch) -> Column:
    columns = batch.columns(_INPUTS)
    return [_first({name: columns[name][row] for name in _INPUTS}) for row in range(batch.rows)]


def _first(row: dict[str, Value]) -> str:
    return next(
        (about for about, names in _SHOWS if all(row[n] not in (None, "") for n in names)), "other"
    )


def _maker(name: str) -> Maker | None:
    return _about if name == "@about" else None


def _inputs(name: str) -> tuple[str, ...]:
    return _INPUTS if name == "@about" else ()


_NAMES = Names(("unixTime", "p_event_time"), maker=_maker, inputs=_inputs)

OSQUERY = (
    Signature("osquery.result", ("columns", "action", "name"), _NAMES),
    Signature("osquery.result", ("snapshot", "name", "hostIdentifier unixTime"), _NAMES),
    Signature("osquery.result", ("diffResults", "name", "hostIdentifier unixTime"), _NAMES),
    Signature("osquery.status", ("filename", "line", "severity", "hostIdentifier"), _NAMES),
)
