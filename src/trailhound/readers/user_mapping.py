"""Mappings an operator writes for logs nobody else knows.

Beside what every mapping has (`readers/mapping.py`), one of these may say:

    kind = "json.door_system"        # or csv.<name>
    time = ["opened_at"]             # fields that carry the time, first hit wins
    uid = ["record"]                 # fields that identify an event; none: its place does
    [match]
    fields = ["door", "badge"]       # a source whose records have all of these is of this kind
"""

from __future__ import annotations

import tomllib

import msgspec

from trailhound.model.errors import MappingError, Where
from trailhound.readers.mapping import Mapping, parse_mapping


class UserMapping(msgspec.Struct, frozen=True):
    """A mapping with what a generic reader needs to know about its source."""

    mapping: Mapping
    match: frozenset[str] = frozenset()
    time: tuple[str, ...] = ()
    uid: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """The log kind."""
        return self.mapping.kinds[0]


def parse_user_mapping(text: str, source: str) -> UserMapping:
    """Read one; MappingError says what is wrong."""
    mapping = parse_mapping(text, source)
    if len(mapping.kinds) != 1 or not mapping.kinds[0].startswith(("json.", "csv.")):
        raise MappingError("kind must be one word like json.name or csv.name", where=Where(source))
    raw = tomllib.loads(text)
    section = raw.get("match", {})
    fields = section.get("fields") if isinstance(section, dict) else None
    return UserMapping(
        mapping,
        frozenset(_names(fields or [], "match.fields", source)),
        _names(raw.get("time", []), "time", source),
        _names(raw.get("uid", []), "uid", source),
    )


def _names(value: object, key: str, source: str) -> tuple[str, ...]:
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise MappingError(f"{key} must be a list of field names", where=Where(source))
    return tuple(names)
