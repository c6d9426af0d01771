"""The objects in a source's first bytes, each by the names of its own members.

A record is known by names that stand side by side: names from anywhere in the head would mix those
of a record with those of what it carries.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from trailhound.readers.json_records import ENVELOPES, shape_of
from trailhound.readers.wrapping import DEPTH, LISTS, OBJECTS

_TOKEN = re.compile(rb'"((?:[^"\\]|\\.)*+)(?:"[ \t\r\n]*(:)?|\\?\Z)|([{}\[\]])|[\w+.-]+', re.DOTALL)
"""A string (with a colon: a name), a bracket, or a bare value; the last string may be cut off."""
_ESCAPED = re.compile(rb"\\(.)", re.DOTALL)
_WRAPPERS = frozenset([*OBJECTS, *LISTS, *ENVELOPES, "results", "properties"])


@dataclass(slots=True)
class _Open:
    """A bracket that is open.

    Attributes:
        listed: it is a list.
        reached: only wrappers, lists and titles are around it: it may be a record.
        title: it is a member of the outermost object, whose names may be titles of records.
        key: the member under way.
        names: those of an object.
    """

    listed: bool
    reached: bool
    title: bool = False
    key: str = ""
    names: set[str] = field(default_factory=set)


@lru_cache(maxsize=8)
def objects_in(head: bytes) -> tuple[frozenset[str], ...]:
    """Give the names of each object that may be a record, outer ones first, also inside quotes."""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = head.decode("utf-16", "replace").encode("utf-8", "replace")
    if shape_of(head) == "none":
        return ()
    found: list[frozenset[str]] = []
    texts = [head]
    for _ in range(DEPTH):
        quoted: list[bytes] = []
        for text in texts:
            found += _objects(text, quoted)
        texts = quoted
    return tuple(found)


def _objects(text: bytes, quoted: list[bytes]) -> list[frozenset[str]]:
    """Walk over the tokens of one text; JSON in quotes is put aside."""
    stack: list[_Open] = []
    found: list[_Open] = []
    titled = True
    for token in _TOKEN.finditer(text):
        mark = token[3]
        top = stack[-1] if stack else None
        if mark in (b"{", b"["):
            stack.append(_opened(mark, top, len(stack)))
            if mark == b"{" and stack[-1].reached:
                found.append(stack[-1])
            titled = titled and not (mark == b"[" and len(stack) == 2)
        elif mark:
            stack = stack[:-1]
        elif top is None:
            continue
        elif token[2] and not top.listed:
            top.key = token[1].decode("utf-8", "replace")
            top.names.add(top.key)
        else:
            titled = titled and len(stack) > 1
            if token[1] and top.key in _WRAPPERS and token[1].lstrip()[:1] == b"{":
                quoted.append(_ESCAPED.sub(rb"\1", token[1]))
    return [frozenset(one.names) for one in found if titled or not one.title]


def _opened(mark: bytes, parent: _Open | None, depth: int) -> _Open:
    """Open a bracket inside another."""
    listed = mark == b"["
    if parent is None:
        return _Open(listed, reached=True)
    if parent.listed:
        return _Open(listed, parent.reached and not listed, parent.title)
    wrapped = parent.key in _WRAPPERS
    title = parent.title or (depth == 1 and not wrapped)
    return _Open(listed, parent.reached and (wrapped or (depth == 1 and not listed)), title)
