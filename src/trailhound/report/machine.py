r"""What the forms for other programs share: JSON that every parser takes, times, kinds of entities.

Values are raw: nothing is defanged. The one exception are unpaired surrogates of hostile names,
which strict parsers refuse; they are written as the text of their escape, `\udc80`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from trailhound.text.timestamp import iso

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trailhound.model.entity import Entity, EntityType, Role

Record = dict[str, Any]

_WHOLE = range(-(2**63), 2**63)

BEGINNING = "1970-01-01T00:00:00.000000Z"
"""What stands where a form insists on a time and the evidence has none: visibly no real one."""


def json_line(record: Record) -> bytes:
    """Write one record as a line."""
    return _encoded(record, 0) + b"\n"


def json_text(record: Record) -> bytes:
    """Write one document, indented."""
    return _encoded(record, orjson.OPT_INDENT_2) + b"\n"


def _encoded(value: Record, option: int) -> bytes:
    try:
        return orjson.dumps(value, option=option)
    except TypeError:
        return orjson.dumps(_readable(value), option=option)


def _readable(value: object) -> object:
    """Replace what strict parsers refuse: unpaired surrogates, numbers of more than 64 bits.

    It follows the shape of our own records, which is a few levels deep whatever evidence holds.
    """
    if isinstance(value, str):
        return well_formed(value)
    if isinstance(value, dict):
        return {well_formed(key): _readable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_readable(one) for one in value]
    return str(value) if isinstance(value, int) and value not in _WHOLE else value


def well_formed(text: str) -> str:
    """Give text that UTF-8 can carry."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def moment(micros: int | None) -> str:
    """Give a time in ISO 8601, or `BEGINNING`."""
    return iso(micros) or BEGINNING


def millis(micros: int | None) -> int:
    """Give milliseconds since 1970, 0 for no time."""
    return (micros or 0) // 1_000


def named(entities: Iterable[Entity], *kinds: EntityType, role: Role | None = None) -> list[str]:
    """Give the values of entities of some kinds, each once, in order."""
    values = (e.value for e in entities if e.type in kinds and role in (None, e.role))
    return list(dict.fromkeys(filter(None, values)))


def without_empty(record: Record) -> Record:
    """Leave out fields that have no value, which most of these forms do not want."""
    return {key: value for key, value in record.items() if value not in (None, "", [], {}, ())}
