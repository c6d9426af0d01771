"""Files given twice are read once: overlapping paths, hard links, copies with the same bytes.

Evidence is collected in a hurry, and what is counted twice looks like an attack that is twice as
loud. Only files of one size are compared: by their last bytes first, then whole.
"""

from __future__ import annotations

import hashlib
import stat
from typing import TYPE_CHECKING

from trailhound.model.oddity import Oddity
from trailhound.unpack.walk import STANDARD_INPUT

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Sequence

    from trailhound.unpack.streams import Report
    from trailhound.unpack.walk import File

TAIL_BYTES = 4096
BLOCK_BYTES = 1024 * 1024


def without_copies(files: Iterable[File], report: Report) -> list[File]:
    """Leave out what is the same file, or a copy, of one before it, and say so."""
    kept: list[File] = []
    sizes: dict[int, list[File]] = {}
    met: dict[tuple[int, int], File] = {}
    for file in files:
        status = _status(file)
        if status is None or not stat.S_ISREG(status.st_mode) or not status.st_size:
            kept.append(file)  # whatever it is, the reading of it says so
            continue
        first = met.setdefault((status.st_dev, status.st_ino), file)
        if first is not file and status.st_ino:
            _say(file, first, report)
            continue
        kept.append(file)
        sizes.setdefault(status.st_size, []).append(file)
    copies = {
        copy.name: first
        for size, alike in sizes.items()
        if len(alike) > 1
        for copy, first in _copies(alike, size)
    }
    for file in kept:
        if file.name in copies:
            _say(file, copies[file.name], report)
    return [file for file in kept if file.name not in copies]


def _say(file: File, first: File, report: Report) -> None:
    report(file.name, Oddity("file.copy", -1, 0, f"the same bytes as {first.name}, read once"))


def _status(file: File) -> os.stat_result | None:
    try:
        return None if file.path == STANDARD_INPUT else file.path.stat()
    except OSError:
        return None


def _copies(alike: Sequence[File], size: int) -> list[tuple[File, File]]:
    """Give each file that repeats another, and the first of its kind."""
    by_tail: dict[bytes, list[File]] = {}
    for file in alike:
        tail = _read(file, max(size - TAIL_BYTES, 0))
        if tail is not None:
            by_tail.setdefault(tail, []).append(file)
    found: list[tuple[File, File]] = []
    for candidates in by_tail.values():
        firsts: dict[bytes, File] = {}
        for file in candidates if len(candidates) > 1 else ():
            digest = _digest(file)
            if digest is not None and firsts.setdefault(digest, file) is not file:
                found.append((file, firsts[digest]))
    return found


def _read(file: File, offset: int) -> bytes | None:
    try:
        with file.path.open("rb", buffering=0) as stream:
            stream.seek(offset)
            return stream.read(TAIL_BYTES)
    except OSError:
        return None


def _digest(file: File) -> bytes | None:
    digest = hashlib.blake2b(digest_size=16)
    try:
        with file.path.open("rb", buffering=0) as stream:
            while block := stream.read(BLOCK_BYTES):
                digest.update(block)
    except OSError:
        return None
    return digest.digest()
