"""Byte streams over things that are not files: chunks made on demand, windows of a larger store."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING, BinaryIO, Protocol, cast

from trailhound.model.oddity import Oddity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _typeshed import WriteableBuffer

BUFFER_BYTES = 256 * 1024

OpenRaw = Callable[[], BinaryIO]
"""Gives a fresh stream from the start; may be called any number of times."""

Note = Callable[[Oddity], None]
"""Takes the oddities of one source."""

Report = Callable[[str, Oddity], None]
"""Takes the oddities of all sources, each with the name of its source."""


class Once:
    """Reports each oddity of one source once, however often the source is opened and read."""

    def __init__(self, report: Report, name: str) -> None:
        self._report = report
        self._name = name
        self._seen: set[tuple[str, int]] = set()

    def __call__(self, oddity: Oddity) -> None:
        key = (oddity.kind, oddity.offset)
        if key not in self._seen:
            self._seen.add(key)
            self._report(self._name, oddity)


class Store(Protocol):
    """Bytes that can be read at any place; never raises, a failed read is short and noted."""

    @property
    def size(self) -> int:
        """Number of bytes."""
        ...

    def read_at(self, offset: int, length: int) -> bytes:
        """Give up to `length` bytes from `offset`; fewer only at the end."""
        ...


class Slice(io.RawIOBase):
    """The bytes [start, stop) of a store, as a seekable file."""

    def __init__(self, store: Store, start: int = 0, stop: int | None = None) -> None:
        super().__init__()
        self._store = store
        self._start = min(start, store.size)
        self._stop = store.size if stop is None else max(self._start, min(stop, store.size))
        self._at = self._start

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at - self._start

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: self._start, io.SEEK_CUR: self._at, io.SEEK_END: self._stop}[whence]
        if base + offset < self._start:
            raise ValueError("negative position")
        self._at = base + offset
        return self.tell()

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer)
        data = self._store.read_at(self._at, min(len(view), max(0, self._stop - self._at)))
        view[: len(data)] = data
        self._at += len(data)
        return len(data)


class ChunkStream(io.RawIOBase):
    """A forward-only file over chunks that are made as it is read."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        super().__init__()
        self._chunks = chunks
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer)
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._rest = memoryview(chunk)
        count = min(len(view), len(self._rest))
        view[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count

    def close(self) -> None:
        """Let go of what the chunks are made from, also when they were not all read."""
        stop = getattr(self._chunks, "close", None)
        if stop is not None:
            stop()
        super().close()


def buffered(raw: io.RawIOBase) -> BinaryIO:
    """Give a stream with the whole file interface over a raw one."""
    return cast("BinaryIO", io.BufferedReader(raw, BUFFER_BYTES))


def chunks_of(open_raw: OpenRaw) -> Iterator[bytes]:
    """Give a stream piece by piece."""
    with open_raw() as raw:
        while piece := raw.read(BUFFER_BYTES):
            yield piece


def head_of(open_raw: OpenRaw, length: int) -> bytes:
    """Give the first bytes of a stream."""
    with open_raw() as raw:
        return raw.read(length)
