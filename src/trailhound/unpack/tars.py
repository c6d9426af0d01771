"""Tar archives: one pass over the headers, members read where they lie.

POSIX.1-2017 `pax`, "ustar Interchange Format"; GNU tar manual, "Basic Tar Format". Written by hand
because the standard library reads whole extended headers into memory and recurses along them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trailhound.model.oddity import Oddity
from trailhound.unpack.archive import (
    TAR_BLOCK,
    Member,
    is_tar_header,
    octal,
    readable_name,
    too_many,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trailhound.unpack.streams import Note, Store

EXTENDED_BYTES = 1024 * 1024
"""Longest extended header that is read; a path cannot need more."""

RESYNC_BYTES = 64 * 1024

FOLDERS = {b"5", b"D"}
LINKS = {b"1": "a hard link", b"2": "a symbolic link"}
DEVICES = {b"3": "a character device", b"4": "a block device", b"6": "a named pipe"}


@dataclass(slots=True)
class _Pending:
    """What extended headers say about the next member."""

    name: str | None = None
    size: int | None = None


def members(store: Store, most: int, note: Note) -> Iterator[Member]:
    """Give the files of a tar, past damage and past the end marks of joined archives."""
    at, pending = 0, _Pending()
    for _ in range(most):
        found = _next_header(store, at, note)
        if found is None:
            return
        at, block = found
        size = pending.size if pending.size is not None else octal(block[124:136]) or 0
        start, stop = at + TAR_BLOCK, min(at + TAR_BLOCK + size, store.size)
        if not _extend(pending, block[156:157], store, start, stop):
            name = pending.name if pending.name is not None else _name(block)
            start += _sparse_headers(block, store, start)
            stop = min(start + size, store.size)
            yield from _member(name, block[156:157], start, stop)
            pending = _Pending()
        if start + size > store.size:
            note(Oddity("archive.truncated", at, 0, "ends inside a member", lost=True))
            return
        at = start + (size + TAR_BLOCK - 1) // TAR_BLOCK * TAR_BLOCK
    note(too_many(at))


def _next_header(store: Store, at: int, note: Note) -> tuple[int, bytes] | None:
    """Find the next header from `at`; zeros are end marks or padding, anything else is damage."""
    damage = -1
    while at < store.size:
        window = store.read_at(at, RESYNC_BYTES)
        if not window:
            return None
        steps = range(0, len(window), TAR_BLOCK) if window.strip(b"\0") else ()
        for step in steps:
            block = window[step : step + TAR_BLOCK]
            if is_tar_header(block):
                _note_damage(damage, at + step, note)
                return at + step, block
            if damage < 0 and block.strip(b"\0"):
                damage = at + step
        at += len(window)
    _note_damage(damage, store.size, note)
    return None


def _note_damage(start: int, stop: int, note: Note) -> None:
    if start >= 0:
        detail = f"{stop - start} bytes are neither a member nor padding"
        note(Oddity("archive.damaged", start, stop - start, detail, lost=True))


def _name(block: bytes) -> str:
    name = block[:100].partition(b"\0")[0]
    prefix = block[345:500].partition(b"\0")[0] if block[257:263] == b"ustar\0" else b""
    return readable_name(prefix + b"/" + name if prefix else name)


def _extend(pending: _Pending, kind: bytes, store: Store, start: int, stop: int) -> bool:
    """Take in an extended header; False when the block is a member."""
    if kind not in {b"L", b"K", b"x", b"g", b"V"}:
        return False
    data = store.read_at(start, min(stop - start, EXTENDED_BYTES))
    if kind == b"L":
        pending.name = readable_name(data.rstrip(b"\0"))
    elif kind == b"x":
        _pax(pending, data)
    return True


def _pax(pending: _Pending, data: bytes) -> None:
    """Read `length key=value` records as far as they are well formed."""
    at = 0
    while at < len(data):
        digits = data[at : at + 20].partition(b" ")[0]
        length = int(digits) if digits.isdigit() else 0
        if length <= len(digits) + 1:
            return
        key, _, value = data[at + len(digits) + 1 : at + length - 1].partition(b"=")
        if key in {b"path", b"GNU.sparse.name"}:
            pending.name = readable_name(value)
        elif key == b"size" and value.isdigit() and len(value) < 20:
            pending.size = int(value)
        at += length


def _sparse_headers(block: bytes, store: Store, start: int) -> int:
    """Give the length of the old GNU sparse maps that stand before a sparse member's bytes."""
    length = 0
    more = block[156:157] == b"S" and block[482] == 1
    while more:
        extra = store.read_at(start + length, TAR_BLOCK)
        length += TAR_BLOCK
        more = len(extra) == TAR_BLOCK and extra[504] == 1
    return length


def _member(name: str, kind: bytes, start: int, stop: int) -> Iterator[Member]:
    """Give a file; POSIX says that a type nobody knows is one."""
    if kind in LINKS:
        yield Member(name, refused=Oddity("archive.link", start, 0, f"{LINKS[kind]}, not followed"))
    elif kind in DEVICES:
        detail = f"{DEVICES[kind]}, not read"
        yield Member(name, refused=Oddity("archive.special", start, 0, detail))
    elif kind not in FOLDERS and not name.endswith("/"):
        yield Member(name, start, stop)
