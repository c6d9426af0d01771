"""Windows event logs (EVTX), through the `evtx` package.

The file is a 4 KiB header and chunks of 64 KiB. The package parses the binary XML; this reader
walks the headers itself (`evtx_chunks.py`), so that a damaged or missing chunk is said with its
place and its size, and so that several workers can each read some of the chunks. Offsets of events
are their record numbers.
"""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING, Any, BinaryIO

import evtx

from trailhound.model.identity import source_digest
from trailhound.readers.evtx_chunks import (
    CHUNK_BYTES,
    HEADER_BYTES,
    MAGIC,
    check_chunks,
    check_layout,
    layout_of,
)
from trailhound.readers.evtx_router import EvtxRouter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from trailhound.model.batch import Batch
    from trailhound.model.limits import Budget
    from trailhound.model.source import Source, Span


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
        with _seekable(source) as stream:
            expected = _checked(stream, source.span, budget)
            stream.seek(0)
            origin = _chunks_of(stream, source.span) if source.span else stream
            whole = str(source.path) if source.path and not source.span else origin
            found = 0
            digest = source_digest(source.head[:HEADER_BYTES])
            for numbers, texts in _records(whole, budget):
                found += len(texts)
                yield from self._router.batches(source.name, texts, numbers, budget, digest)
        if found < expected:
            lost = expected - found
            budget.lose("evtx.records", -1, 0, f"{lost} of {expected} records could not be read")


def _seekable(source: Source) -> BinaryIO:
    """Open the file itself, else hold what a stream gives in memory."""
    if source.path:
        return source.path.open("rb", buffering=0)
    with source.open() as stream:
        return io.BytesIO(stream.read())


def _borders(span: Span) -> tuple[int, int]:
    """Give where the first and the last chunk that start in a span begin and end."""
    start = max(span.start, HEADER_BYTES)
    start += -(start - HEADER_BYTES) % CHUNK_BYTES
    return start, span.stop + -(span.stop - HEADER_BYTES) % CHUNK_BYTES


def _checked(stream: BinaryIO, span: Span | None, budget: Budget) -> int:
    """Walk the headers, say what is damaged or missing, count the records to expect."""
    layout = layout_of(stream)
    if layout.size < HEADER_BYTES:
        budget.lose("evtx.truncated", 0, layout.size, "the file ends inside its header")
        return 0
    chunks = layout.chunks
    if span is not None:
        start, stop = _borders(span)
        chunks = [chunk for chunk in chunks if start <= chunk.offset < stop]
    if span is None or span.start == 0:
        budget.parsed_bytes += HEADER_BYTES
        check_layout(layout, budget)
    return check_chunks(layout, chunks, budget)


def _chunks_of(stream: BinaryIO, span: Span) -> BinaryIO:
    """Give the header and the chunks of a span in memory."""
    stream.seek(0)
    header = stream.read(HEADER_BYTES)
    start, stop = _borders(span)
    stream.seek(start)
    return io.BytesIO(header + stream.read(max(stop - start, 0)))


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
