"""Decode only the wanted fields of JSON records, a batch at a time.

Typed msgspec decoders are built for each set of field names: everything else in a record is skipped
without becoming Python objects, which costs a fifth of decoding it. Types are open on purpose: the
same field may be a number in one record and a string in the next, and no record may be lost for it.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from trailhound.model.batch import Column, Value

Scalar = str | int | float | bool | None
_SCALARS = (str, int, float, bool, type(None))
Path = tuple[str, ...]
_UNTYPED = re.compile(r"[\x00-\x1f\"\\\ud800-\udfff]")
"""Characters that a typed decoder cannot have in a name: such fields are looked up one by one."""

_DEEPEST = 30
"""So are fields below more levels than any product has: decoders are built level by level."""


class Projector:
    """Decodes records to columns for one tuple of dotted field names.

    `a.b` finds both the nested field and a key that is literally `a.b`; a list on the way means
    "each element". Records that are not JSON objects give None in every column and are reported.
    """

    def __init__(self, names: tuple[str, ...]) -> None:
        self._names = names
        self._odd = [n for n in names if _UNTYPED.search(n) or n.count(".") > _DEEPEST]
        self._plans = [_Plan(group) for group in _apart([n for n in names if n not in self._odd])]

    def columns(
        self,
        records: Sequence[bytes | str | msgspec.Raw],
        damaged: Callable[[int], None],
        joined: bytes = b"",
    ) -> dict[str, Column]:
        """Give one column per name; `damaged(row)` is called for each record that is not JSON.

        `joined` is `array_of(records)`, where somebody has it.
        """
        joined = joined or array_of(records)
        columns: dict[str, Column] = {}
        for plan in self._plans:
            rows, bad = plan.decode(joined, records)
            for number in bad:
                damaged(number)
            columns |= plan.columns(rows)
        for name in self._odd:
            columns[name] = _canonical([_looked_up(as_bytes(raw), name) for raw in records])
        return {name: columns[name] for name in self._names}


def array_of(records: Sequence[bytes | str | msgspec.Raw]) -> bytes:
    """Give one JSON array of records, all text or all bytes; copies them once."""
    if not records:
        return b"[]"
    if isinstance(records[0], str):
        return f"[{','.join(records)}]".encode("utf-8", "surrogatepass")  # type: ignore[arg-type]
    pieces: list[Any] = list(records)
    pieces[0] = b"[%b" % pieces[0]
    pieces[-1] = b"%b]" % pieces[-1]
    return b",".join(pieces)


class _Plan:
    """Names of which none lies inside another, so that one decoder serves them all."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names
        self._root = _Node()
        self._literal = [name for name in names if "." in name]
        self._flat = not self._literal and bool(names)
        for name in self._literal:
            self._root.leaf(name)
        for name in names:
            self._root.add(name.split("."))
        self._root.build()
        record: Any = self._root.struct | _OPEN
        self._decoder = msgspec.json.Decoder(list[record])
        self._one = msgspec.json.Decoder(record)

    def decode(
        self, joined: bytes, records: Sequence[bytes | str | msgspec.Raw]
    ) -> tuple[list[Any], list[int]]:
        """Give one struct per record, an empty one for what is no object, and the rows of those."""
        try:
            rows = self._decoder.decode(joined)
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            rows = []
        if len(rows) != len(records):  # damaged, or records that are JSON only when joined
            rows = [self._decode_one(as_bytes(raw)) for raw in records]
        root = self._root
        if set(map(type, rows)) == {root.struct}:
            return rows, []
        bad = [number for number, row in enumerate(rows) if not isinstance(row, root.struct)]
        return [row if isinstance(row, root.struct) else root.empty for row in rows], bad

    def _decode_one(self, raw: bytes) -> object:
        try:
            return self._one.decode(raw)
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            lenient = lenient_object(raw)
        return None if lenient is None else self._one.decode(json_text(lenient))

    def columns(self, rows: list[Any]) -> dict[str, Column]:
        if self._flat and rows:
            made = zip(*map(msgspec.structs.astuple, rows), strict=True)
            return {
                name: _canonical(list(column))
                for name, column in zip(self._root.attributes, made, strict=True)
            }
        literal = self._literals(rows)
        known: dict[Path, list[Any]] = {(): rows}
        columns: dict[str, Column] = {}
        for name in self._names:
            column = _follow(self._root, tuple(name.split(".")), known)
            if name in literal:
                column = [c if v is None else v for c, v in zip(column, literal[name], strict=True)]
            columns[name] = _canonical(column)
        return columns

    def _literals(self, rows: list[Any]) -> dict[str, list[Any]]:
        """Give the columns of keys that hold dots themselves, if there are any such keys."""
        attributes = [self._root.attributes[name] for name in self._literal]
        if not attributes:
            return {}
        getter = attrgetter(*attributes)
        nothing = getter(self._root.empty)
        values = list(map(getter, rows))
        if values.count(nothing) == len(rows):
            return {}
        return {
            name: [getattr(row, attribute, None) for row in rows]
            for name, attribute in zip(self._literal, attributes, strict=True)
        }


class _Node:
    """One object level of a plan: the struct it decodes to and the keys wanted below."""

    def __init__(self) -> None:
        self.attributes: dict[str, str] = {}
        self.children: dict[str, _Node] = {}
        self.struct: Any = None
        self.empty: Any = None
        """Stands where the object is missing."""

    def leaf(self, key: str) -> None:
        self.attributes.setdefault(key, f"f{len(self.attributes)}")

    def add(self, path: Iterable[str]) -> None:
        node = self
        *outer, last = path
        for key in outer:
            node.leaf(key)
            node = node.children.setdefault(key, _Node())
        node.leaf(last)

    def build(self) -> None:
        """Build the structs from the innermost outwards."""
        order = [self]
        for node in order:
            order.extend(node.children.values())
        for node in reversed(order):
            fields = [
                (attribute, _type_of(node.children.get(key)), None)
                for key, attribute in node.attributes.items()
            ]
            rename = {attribute: key for key, attribute in node.attributes.items()}
            node.struct = msgspec.defstruct("Node", fields, rename=rename, gc=False)
            node.empty = node.struct()


_OPEN: Any = str | int | float | bool | list[Any] | None
"""What may stand where an object is expected."""


def _type_of(node: _Node | None) -> object:
    return Any if node is None else node.struct | _OPEN


def _apart(names: Sequence[str]) -> list[list[str]]:
    """Divide names so that no group holds a name and one inside it (`a` and `a.b`)."""
    groups: list[list[str]] = []
    for name in sorted(names, key=lambda n: (-n.count("."), n)):
        for group in groups:
            if not any(other.startswith(name + ".") for other in group):
                group.append(name)
                break
        else:
            groups.append([name])
    return groups or [[]]


def _follow(root: _Node, path: Path, known: dict[Path, list[Any]]) -> list[Any]:
    """Take the values at a path; the objects of prefixes met before are remembered in `known`."""
    *outer, last = path
    node, column = root, known[()]
    for depth, key in enumerate(outer, 1):
        inner = node.children[key]
        met = known.get(path[:depth])
        if met is None:
            met = list(map(attrgetter(node.attributes[key]), column))
            if not set(map(type, met)) <= {inner.struct, type(None)}:
                return _ragged(inner, met, path[depth:])
            known[path[:depth]] = met = [inner.empty if v is None else v for v in met]
        node, column = inner, met
    return list(map(attrgetter(node.attributes[last]), column))


def _ragged(node: _Node, column: list[Any], path: Path) -> list[Any]:
    """Follow a path where some rows have a list or a scalar in the place of the object."""
    plain = [value if isinstance(value, node.struct) else node.empty for value in column]
    inner = _follow(node, path, {(): plain})
    return [
        _walk(value, path) if isinstance(value, list) else found
        for value, found in zip(column, inner, strict=True)
    ]


def _walk(values: list[Any], path: Path) -> list[Any] | None:
    """Follow a path into each element of a list; the result is a list."""
    found = values
    for number, key in enumerate(path):
        if number:
            found = [v for value in found for v in (value if isinstance(value, list) else (value,))]
        found = [item[key] for item in found if isinstance(item, dict) and key in item]
    return found or None


def _looked_up(raw: bytes, name: str) -> object:
    """Find a field without a typed decoder: the literal key first, then the path."""
    record = lenient_object(raw) or {}
    if name in record:
        return record[name]
    found = _walk([record], tuple(name.split(".")))
    return found[0] if found is not None and len(found) == 1 else found


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


def _canonical(column: list[Any]) -> Column:
    """Turn objects into text and lists into lists of scalars; scalars stay as they are."""
    if column.count(None) == len(column) or set(map(type, column)).issubset(_SCALARS):
        return column
    return [value if isinstance(value, _SCALARS) else _value(value) for value in column]


def _value(value: object) -> Value:
    if isinstance(value, dict):
        inner = value.get("#text")
        return json_text(value) if inner is None else _value(inner)
    if isinstance(value, list):
        return [item if isinstance(item, _SCALARS) else json_text(item) for item in value]
    return value if isinstance(value, _SCALARS) else None


def json_text(value: object) -> str:
    """Give an object as compact JSON text: rules may look for words anywhere inside it."""
    try:
        return msgspec.json.encode(value).decode()
    except UnicodeEncodeError:  # half a surrogate pair: JSON can write it, UTF-8 cannot
        text = json.dumps(_without_nan(value), ensure_ascii=False, separators=(",", ":"))
        return text.encode("utf-8", "replace").decode()


def _without_nan(value: object) -> object:
    """Replace what Python writes and JSON does not know; numbers of logs are never infinite."""
    return json.loads(json.dumps(value), parse_constant=lambda _name: None)
