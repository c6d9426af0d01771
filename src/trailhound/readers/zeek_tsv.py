"""Zeek's tab-separated logs, every kind: the header names the columns and their types.

Logs are also met glued together, cut off, and with columns added at the end by other tools; a
header in the middle starts a new log.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from trailhound.model.identity import source_digest
from trailhound.model.limits import Budget
from trailhound.model.source import Span
from trailhound.readers.lines import head_lines, whole_blocks
from trailhound.readers.zeek_columns import ZeekBatch, parse_block, table_of
from trailhound.readers.zeek_header import Header

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

    from trailhound.model.batch import Batch
    from trailhound.model.source import Source

HASH, NEWLINE = ord("#"), ord("\n")


class ZeekTsv:
    """Reads Zeek logs in ASCII form; a span takes its header from what stands before it."""

    name = "zeek.tsv"
    splittable = True

    def sniff(self, head: bytes, path: str) -> float:
        """Bid on the header."""
        del path
        lines = head_lines(head)
        if lines and lines[0].startswith(b"#separator "):
            return 1.0
        header = _header_of(b"\n".join(line for line in lines if line.startswith(b"#")))
        return 0.9 if header.path != Header().path and header.fields else 0.0

    def read(self, source: Source, budget: Budget) -> Iterator[Batch]:
        """Yield a batch per block of lines under one header."""
        header = _header_before(source)
        digest = source_digest(source.head)
        for data, base in whole_blocks(source, budget):
            for start, stop in _segments(data):
                piece = data[start:stop]
                if piece[0] == HASH:
                    header = header.read(piece)
                    budget.parsed_bytes += len(piece)
                elif batch := _batch(source, piece, base + start, header, digest, budget):
                    yield batch
        _note_open_end(source, header, budget)


def _header_of(data: bytes) -> Header:
    header = Header()
    for start, stop in _segments(data):
        if data[start] == HASH:
            header = header.read(data[start:stop])
    return header


def _header_before(source: Source) -> Header:
    """Give the header that holds where a span starts."""
    header = Header()
    if source.span is None or source.span.start == 0:
        return header
    before = replace(source, span=Span(0, source.span.start))
    for data, _ in whole_blocks(before, Budget()):
        for start, stop in _segments(data):
            if data[start] == HASH:
                header = header.read(data[start:stop])
    return header


def _segments(data: bytes) -> Iterator[tuple[int, int]]:
    """Yield the places of header lines, one by one, and of runs of lines between them."""
    start = 0
    while start < len(data):
        stop = data.find(b"\n", start) + 1 if data[start] == HASH else _next_header(data, start)
        yield start, stop or len(data)
        start = stop or len(data)


def _next_header(data: bytes, start: int) -> int:
    """Give where the next line that starts with `#` does, 0 when there is none.

    Looked for by the `#` alone: it is rare, ends of lines are not.
    """
    place = data.find(b"#", start)
    while place > 0 and data[place - 1] != NEWLINE:
        place = data.find(b"#", place + 1)
    return max(place, 0)


def _batch(  # noqa: PLR0917 - what a batch is made of
    source: Source, data: bytes, base: int, header: Header, digest: bytes, budget: Budget
) -> Batch | None:
    if not header.fields:
        budget.lose("zeek.no_header", base, len(data), "lines above the first `#fields` line")
        return None
    ends = np.flatnonzero(np.frombuffer(data, dtype=np.uint8) == ord("\n"))
    rows = len(ends) + (not data.endswith(b"\n"))
    table = parse_block(data, header, rows)
    if table is None:
        return _one_by_one(source, data, base, header, digest, budget)
    offsets = np.concatenate(([0], ends + 1))[:rows] + base
    budget.parsed_bytes += len(data)
    return ZeekBatch(source.name, header, table, data, offsets, digest)


def _one_by_one(  # noqa: PLR0917 - what a batch is made of
    source: Source, data: bytes, base: int, header: Header, digest: bytes, budget: Budget
) -> Batch | None:
    """Cut a block that holds damage line by line: good lines become rows, the others oddities."""
    lines: list[bytes] = []
    rows: list[list[str]] = []
    offsets: list[int] = []
    for line in data.removesuffix(b"\n").split(b"\n"):
        text = line.removesuffix(b"\r")
        fields = text.decode("utf-8", "replace").split(header.separator)
        if len(fields) == len(header.fields) and text:
            lines.append(text)
            rows.append(fields)
            offsets.append(base)
        elif text.strip():
            detail = f"{len(fields)} fields where the header names {len(header.fields)}"
            budget.lose("zeek.columns", base, len(text), detail)
            budget.parsed_bytes -= len(text)
        base += len(line) + 1
    budget.parsed_bytes += len(data)
    if not rows:
        return None
    table: pa.Table = table_of(rows, header)
    place = np.array(offsets, dtype=np.int64)
    return ZeekBatch(source.name, header, table, b"\n".join(lines), place, digest)


def _note_open_end(source: Source, header: Header, budget: Budget) -> None:
    """Say that the writer did not close the log: it still grows, or was cut off."""
    last = source.span is None or source.size is None or source.span.stop >= source.size
    if last and header.fields and not header.closed:
        budget.note("zeek.not_closed", -1, 0, "the log ends without a `#close` line")


READER = ZeekTsv()
