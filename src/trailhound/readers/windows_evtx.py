"""Windows event logs (EVTX), through the `evtx` package.

The file is a 4 KiB header and chunks of 64 KiB. The package parses the binary XML; this reader
walks the chunk headers itself, so that a damaged or missing chunk is said with its place and its
size, and so that several workers can each read some of the chunks. Offsets of events are their
record numbers.
Format: https://github.com/libyal/libevtx/blob/main/documentation/Windows%20XML%20Event%20Log%20(EVTX).asciidoc
"""

from __future__ import annotations

import io
import struct
import warnings
from typing import TYPE_CHECKING, Any, BinaryIO

import evtx

from trailhound.model.identity import source_digest
from trailhound.readers.evtx_router import EvtxRouter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from trailhound.model.batch import Batch
    from trailhound.model.limits import Budget
    from trailhound.model.source import Source

MAGIC = b"ElfFile\x00"
CHUNK_MAGIC = b"ElfChnk\x00"
HEADER_BYTES = 4096
CHUNK_BYTES = 65_536
CHUNK_HEADER_BYTES = 512
_NUMBERS = struct.Struct("<8x8x8xQQ")
"""Of a chunk header: first and last record number."""


class WindowsEvtx:
    """Reads EVTX files, whole or some of their chunks."""

    name = "windows.evtx"
    splittable = True

    def __init__(self) -> None:
        self._router = EvtxRouter()

    def sniff(self, head: bytes, path: str) -> float:
        """Bid on the file's magic bytes."""
        del path
        return 1.0 if head.startswith(MAGIC) else 0.0

    def read(self, source: Source, budget: Budget) -> Iterator[Batch]:
        """Yield batches by route; `span` counts bytes and is taken by whole chunks."""
        path = source.path if source.span is None else None
        stream = path.open("rb", buffering=0) if path else _chunks_of(source)
        with stream:
            expected = _check_chunks(stream, budget)
            stream.seek(0)
            origin = str(path) if path else stream
            found = 0
            digest = source_digest(source.head[:HEADER_BYTES])
            for numbers, texts in _records(origin, budget):
                found += len(texts)
                yield from self._router.batches(source.name, texts, numbers, budget, digest)
        if found < expected:
            lost = expected - found
            budget.lose("evtx.records", -1, 0, f"{lost} of {expected} records could not be read")


def _chunks_of(source: Source) -> BinaryIO:
    """Give the header and the chunks of the span (or everything) in memory."""
    with source.open() as stream:
        header = stream.read(HEADER_BYTES)
        if source.span is None:
            return io.BytesIO(header + stream.read())
        start = max(source.span.start, HEADER_BYTES)
        start += -(start - HEADER_BYTES) % CHUNK_BYTES
        stop = source.span.stop + -(source.span.stop - HEADER_BYTES) % CHUNK_BYTES
        stream.seek(start)
        return io.BytesIO(header + stream.read(max(stop - start, 0)))


def _check_chunks(stream: BinaryIO, budget: Budget) -> int:
    """Walk the chunk headers: account for all bytes, report damage, count the records to expect."""
    size = stream.seek(0, io.SEEK_END)
    if size < HEADER_BYTES:
        budget.lose("evtx.truncated", 0, size, "the file ends inside its header")
        return 0
    budget.parsed_bytes += HEADER_BYTES
    return sum(
        _check_chunk(stream, offset, min(CHUNK_BYTES, size - offset), budget)
        for offset in range(HEADER_BYTES, size, CHUNK_BYTES)
    )


def _check_chunk(stream: BinaryIO, offset: int, size: int, budget: Budget) -> int:
    """Check one chunk of `size` bytes; gives the number of records it should hold."""
    stream.seek(offset)
    head = stream.read(CHUNK_HEADER_BYTES)
    if size < CHUNK_BYTES:
        budget.lose("evtx.truncated", offset, size, f"the file ends inside a chunk ({size} bytes)")
    elif head.startswith(CHUNK_MAGIC):
        budget.parsed_bytes += size
        first, last = _NUMBERS.unpack_from(head)
        return last - first + 1 if 0 <= last - first < CHUNK_BYTES else 0
    elif any(head):
        budget.lose("evtx.chunk", offset, size, "a chunk without its magic bytes (64 KiB lost)")
    else:
        budget.parsed_bytes += size  # preallocated, never used
    return 0


def _records(origin: str | BinaryIO, budget: Budget) -> Iterator[tuple[list[int], list[str]]]:
    """Yield record numbers and JSON texts, some thousand at a time; damage becomes oddities."""
    numbers: list[int] = []
    texts: list[str] = []
    try:
        parser = evtx.PyEvtxParser(origin, number_of_threads=1, skip_errors=True)
        records = parser.records_json()
        while True:
            with warnings.catch_warnings(record=True) as said:
                warnings.simplefilter("always")
                done = _take(records, numbers, texts, budget.limits.batch_rows)
            for warning in said:
                budget.lose("evtx.damaged", -1, 0, str(warning.message)[:300])
            if texts:
                yield numbers, texts
                numbers, texts = [], []
            if done:
                return
    except (OSError, RuntimeError, ValueError) as error:
        budget.lose("evtx.damaged", -1, 0, str(error)[:300])
        if texts:
            yield numbers, texts


def _take(records: Iterable[Any], numbers: list[int], texts: list[str], count: int) -> bool:
    """Move up to `count` records; True at the end."""
    for record in records:
        texts.append(record["data"])
        numbers.append(record["event_record_id"])
        if len(texts) >= count:
            return False
    return True


READER = WindowsEvtx()
