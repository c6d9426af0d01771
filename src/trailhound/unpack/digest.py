"""Fingerprint a source while it is read, so that evidence is hashed without being read twice."""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

DIGEST_BYTES = 32


class DigestReader(io.RawIOBase):
    """Passes a stream through unchanged, counts its bytes and hashes them with BLAKE2b.

    Forward only: the digest covers what was read so far, from the first byte, in order.
    """

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__()
        self._stream = stream
        self._hash = hashlib.blake2b(digest_size=DIGEST_BYTES)
        self.count = 0

    @property
    def hexdigest(self) -> str:
        """The digest of the first `count` bytes, in lower-case hexadecimal."""
        return self._hash.hexdigest()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer)
        data = self._stream.read(len(view))
        view[: len(data)] = data
        self._hash.update(data)
        self.count += len(data)
        return len(data)

    def drain(self) -> None:
        """Read to the end, so that the digest stands for the whole source."""
        while data := self._stream.read(io.DEFAULT_BUFFER_SIZE * 32):
            self._hash.update(data)
            self.count += len(data)

    def close(self) -> None:
        """Close the stream beneath as well."""
        self._stream.close()
        super().close()
