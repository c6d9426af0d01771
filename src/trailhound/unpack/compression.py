"""Undo gzip, bzip2, xz and zstd by what the bytes say, member after member, saving what is whole.

A decoder that meets damage throws away what it had decoded in that call. So damage is met twice:
the stream is decoded again to the same place and then fed byte by byte, and everything before the
damage is delivered. RFC 1952 (gzip), RFC 8878 (zstd); xz-file-format 1.2.1 for stream padding.
"""

from __future__ import annotations

import bz2
import lzma
import zlib
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Protocol

from trailhound.model.oddity import Oddity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from trailhound.unpack.streams import Note, OpenRaw

PIECE_BYTES = 64 * 1024
CHUNK_BYTES = 1024 * 1024
MEMORY_BYTES = 160 * 1024 * 1024
"""What an xz dictionary may take (`xz -9`: 65 MiB). zstd stops by itself at a 128 MiB window."""

ERRORS = (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError)


class Codec(StrEnum):
    """The compressions that are undone."""

    GZIP = "gzip"
    BZIP2 = "bzip2"
    XZ = "xz"
    ZSTD = "zstd"


MAGIC = {
    Codec.GZIP: b"\x1f\x8b\x08",
    Codec.BZIP2: b"BZh",
    Codec.XZ: b"\xfd7zXZ\x00",
    Codec.ZSTD: b"\x28\xb5\x2f\xfd",
}
BZIP2_BLOCKS = (b"\x31\x41\x59\x26\x53\x59", b"\x17\x72\x45\x38\x50\x90")
"""Pi starts a block and the square root of pi ends the stream: "BZh9" alone may begin a text."""


class Decoder(Protocol):
    """What `bz2` and `lzma` offer, and `Inflate` below."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int) -> bytes: ...


class Inflate:
    """zlib with the interface of its siblings. `window`: 31 for gzip, -15 for bare deflate."""

    def __init__(self, window: int) -> None:
        self._zlib = zlib.decompressobj(window)

    @property
    def eof(self) -> bool:
        return self._zlib.eof

    @property
    def needs_input(self) -> bool:
        return not self._zlib.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._zlib.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return self._zlib.decompress(self._zlib.unconsumed_tail + data, max_length)


def sniff(head: bytes) -> Codec | None:
    """Say which compression the first bytes show."""
    if head.startswith(MAGIC[Codec.BZIP2]):
        return Codec.BZIP2 if head[4:10] in BZIP2_BLOCKS and head[3:4].isdigit() else None
    return next((codec for codec, magic in MAGIC.items() if head.startswith(magic)), None)


def decode(open_raw: OpenRaw, codec: Codec, note: Note) -> Iterator[bytes]:
    """Give the decoded bytes, at most 1 MiB at a time; damage goes to `note`, not raised."""
    if codec is Codec.ZSTD:
        return _zstd(open_raw, note)
    return decode_with(open_raw, DECODERS[codec], note, magic=MAGIC[codec])


def decode_with(
    open_raw: OpenRaw,
    new: Callable[[], Decoder],
    note: Note,
    *,
    magic: bytes = b"",
    open_ended: bool = False,
) -> Iterator[bytes]:
    """Decode with a standard library decoder.

    Without `magic` there is one stream only; `open_ended` streams carry no mark of their end.
    """
    chain = _Chain(new, magic)
    read = done = 0
    try:
        with open_raw() as raw:
            while piece := raw.read(PIECE_BYTES):
                for chunk in chain.feed(piece):
                    done += len(chunk)
                    yield chunk
                read += len(piece)
        for chunk in chain.drain():
            done += len(chunk)
            yield chunk
    except ERRORS as error:
        for chunk in _salvage(open_raw, _Chain(new, magic), read, done):
            done += len(chunk)
            yield chunk
        note(_damage(error, done))
    else:
        _note_end(chain, note, done, open_ended=open_ended)


class _Chain:
    """Streams one after the other, as `cat a.gz b.gz` makes them."""

    def __init__(self, new: Callable[[], Decoder], magic: bytes) -> None:
        self._new = new
        self._magic = magic
        self._decoder: Decoder | None = None if magic else new()
        self._held = b""
        self._trailing = 0

    @property
    def cut(self) -> bool:
        """The bytes ended inside a stream."""
        return self._decoder is not None

    @property
    def trailing(self) -> int:
        """Bytes after the last stream that belong to none."""
        return self._trailing + len(self._held)

    def feed(self, data: bytes) -> Iterator[bytes]:
        while data or (self._decoder is not None and not self._decoder.needs_input):
            if self._decoder is None:
                data = self._begin(data)
                continue
            chunk = self._decoder.decompress(data, CHUNK_BYTES)
            data = self._after(self._decoder)
            if chunk:
                yield chunk

    def drain(self) -> Iterator[bytes]:
        """Give what a decoder still holds when the input has ended."""
        while self._decoder is not None and not self._decoder.eof:
            chunk = self._decoder.decompress(b"", CHUNK_BYTES)
            self._after(self._decoder)
            if not chunk:
                return
            yield chunk

    def _after(self, decoder: Decoder) -> bytes:
        if not decoder.eof:
            return b""
        self._decoder = None
        return decoder.unused_data

    def _begin(self, data: bytes) -> bytes:
        """Start the next stream; zeros between streams are padding, all else ends the chain."""
        if self._trailing or not self._magic:
            self._trailing += len(data)
            return b""
        held = (self._held + data).lstrip(b"\0")
        self._held = b""
        if len(held) < len(self._magic):
            self._held = held
            return b""
        if not held.startswith(self._magic):
            self._trailing = len(held)
            return b""
        self._decoder = self._new()
        return held


def _salvage(open_raw: OpenRaw, chain: _Chain, good: int, done: int) -> Iterator[bytes]:
    """Give what lies between the `done` bytes given and the damage beyond `good` input bytes."""
    skip = done
    try:
        for piece in _pieces(open_raw, good):
            for chunk in chain.feed(piece):
                fresh = chunk[skip:]
                skip = max(0, skip - len(chunk))
                if fresh:
                    yield fresh
    except ERRORS:
        return


def _pieces(open_raw: OpenRaw, good: int) -> Iterator[bytes]:
    """Cut the input as the first attempt did, and into single bytes after `good` of them."""
    at = 0
    with open_raw() as raw:
        while piece := raw.read(PIECE_BYTES):
            if at < good:
                yield piece
            else:
                yield from (piece[i : i + 1] for i in range(len(piece)))
            at += len(piece)


def _zstd(open_raw: OpenRaw, note: Note) -> Iterator[bytes]:
    """Decode zstd frames with Arrow, whose failed reads swallow what they had decoded, too."""
    done = 0
    try:
        for chunk in _zstd_reads(open_raw, PIECE_BYTES):
            done += len(chunk)
            yield chunk
    except ERRORS as error:
        for byte in _zstd_rest(open_raw, done):
            done += 1
            yield byte
        note(_damage(error, done))


def _zstd_reads(open_raw: OpenRaw, step: int, skip: int = 0) -> Iterator[bytes]:
    import pyarrow as pa

    with open_raw() as raw, pa.CompressedInputStream(pa.PythonFile(raw, "r"), "zstd") as stream:
        while skip > 0:
            skip -= len(stream.read(min(skip, PIECE_BYTES)))
        while chunk := stream.read(step):
            yield chunk


def _zstd_rest(open_raw: OpenRaw, done: int) -> Iterator[bytes]:
    try:
        yield from _zstd_reads(open_raw, 1, skip=done)
    except ERRORS:
        return


def _damage(error: Exception, at: int) -> Oddity:
    text = str(error)
    if "emory" in text:
        return Oddity("limit.memory", at, 0, "asks for too much memory to be decoded", lost=True)
    if "runcated" in text:
        return Oddity("compression.truncated", at, 0, "ends in the middle of a stream", lost=True)
    return Oddity("compression.damaged", at, 0, f"cannot be decoded from here: {text}", lost=True)


def _note_end(chain: _Chain, note: Note, done: int, *, open_ended: bool) -> None:
    if chain.cut and not open_ended:
        note(Oddity("compression.truncated", done, 0, "ends in the middle of a stream", lost=True))
    if chain.trailing:
        detail = f"{chain.trailing} bytes after the compressed data belong to no stream"
        note(Oddity("compression.trailing", done, chain.trailing, detail, lost=True))


def _xz() -> Decoder:
    return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=MEMORY_BYTES)


DECODERS: dict[Codec, Callable[[], Decoder]] = {
    Codec.GZIP: partial(Inflate, 31),
    Codec.BZIP2: bz2.BZ2Decompressor,
    Codec.XZ: _xz,
}
