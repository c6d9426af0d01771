"""Text that does not come as lines of UTF-8, made so before a reader sees it.

Known are UTF-16 without a byte order mark, lines that end with a carriage return alone, and syslog
messages with their length in front (RFC 6587, octet counting). Bytes keep their places in the last
two: what is no text of a line becomes line ends.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, BinaryIO, TypeAlias, cast

from trailhound.model.limits import Budget
from trailhound.model.source import HEAD_BYTES

if TYPE_CHECKING:
    from trailhound.model.batch import Batch
    from trailhound.model.source import Source
    from trailhound.readers.reader import Reader

BLOCK_BYTES = 1024 * 1024
MAX_FRAME = 1024 * 1024
_COUNT = re.compile(rb"(\d{1,7}) (?=<\d{1,3}>)")
_ANY_COUNT = re.compile(rb"(?=(\d{1,7}) <\d{1,3}>)")
_FIRST_COUNT = re.compile(rb"\s*(\d{1,7}) <\d{1,3}>")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x9f\ufffd]")
_LATIN = 0.7
"""Share of characters below 256 in the text of a log, whatever its language."""
_LEAST = 32

Form: TypeAlias = Callable[[BinaryIO, Budget], Iterator[bytes]]
"""Gives the usual form of a stream, piece by piece."""


class Restored:
    """A reader of text in an unusual form."""

    splittable = False

    def __init__(self, reader: Reader, form: Form) -> None:
        self.name = reader.name
        self._reader, self._form = reader, form

    def sniff(self, head: bytes, path: str) -> float:
        """Bid as the reader does."""
        return self._reader.sniff(head, path)

    def read(self, source: Source, budget: Budget) -> Iterator[Batch]:
        """Yield what the reader makes of the usual form."""
        if source.span is None or source.span.start == 0:
            return self._reader.read(restored(source, self._form, budget), budget)
        return iter(())


def form_of(head: bytes) -> Form | None:
    """Tell an unusual form by the first bytes of a source; None for the usual one."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return None
    if b"\0" in head:
        return _unmarked_utf16(head)
    if b"\r" in head and b"\n" not in head:
        return _lines_of_returns
    return _lines_of_frames if _is_framed(head) else None


def restored(source: Source, form: Form, budget: Budget) -> Source:
    """Give the source in its usual form."""

    def opened() -> BinaryIO:
        return _stream(source.open(), form, budget)

    head = b"".join(form(io.BytesIO(source.head), Budget()))[:HEAD_BYTES]
    return replace(source, open=opened, head=head, path=None, span=None)


def _stream(raw: BinaryIO, form: Form, budget: Budget) -> BinaryIO:
    return cast("BinaryIO", io.BufferedReader(_Pieces(raw, form(raw, budget)), BLOCK_BYTES))


class _Pieces(io.RawIOBase):
    """A stream of what an iterator gives."""

    def __init__(self, raw: BinaryIO, pieces: Iterator[bytes]) -> None:
        self._raw, self._pieces, self._rest = raw, pieces, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = piece
        size = min(len(buffer), len(self._rest))
        buffer[:size], self._rest = self._rest[:size], self._rest[size:]
        return size

    def close(self) -> None:
        self._raw.close()
        super().close()


def _blocks(stream: BinaryIO) -> Iterator[bytes]:
    while block := stream.read(BLOCK_BYTES):
        yield block


# --- UTF-16 without a mark --------------------------------------------------------------------


def _unmarked_utf16(head: bytes) -> Form | None:
    """Tell text whose every other byte is zero: in most languages most characters are Latin."""
    for mark, codec, zeros in (
        (codecs.BOM_UTF16_LE, "utf-16-le", head[1::2]),
        (codecs.BOM_UTF16_BE, "utf-16-be", head[0::2]),
    ):
        text = head[: len(head) // 2 * 2].decode(codec, "replace")
        latin = zeros.count(0) / max(len(zeros), 1)
        if len(head) >= _LEAST and latin > _LATIN and not _CONTROL.search(text[:-1]):
            return partial(_marked, mark)
    return None


def _marked(mark: bytes, stream: BinaryIO, _budget: Budget) -> Iterator[bytes]:
    yield mark
    yield from _blocks(stream)


# --- lines that end with a carriage return ----------------------------------------------------


def _lines_of_returns(stream: BinaryIO, _budget: Budget) -> Iterator[bytes]:
    for block in _blocks(stream):
        yield block.replace(b"\r", b"\n")


# --- syslog with octet counts -----------------------------------------------------------------


def _is_framed(head: bytes) -> bool:
    """Tell counts by the second: it stands where the first message ends."""
    first = _FIRST_COUNT.match(head)
    if first is None:
        return False
    end = first.end(1) + 1 + int(first[1])
    rest = head[end:].lstrip(b"\r\n")
    return end >= len(head) or not rest or _COUNT.match(rest) is not None


def _lines_of_frames(stream: BinaryIO, budget: Budget) -> Iterator[bytes]:
    """Put line ends in the place of counts; line ends inside a message become blanks."""
    data, base, more = b"", 0, True
    while more or data:
        block = stream.read(BLOCK_BYTES) if more else b""
        more = bool(block)
        data += block
        made: list[bytes] = []
        place = 0
        while place < len(data) and (size := _frame(data, place) or _rest(data, place, more=more)):
            made.append(_line(data[place : place + size], base + place, budget))
            place += size
        yield b"".join(made)
        data, base = data[place:], base + place


def _frame(data: bytes, place: int) -> int:
    """Give the length of what begins here: line ends, a whole message, a strange line; else 0."""
    if data[place] in b"\r\n":
        return 1
    if count := _COUNT.match(data, place):
        size = count.end() - place + int(count[1])
        return size if place + size <= len(data) else 0
    end = data.find(b"\n", place) + 1 or len(data)
    following = (m.start(1) for m in _ANY_COUNT.finditer(data, place, end) if _fits(data, m))
    start = next(following, None)
    if start is not None:
        return start - place
    return end - place if end < len(data) else 0


def _fits(data: bytes, count: re.Match[bytes]) -> bool:
    """Tell a count: its message ends where another begins, at a line end or at the end of all."""
    end = count.end(1) + 1 + int(count[1])
    return end == len(data) or data[end : end + 1] == b"\n" or bool(_COUNT.match(data, end))


def _rest(data: bytes, place: int, *, more: bool) -> int:
    """Give the length of what is not whole: 0 while it may still become so."""
    return 0 if more and len(data) - place <= MAX_FRAME else len(data) - place


def _line(piece: bytes, offset: int, budget: Budget) -> bytes:
    count = _COUNT.match(piece)
    if count is None:
        if piece.strip():
            budget.note("syslog.frame", offset, len(piece), "no count where one is due")
        return piece
    message = piece[count.end() :]
    if len(message) < int(count[1]):
        budget.note("syslog.frame", offset, len(piece), "a message shorter than its count")
    inner = message.rstrip(b"\r\n")
    ends = b"\n" * (len(message) - len(inner))
    return b"\n" * count.end() + inner.replace(b"\n", b" ") + ends
