"""A private place for bytes that must be read out of order: memory first, then a nameless file."""

from __future__ import annotations

import errno
import os
import tempfile
import threading
from typing import IO, TYPE_CHECKING

from trailhound.model.oddity import Oddity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trailhound.unpack.streams import Note

MEMORY_BYTES = 4 * 1024 * 1024
"""Beyond it a spool goes to disk; five nested archives stay far below a worker's memory."""

HAS_PREAD = hasattr(os, "pread")


def read_at(descriptor: int, lock: threading.Lock, offset: int, length: int) -> bytes:
    """Read at a place, whole unless the file ends; where the system cannot, seek under a lock."""
    pieces: list[bytes] = []
    while length > 0:
        piece = _read_some(descriptor, lock, offset, length)
        if not piece:
            break
        pieces.append(piece)
        offset += len(piece)
        length -= len(piece)
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def _read_some(descriptor: int, lock: threading.Lock, offset: int, length: int) -> bytes:
    if HAS_PREAD:
        return os.pread(descriptor, length, offset)
    with lock:
        os.lseek(descriptor, offset, os.SEEK_SET)
        return os.read(descriptor, length)


class Spool:
    """Holds a stream for random access. The file has no name and ends with the object."""

    def __init__(self) -> None:
        self._memory = bytearray()
        self._file: IO[bytes] | None = None
        self._lock = threading.Lock()
        self.size = 0

    def fill(self, chunks: Iterator[bytes], note: Note) -> Spool:
        """Take a whole stream; when the disk is full, what fits is kept and the loss is said."""
        try:
            for chunk in chunks:
                self._append(chunk)
        except OSError as error:
            name = errno.errorcode.get(error.errno or 0, "EIO")
            detail = f"no room to unpack it ({name}), the rest is not read"
            note(Oddity("limit.spool", self.size, 0, detail, lost=True))
        return self

    def read_at(self, offset: int, length: int) -> bytes:
        """Give up to `length` bytes from `offset`."""
        if self._file is None:
            return bytes(self._memory[offset : offset + length])
        return read_at(self._file.fileno(), self._lock, offset, min(length, self.size - offset))

    def _append(self, chunk: bytes) -> None:
        if self._file is None and self.size + len(chunk) > MEMORY_BYTES:
            self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115  # lives as long as the spool
            self._write(bytes(self._memory))
            self._memory.clear()
        if self._file is None:
            self._memory += chunk
        else:
            self._write(chunk)
        self.size += len(chunk)

    def _write(self, data: bytes) -> None:
        view = memoryview(data)
        while view and self._file is not None:
            view = view[self._file.write(view) :]

    def __del__(self) -> None:
        if self._file is not None:
            self._file.close()
