"""Decode only the wanted fields of JSON records, a batch at a time.

A typed msgspec decoder is built for each set of field names: everything else in a record is skipped
without becoming Python objects, which costs a fifth of decoding it. Types are open on purpose: the
same field may be a number in one record and a string in the next, and no record may be lost for it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import Any

import msgspec

from trailhound.model.batch import Column, Value

Scalar = str | int | float | bool | None
_SCALARS = (str, int, float, bool, type(None))
_MISSING: Any = None


class Projector:
    """Decodes records to columns for one tuple of dotted field names.

    `a.b` finds both the nested field and a key that is literally `a.b`; a list on the way means "each
    element". Records that are not JSON objects give None in every column and are reported by index.
    """

    def __init__(self, names: tuple[str, ...]) -> None:
        self._names = names
        self._row, self._paths = _row_type(names)
        record: Any = self._row | str | int | float | bool | list[Any] | None
        self._decoder = msgspec.json.Decoder(list[record])
        self._one = msgspec.json.Decoder(record)

    def columns(
        self, records: Sequence[bytes | str | msgspec.Raw], damaged: Callable[[int], None]
    ) -> dict[str, Column]:
        """Give one column per name; `damaged(row)` is called for each record that is not JSON."""
        rows = self._decode(records)
        plain = set(map(type, rows)) <= {self._row}
        if not plain:
            self._report(rows, damaged)
        return {name: self._column(rows, name, plain=plain) for name in self._names}

    def _decode(self, records: Sequence[bytes | str | msgspec.Raw]) -> list[Any]:
        try:
            rows = list(self._decoder.decode(b"[" + b",".join(map(as_bytes, records)) + b"]"))
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            rows = []
        if len(rows) != len(records):  # damaged, or records that are JSON only when joined
            return [self._decode_one(record) for record in records]
        return rows

    def _decode_one(self, record: bytes | str | msgspec.Raw) -> Any:
        try:
            return self._one.decode(as_bytes(record))
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            return lenient_object(as_bytes(record))

    def _report(self, rows: list[Any], damaged: Callable[[int], None]) -> None:
        for number, row in enumerate(rows):
            if not isinstance(row, (self._row, dict)):
                damaged(number)

    def _column(self, rows: list[Any], name: str, *, plain: bool) -> Column:
        literal, nested = self._paths[name]
        column = _flat(rows, literal, name, plain=plain)
        if nested and None in column:
            column = [
                _walk(row, nested, name) if value is None else value
                for row, value in zip(rows, column, strict=True)
            ]
        return _canonical(column)


def as_bytes(record: bytes | str | msgspec.Raw) -> bytes:
    """Give the record's bytes; `str` comes from parsers that hand out text."""
    return record.encode("utf-8", "surrogatepass") if isinstance(record, str) else bytes(record)


def lenient_object(record: bytes) -> dict[str, Any] | None:
    """Decode what strict JSON refuses but products write: NaN, lone surrogates, bad UTF-8."""
    try:
        decoded = json.loads(record.decode("utf-8", "replace"), strict=False)
    except (ValueError, RecursionError):
        return None
    return decoded if isinstance(decoded, dict) else None


@lru_cache(maxsize=2048)
def projector(names: tuple[str, ...]) -> Projector:
    """Give the shared projector for these names."""
    return Projector(names)


def _row_type(names: tuple[str, ...]) -> tuple[type, dict[str, tuple[str, tuple[str, ...]]]]:
    """Build the struct for a record and, per name, its attribute for the literal key and its path."""
    keys: dict[str, str] = {}
    paths: dict[str, tuple[str, tuple[str, ...]]] = {}
    for name in names:
        literal = keys.setdefault(name, f"f{len(keys)}")
        nested: tuple[str, ...] = ()
        if "." in name:
            first, *rest = name.split(".")
            nested = (keys.setdefault(first, f"f{len(keys)}"), *rest)
        paths[name] = (literal, nested)
    fields = [(attribute, Any, None) for attribute in keys.values()]
    row = msgspec.defstruct(
        "Row", fields, rename={attribute: key for key, attribute in keys.items()}, gc=False
    )
    return row, paths


def _flat(rows: list[Any], attribute: str, name: str, *, plain: bool) -> Column:
    if plain:
        return list(map(attrgetter(attribute), rows))
    return [
        row.get(name) if isinstance(row, dict) else getattr(row, attribute, None) for row in rows
    ]


def _walk(row: Any, path: tuple[str, ...], name: str) -> Any:
    """Follow a path; lists fan out, so the result is a list when one is met."""
    if isinstance(row, dict):
        found, path = [row], tuple(name.split("."))
    else:
        found = [value] if (value := getattr(row, path[0], None)) is not None else []
        path = path[1:]
    many = False
    for key in path:
        found, fanned = _step(found, key)
        many = many or fanned
        if not found:
            return None
    return found if many or len(found) > 1 else found[0]


def _step(found: list[Any], key: str) -> tuple[list[Any], bool]:
    """Take `key` of each object found, one list level opened on the way."""
    result: list[Any] = []
    fanned = False
    for value in found:
        objects = value if isinstance(value, list) else (value,)
        fanned = fanned or isinstance(value, list)
        result.extend(item[key] for item in objects if isinstance(item, dict) and key in item)
    return result, fanned


def _canonical(column: list[Any]) -> Column:
    """Turn objects into text and lists into lists of scalars; scalars stay as they are."""
    if set(map(type, column)).issubset(_SCALARS):
        return column
    return [value if isinstance(value, _SCALARS) else _value(value) for value in column]


def _value(value: Any) -> Value:
    if isinstance(value, dict):
        inner = value.get("#text", _MISSING)
        return json_text(value) if inner is None else _value(inner)
    if isinstance(value, list):
        return [item if isinstance(item, _SCALARS) else json_text(item) for item in value]
    return value  # type: ignore[no-any-return]


def json_text(value: Any) -> str:
    """Give an object as compact JSON text: rules may look for words anywhere inside it."""
    try:
        return msgspec.json.encode(value).decode()
    except UnicodeEncodeError:  # half a surrogate pair: JSON can write it, UTF-8 cannot
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        return text.encode("utf-8", "replace").decode()
