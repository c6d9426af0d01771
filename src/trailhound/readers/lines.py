"""Lines of a text source with their byte offsets, within the limits."""

from __future__ import annotations

import codecs
from itertools import accumulate
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from trailhound.model.limits import Budget
    from trailhound.model.source import Source

BLOCK_BYTES = 1024 * 1024
BOM = codecs.BOM_UTF8
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class _Stream(Protocol):
    def read(self, size: int, /) -> bytes: ...


def line_blocks(source: Source, budget: Budget) -> Iterator[tuple[list[bytes], list[int]]]:
    """Yield lists of whole lines (without their ends) and their offsets, about a block at a time.

    UTF-16 sources are decoded to UTF-8 first (their offsets then count decoded bytes). A line over
    the limit is cut out and lost; blank lines are known structure and are not given. The bytes of
    given lines are the reader's to account for; line ends, blank lines and a byte order mark are
    accounted here.
    """
    for data, base in whole_blocks(source, budget):
        lines, offsets = _split(data, base)
        if lines:
            yield lines, offsets
        budget.parsed_bytes += len(data) - sum(map(len, lines))


def whole_blocks(source: Source, budget: Budget) -> Iterator[tuple[bytes, int]]:
    """Yield bytes that start and end at line borders, and the offset of the first of them.

    The last block may lack its line end. Lines over the limit are left out and said, a byte order
    mark is left out and accounted; all bytes yielded are the caller's to account for.
    """
    size = min(BLOCK_BYTES, budget.limits.log_line_bytes)
    with source.open() as raw:
        stream, base = positioned(raw, source, budget)
        rest = b""
        stop = source.span.stop if source.span and not isinstance(stream, _Utf16) else None
        if stop and source.head.startswith(BOM) and base == len(BOM):
            stop = max(stop, base + 1)  # the line behind a mark starts with it
        while stop is None or base < stop:
            block = stream.read(size)
            data = rest + block
            if len(data) > budget.limits.log_line_bytes:
                data, base = _without_long_line(stream, data, base, budget)
            cut = data.rfind(b"\n") + 1 if block else len(data)
            end = _end(data, base, cut, stop)
            if end:
                yield (data[:end] if end < len(data) else data), base
            rest, base = data[cut:], base + cut
            if not block:
                return


def decoded(lines: list[bytes], offsets: list[int], budget: Budget) -> list[str]:
    """Decode lines as UTF-8 at once; bytes that are not UTF-8 become U+FFFD, which is noted."""
    joined = b"\n".join(lines)
    try:
        return joined.decode().split("\n")
    except UnicodeDecodeError:
        _note_foreign(lines, offsets, budget)
        return joined.decode("utf-8", "replace").split("\n")


def head_lines(head: bytes) -> list[bytes]:
    """Give the whole lines of a source's first bytes; the last one counts only when it is alone."""
    if head[:2] in _UTF16:
        head = head.decode("utf-16", "ignore").encode("utf-8", "replace")
    lines = head.removeprefix(BOM).split(b"\n")
    whole = lines[:-1] if len(lines) > 1 else lines
    return [line.rstrip(b"\r") for line in whole if line and not line.isspace()]


def _note_foreign(lines: list[bytes], offsets: list[int], budget: Budget) -> None:
    for line, offset in zip(lines, offsets, strict=True):
        try:
            line.decode()
        except UnicodeDecodeError:
            budget.note("line.encoding", offset, len(line), "a line that is not UTF-8")


def positioned(raw: BinaryIO, source: Source, budget: Budget) -> tuple[_Stream, int]:
    """Move to the first line start inside the span, and undo UTF-16 and byte order marks.

    A UTF-16 source has one span only: the worker of the first one reads it all.
    """
    start = source.span.start if source.span else 0
    if source.head[:2] in _UTF16:
        return (_Empty() if start else _Utf16(raw)), 0
    if start:
        raw.seek(start - 1)  # a line belongs to the span in which it starts
        start += _to_line_end(raw, b"", BLOCK_BYTES)[0] - 1
        raw.seek(start)
    elif source.head.startswith(BOM):
        start = len(raw.read(len(BOM)))
        budget.parsed_bytes += start
    return raw, start


def _without_long_line(
    stream: _Stream, data: bytes, base: int, budget: Budget
) -> tuple[bytes, int]:
    """Drop a first line over the limit, never holding all of it; later ones fit in one read."""
    limit = budget.limits.log_line_bytes
    first = data.find(b"\n", 0, limit + 1)
    if first >= 0:
        return data, base
    length, rest = _to_line_end(stream, data, limit)
    budget.lose("line.too_long", base, length, f"a line of {length} bytes was left out")
    return rest, base + length


def _to_line_end(stream: _Stream, data: bytes, size: int) -> tuple[int, bytes]:
    """Read on to the end of a line: give its length with what was read of it, and what follows."""
    length = 0
    while True:
        end = data.find(b"\n") + 1
        if end:
            return length + end, data[end:]
        length += len(data)
        data = stream.read(size)
        if not data:
            return length, b""


def _end(data: bytes, base: int, cut: int, stop: int | None) -> int:
    """Give where the lines that start before `stop` end, at most `cut`."""
    if stop is None or base + cut <= stop:
        return cut
    if stop <= base:
        return 0
    return data.find(b"\n", stop - 1 - base, cut) + 1 or cut


def _split(data: bytes, base: int) -> tuple[list[bytes], list[int]]:
    pieces = data.split(b"\n")
    if pieces[-1] == b"":
        pieces.pop()
    offsets = list(accumulate((len(piece) + 1 for piece in pieces[:-1]), initial=base))
    if b"\r" in data:
        pieces = [piece.removesuffix(b"\r") for piece in pieces]
    if not all(pieces) or any(map(bytes.isspace, pieces)):
        kept = [at for at, piece in enumerate(pieces) if piece and not piece.isspace()]
        return [pieces[at] for at in kept], [offsets[at] for at in kept]
    return pieces, offsets


class _Empty:
    """A stream without bytes."""

    def read(self, size: int, /) -> bytes:
        return b""


class _Utf16:
    """UTF-16 with a byte order mark, read as UTF-8 bytes."""

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw
        self._decoder = codecs.getincrementaldecoder("utf-16")("replace")

    def read(self, size: int, /) -> bytes:
        """Decode on until there is text: a read may end inside the first character."""
        while block := self._raw.read(max(size // 2, 2)):  # two bytes become three at most
            if text := self._decoder.decode(block):
                return text.encode("utf-8", "replace")
        return self._decoder.decode(b"", final=True).encode("utf-8", "replace")
