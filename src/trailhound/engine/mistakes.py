"""What the engine says of a wrong query, as a located error with the nearest right name."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

from trailhound.engine.views import CONVENIENCE, convenience_columns
from trailhound.model.errors import QueryError, Where
from trailhound.model.tables import tables

if TYPE_CHECKING:
    from collections.abc import Iterable

_PLACE = re.compile(r"LINE (\d+): ([^\n]*)\n( *)\^")
_COLUMN = re.compile(r'[Cc]olumn (?:named )?"([^"]+)"')
_TABLE = re.compile(r"Table with name (\S+) does not exist")
_SUGGESTION = re.compile(r'(?:Did you mean|Candidate bindings:) "([^"]+)"')
_WORD = re.compile(r"\w+")


def query_error(message: str, sql: str) -> QueryError:
    """Read the engine's message: its kind, the place it points to, and the name it did not know."""
    what = message.split("\n", 1)[0].partition(" Error: ")[2] or message.split("\n", 1)[0]
    return QueryError(what, where=_place(message), todo=_todo(message, sql))


def _place(message: str) -> Where:
    found = _PLACE.search(message)
    if not found:
        return Where("query")
    shown = f"LINE {found[1]}: "
    if found[2].startswith("..."):
        return Where("query", int(found[1]))
    return Where("query", int(found[1]), len(found[3]) - len(shown) + 1)


def _todo(message: str, sql: str) -> str:
    if found := _TABLE.search(message):
        near = _nearest(found[1], [*tables(), *CONVENIENCE])
        return f"did you mean {near!r}?" if near else "see: trailhound sql --tables"
    if found := _COLUMN.search(message):
        near = _nearest(found[1], _columns(sql))
        return f"did you mean {near!r}?" if near else "see: trailhound sql --tables TABLE"
    if found := _SUGGESTION.search(message):
        return f"did you mean {found[1]!r}?"
    return ""


def _columns(sql: str) -> list[str]:
    """Give the columns of the tables that the query mentions."""
    words = set(_WORD.findall(sql))
    names = {c for table in words & set(tables()) for c in tables()[table].columns}
    for view in words & set(CONVENIENCE):
        names |= {column for column, _ in convenience_columns(view)}
    return sorted(names)


def _nearest(wrong: str, names: Iterable[str]) -> str | None:
    near = difflib.get_close_matches(wrong.lower(), list(names), n=1, cutoff=0.6)
    return near[0] if near else None
