"""The chunks of an EVTX file: what its header and theirs say, and what is missing.

A chunk of zeros behind the last one in use was set aside and never used. Before it, or where the
file's header counts it, its events are gone. Headers of files that were not closed (`dirty`) count
too few chunks, never too many, so they raise no false alarm; one whose checksum is wrong says
nothing.
Format: https://github.com/libyal/libevtx/blob/main/documentation/Windows%20XML%20Event%20Log%20(EVTX).asciidoc
"""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trailhound.model.limits import Budget

MAGIC = b"ElfFile\x00"
CHUNK_MAGIC = b"ElfChnk\x00"
HEADER_BYTES = 4096
CHUNK_BYTES = 65_536
_USED_BYTES = 128
"""The beginning of a chunk's header; it is never all zeros in a chunk that was used."""
_COUNTS = struct.Struct("<8x8x8xQ10xH76xII")
"""Of the file's header: the next record number, the number of chunks, flags, a checksum."""
_SUMMED_BYTES = 120
_NUMBERS = struct.Struct("<8xQQ")
"""Of a chunk's header: its first and last record number."""
_DIRTY = 1
_NO_NUMBER = 2**63
"""Chunks without records have numbers of ones only."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """One place for a chunk.

    Attributes:
        state: used, empty (zeros only), junk, or cut (the file ends in it).
        first: its first record number, 0 where it has none.
        last: its last record number.
    """

    offset: int
    size: int
    state: str
    first: int = 0
    last: int = 0

    @property
    def records(self) -> int:
        """How many records it should hold."""
        return self.last - self.first + 1 if self.first else 0


@dataclass(frozen=True, slots=True)
class Layout:
    """What a file's headers say.

    Attributes:
        counted: chunks that the file's header counts.
        following: the record number that would be given next, 0 when the header is not up to date.
        in_use: where the chunks that are or were in use end.
    """

    size: int
    counted: int = 0
    following: int = 0
    chunks: Sequence[Chunk] = ()
    in_use: int = 0

    def lost(self, chunk: Chunk) -> bool:
        """Tell a chunk of zeros that held events from one that was set aside."""
        return chunk.state == "empty" and chunk.offset < self.in_use


def layout_of(stream: BinaryIO) -> Layout:
    """Walk the headers; a file that ends inside its own has no chunks."""
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    head = stream.read(HEADER_BYTES)
    if len(head) < HEADER_BYTES:
        return Layout(size)
    following, counted, flags, checksum = _COUNTS.unpack_from(head)
    if checksum != zlib.crc32(head[:_SUMMED_BYTES]):
        following = counted = 0
    places = range(HEADER_BYTES, size, CHUNK_BYTES)
    chunks = [_chunk(stream, offset, min(CHUNK_BYTES, size - offset)) for offset in places]
    used = max((chunk.offset for chunk in chunks if chunk.state != "empty"), default=0)
    in_use = max(used, HEADER_BYTES + counted * CHUNK_BYTES)
    return Layout(size, counted, 0 if flags & _DIRTY else following, chunks, in_use)


def _chunk(stream: BinaryIO, offset: int, size: int) -> Chunk:
    stream.seek(offset)
    head = stream.read(_USED_BYTES)
    if size < CHUNK_BYTES:
        return Chunk(offset, size, "cut")
    if not head.startswith(CHUNK_MAGIC):
        return Chunk(offset, size, "junk" if any(head) else "empty")
    first, last = _NUMBERS.unpack_from(head)
    known = 0 < first <= last < min(first + CHUNK_BYTES, _NO_NUMBER)
    return Chunk(offset, size, "used", first if known else 0, last if known else 0)


def check_chunks(layout: Layout, chunks: Sequence[Chunk], budget: Budget) -> int:
    """Account for all bytes of some chunks, report damage, count the records to expect."""
    for chunk in chunks:
        offset, size = chunk.offset, chunk.size
        if chunk.state == "cut":
            detail = f"the file ends inside a chunk ({size} bytes)"
            budget.lose("evtx.truncated", offset, size, detail)
        elif chunk.state == "junk":
            budget.lose("evtx.chunk", offset, size, "a chunk without its magic bytes (64 KiB lost)")
        elif layout.lost(chunk):
            budget.lose("evtx.chunk", offset, size, "a chunk of zeros amid others (64 KiB lost)")
        else:
            budget.parsed_bytes += size
    return sum(chunk.records for chunk in chunks)


def check_layout(layout: Layout, budget: Budget) -> None:
    """Report what is missing between and behind the chunks that are there."""
    present = len(layout.chunks)
    used = sorted((c for c in layout.chunks if c.first), key=lambda chunk: chunk.first)
    if present < layout.counted:
        place = HEADER_BYTES + present * CHUNK_BYTES
        detail = f"the header counts {layout.counted} chunks, {present} are there"
        budget.lose("evtx.truncated", place, 0, detail + _missing(used, layout.following))
    elif not _broken(layout) and used and 0 < used[-1].last + 1 < layout.following:
        detail = "the last chunk is not the newest" + _missing(used, layout.following)
        budget.lose("evtx.gap", used[-1].offset, 0, detail)
    for before, after in pairwise(used):
        if after.first > before.last + 1 and after.offset == before.offset + CHUNK_BYTES:
            detail = f"records {before.last + 1} to {after.first - 1} are missing"
            budget.lose("evtx.gap", after.offset, 0, detail)


def _broken(layout: Layout) -> bool:
    """Tell whether a chunk that is not read was reported: it explains what is missing."""
    return any(one.state in ("cut", "junk") or layout.lost(one) for one in layout.chunks)


def _missing(used: Sequence[Chunk], following: int) -> str:
    first = used[-1].last + 1 if used else 1
    return f": records {first} to {following - 1} are missing" if first < following else ""
