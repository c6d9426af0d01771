"""Columns that tables need and Zeek's logs hold inside another field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from trailhound.model.batch import Column, Value


def _micros(seconds: Value) -> int | None:
    return round(seconds * 1_000_000) if isinstance(seconds, (int, float)) else None


def _part(mark: str, place: int) -> Callable[[Any], Any]:
    return lambda value: value.partition(mark)[place] or None if isinstance(value, str) else None


DERIVED: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "duration_us": ("duration", _micros),
    "uri_stem": ("uri", _part("?", 0)),
    "uri_query": ("uri", _part("?", 2)),
    "client_user": ("client", _part("/", 0)),
    "client_realm": ("client", _part("/", 2)),
}
"""Name of the column, the field it comes from, and how. `client` is Kerberos' `user/REALM`."""


def derived(name: str, column: Callable[[str], Column]) -> Column | None:
    """Make a derived column; None for a name that is none."""
    if name not in DERIVED:
        return None
    field, make = DERIVED[name]
    return [make(value) for value in column(field)]
