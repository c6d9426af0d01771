"""TOML files that people edit: read with the line of every mistake, written back with comments.

The standard reader gives no lines, so a key is found again by a scan of the text; a key inside an
inline table is reported at its section.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from trailhound.model.errors import ConfigError, Where

if TYPE_CHECKING:
    from collections.abc import Iterable

T = TypeVar("T")
MAX_BYTES = 16 * 1024 * 1024

_HEADER = re.compile(r"\s*(\[{1,2})\s*([^\[\]]+?)\s*\]{1,2}\s*(?:#|$)")
_KEY = re.compile(r"\s*(\"[^\"]*\"|'[^']*'|[\w.-]+)\s*=")
_AT_LINE = re.compile(r"\(at line (\d+), column (\d+)\)")
_PATH = re.compile(r" - at `\$\.?([^`]*)`")
_BARE = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed TOML file with its text, so that errors can be placed."""

    source: str
    text: str
    data: dict[str, Any]

    def where(self, section: str, key: str = "", index: int = 0) -> Where:
        """Place a key of a section, or of the `index`-th `[[section]]`; without key the section."""
        return Where(self.source, _line_of(self.text, section, key, index))


def parse(source: str, content: bytes) -> Document:
    """Read TOML; ConfigError tells file, line and column of a syntax error."""
    if len(content) > MAX_BYTES:
        raise ConfigError("the file is larger than 16 MiB", where=Where(source))
    try:
        text = content.decode("utf-8-sig")
        return Document(source, text, tomllib.loads(text))
    except UnicodeDecodeError as error:
        raise ConfigError("not UTF-8 text", where=Where(source, offset=error.start)) from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(*_syntax(str(error)), where=_syntax_place(source, str(error))) from error
    except RecursionError as error:
        raise ConfigError("nested too deeply", where=Where(source)) from error


def decode(document: Document, kind: type[T]) -> T:
    """Check a document of `[section] key = value` against a struct of structs and build it."""
    sections = fields(kind)
    for section, value in document.data.items():
        known(section, sections, "section", document.where(section))
        if not isinstance(value, dict):
            raise ConfigError(f"[{section}] must be a section", where=document.where("", section))
        for key in value:
            known(
                key, fields(sections[section]), f"key of [{section}]", document.where(section, key)
            )
    return convert(document, document.data, kind)


def convert(
    document: Document, data: Mapping[str, Any], kind: type[T], section: str = "", index: int = 0
) -> T:
    """Build `kind` from part of a document; a wrong type or value is a located ConfigError."""
    try:
        return msgspec.convert(data, kind, strict=True)
    except msgspec.ValidationError as error:
        what, path = _split_validation(str(error))
        steps = ([section] if section else []) + re.split(r"[.\[]", path)
        where = document.where(steps[0], steps[1] if len(steps) > 1 else "", index)
        name = ".".join(step for step in steps[:2] if step)
        raise ConfigError(f"{name}: {what}", where=where) from error


def fields(kind: type[Any]) -> dict[str, type[Any]]:
    """Give the names and types of the fields of a struct or dataclass, as TOML spells them."""
    info = msgspec.inspect.type_info(kind)
    if not isinstance(info, msgspec.inspect.StructType | msgspec.inspect.DataclassType):
        return {}
    return {field.encode_name: _plain(field.type) for field in info.fields}


def _plain(kind: msgspec.inspect.Type) -> type[Any]:
    cls: type[Any] = getattr(kind, "cls", type(None))
    return cls


def known(name: str, names: Iterable[str], noun: str, where: Where) -> None:
    """Refuse a name that is not among `names`, with the nearest one as a suggestion."""
    allowed = sorted(names)
    if name in allowed:
        return
    near = difflib.get_close_matches(name, allowed, n=1, cutoff=0.5)
    todo = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(allowed)}"
    raise ConfigError(f"unknown {noun} {name!r}", where=where, todo=todo)


def quote(text: str) -> str:
    """Write a basic string; control characters are escaped, so no value can forge a line."""
    body = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else _unicode(ord(c)) for c in body) + '"'


def key(name: str) -> str:
    """Write a key, quoted where it must be."""
    return name if _BARE.fullmatch(name) else quote(name)


def value(item: object) -> str:
    """Write a value: string, number, boolean, date, list or table."""
    if isinstance(item, bool):
        return "true" if item else "false"
    if isinstance(item, str):
        return quote(item)
    if isinstance(item, Mapping):
        pairs = ", ".join(f"{key(str(k))} = {value(v)}" for k, v in item.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    if isinstance(item, list | tuple):
        return f"[{', '.join(value(part) for part in item)}]"
    return str(item)


def _unicode(code: int) -> str:
    if 0xD800 <= code <= 0xDFFF:
        return "\\uFFFD"
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"


def _syntax(message: str) -> tuple[str]:
    return (_AT_LINE.sub("", message).strip(),)


def _syntax_place(source: str, message: str) -> Where:
    found = _AT_LINE.search(message)
    return Where(source, int(found[1]), int(found[2])) if found else Where(source)


def _split_validation(message: str) -> tuple[str, str]:
    found = _PATH.search(message)
    return _PATH.sub("", message).replace("`", ""), found[1] if found else ""


def _line_of(text: str, section: str, key: str, index: int) -> int | None:
    """Find the line of `key` in `[section]`, else of the section's header, else None."""
    at: int | None = None
    current, seen = "", -1
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            current = header[2].strip("\"'")
            seen += current == section
            at = number if current == section and seen == index else at
            if current == f"{section}.{key}" and key:
                return number
        elif (
            (found := _KEY.match(line))
            and _names(current, found[1], section, key)
            and (current != section or seen == index or not section)
        ):
            return number
    return at


def _names(current: str, written: str, section: str, key: str) -> bool:
    name = written.strip("\"'")
    full = f"{current}.{name}" if current else name
    wanted = f"{section}.{key}" if section and key else section or key
    return full == wanted or (not current and name == wanted)
