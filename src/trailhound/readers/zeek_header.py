"""The header lines of Zeek's tab-separated logs, which say how to read the lines below them.

Format: https://docs.zeek.org/en/master/log-formats.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any

_NAME = re.compile(r"[^a-z0-9_]")
MAX_FIELDS = 1000
"""The widest log of Zeek has about 50 fields; a wider header is damage."""
_ESCAPED = re.compile(r"\\x([0-9A-Fa-f]{2})")


@dataclass(frozen=True, slots=True)
class Header:
    """What is known so far; `closed` tells whether the writer ended the log."""

    separator: str = "\t"
    set_separator: str = ","
    empty: str = "(empty)"
    unset: str = "-"
    path: str = "unknown"
    fields: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    closed: bool = False
    places: dict[str, int] = field(default_factory=dict)

    def read(self, line: bytes) -> Header:
        """Take in one line that starts with `#`; unknown ones change nothing."""
        text = line.decode("utf-8", "replace").rstrip("\r\n")
        if text.startswith("#separator"):
            return Header(separator=unescape(text[len("#separator") :].strip(" \t")) or "\t")
        word, _, rest = text.partition(self.separator)
        if word == "#path":
            return replace(self, path=_NAME.sub("_", rest)[:64] or "unknown", closed=False)
        if word in _PLAIN and rest:
            made: dict[str, Any] = {_PLAIN[word]: unescape(rest)}
            return replace(self, closed=False, **made)
        if word == "#fields":
            return self._with_fields(tuple(rest.split(self.separator)))
        if word == "#types":
            return self._with_types(tuple(rest.split(self.separator)))
        return replace(self, closed=word == "#close") if word in ("#close", "#open") else self

    @property
    def plain(self) -> bool:
        """Tell whether the separator is one ASCII character, as Arrow wants it."""
        return len(self.separator) == 1 and self.separator.isascii()

    def _with_fields(self, fields: tuple[str, ...]) -> Header:
        if len(fields) > MAX_FIELDS:
            return replace(self, fields=(), types=(), places={})
        places = {name: place for place, name in enumerate(fields)}
        types = ("string",) * len(fields)
        return replace(self, fields=fields, types=types, places=places, closed=False)

    def _with_types(self, types: tuple[str, ...]) -> Header:
        missing = len(self.fields) - len(types)
        return replace(self, types=(*types, *["string"] * missing)[: len(self.fields)])


_PLAIN = {
    "#set_separator": "set_separator",
    "#empty_field": "empty",
    "#unset_field": "unset",
}


def unescape(text: str) -> str:
    r"""Undo `\xNN`, with which headers write characters that cannot stand for themselves."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
