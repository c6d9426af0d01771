"""Lines of a text source with their byte offsets, within the limits."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import BinaryIO

from trailhound.model.limits import Budget
from trailhound.model.source import Source

BLOCK_BYTES = 1024 * 1024


def line_blocks(source: Source, budget: Budget) -> Iterator[tuple[list[bytes], list[int]]]:
    """Yield lists of whole lines (without their ends) and their offsets, about a block at a time.

    UTF-16 sources are decoded to UTF-8 first (their offsets then count decoded bytes). A line longer
    than the limit is cut out and lost; blank lines are known structure and are not given. The bytes
    of given lines are the reader's to account for; line ends and blank lines are accounted here.
    """
    with source.open() as raw:
        stream, base = _positioned(raw, source)
        rest = b""
        limit = budget.limits.log_line_bytes
        while base is not None:
            block = stream.read(BLOCK_BYTES)
            data = rest + block
            cut = len(data) if not block else data.rfind(b"\n") + 1
            if cut == 0 and len(data) > limit:
                base = _skip_long_line(stream, base, data, budget)
                rest = b""
                continue
            lines, offsets, past = _split(data[:cut], base, budget, _stop(source))
            if lines:
                yield lines, offsets
            rest, base = data[cut:], base + cut
            if not block or past:
                return


def _stop(source: Source) -> int | None:
    return source.span.stop if source.span else None


def _positioned(raw: BinaryIO, source: Source) -> tuple[BinaryIO, int | None]:
    """Move to the first line start inside the span, and undo UTF-16."""
    if source.head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return _Utf16(raw), 0
    if source.span is None or source.span.start == 0:
        return raw, 0
    raw.seek(source.span.start - 1)
    skipped = len(raw.readline())  # a line belongs to the span in which it starts
    return raw, source.span.start - 1 + skipped


def _split(
    data: bytes, base: int, budget: Budget, stop: int | None
) -> tuple[list[bytes], list[int], bool]:
    lines: list[bytes] = []
    offsets: list[int] = []
    position = base
    limit = budget.limits.log_line_bytes
    for line in data.split(b"\n"):
        if stop is not None and position >= stop:
            return lines, offsets, True
        length = len(line)
        text = line[:-1] if line.endswith(b"\r") else line
        if length > limit:
            budget.lose("line.too_long", position, length, f"a line of {length} bytes was left out")
        elif text and not text.isspace():
            budget.parsed_bytes += length + 1 - len(text)
            lines.append(text)
            offsets.append(position)
        else:
            budget.parsed_bytes += length + 1
        position += length + 1
    budget.parsed_bytes -= 1  # n separators give n + 1 pieces
    return lines, offsets, False


def _skip_long_line(stream: BinaryIO, base: int, data: bytes, budget: Budget) -> int | None:
    """Drop a line that exceeds the limit without ever holding it; None at the end of the source."""
    length = len(data)
    while piece := stream.readline(BLOCK_BYTES):
        length += len(piece)
        if piece.endswith(b"\n"):
            break
    budget.lose("line.too_long", base, length, f"a line of {length} bytes was left out")
    return base + length if piece else None


class _Utf16:
    """UTF-16 with a byte order mark, read as UTF-8 bytes."""

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw
        self._decoder = codecs.getincrementaldecoder("utf-16")("replace")
        self._rest = b""

    def read(self, size: int) -> bytes:
        if self._rest:
            piece, self._rest = self._rest[:size], self._rest[size:]
            return piece
        block = self._raw.read(size)
        return self._decoder.decode(block, final=not block).encode("utf-8", "replace")

    def readline(self, size: int) -> bytes:
        piece = self.read(size)
        end = piece.find(b"\n") + 1
        if end:
            piece, self._rest = piece[:end], piece[end:] + self._rest
        return piece
