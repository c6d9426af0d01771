"""How the members of a zip are compressed, and the check that each carries (APPNOTE 4.4.5)."""

from __future__ import annotations

import lzma
import struct
import zlib
from functools import partial
from typing import TYPE_CHECKING, BinaryIO

from trailhound.model.oddity import Oddity
from trailhound.unpack.compression import MEMORY_BYTES, Codec, Inflate, decode, decode_with
from trailhound.unpack.streams import chunks_of, head_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trailhound.unpack.archive import Decode
    from trailhound.unpack.streams import Note, OpenRaw

LZMA_HAS_END = 0x2
LZMA_HEADER = struct.Struct("<2sHBI")
"""Version, length of the properties (5), then the two properties of LZMA1."""

NAMES = {
    1: "shrunk",
    6: "imploded",
    9: "deflate64",
    96: "a JPEG variant",
    97: "WavPack",
    98: "PPMd",
    99: "AES",
}


def decoder_of(method: int, flags: int, crc: int, size: int) -> Decode | Oddity:
    """Give what decodes a member and checks it, or why that cannot be done. `size` -1: unknown."""
    if method == 14:
        inner: Decode = partial(_lzma, open_ended=not flags & LZMA_HAS_END)
    elif method in METHODS:
        inner = METHODS[method]
    else:
        detail = f"compressed with {NAMES.get(method, f'method {method}')}, which is not supported"
        return Oddity("archive.method", 0, 0, detail, lost=True)
    return partial(_verified, inner, crc, size)


def _verified(inner: Decode, crc: int, size: int, open_raw: OpenRaw, note: Note) -> Iterator[bytes]:
    """Pass a member on, and say at its end when it is not what the archive promised."""
    total = check = 0
    for chunk in inner(open_raw, note):
        total += len(chunk)
        check = zlib.crc32(chunk, check)
        yield chunk
    if size >= 0 and total != size:
        detail = f"is {total} bytes, the archive says {size}"
        note(Oddity("archive.damaged", total, 0, detail, lost=total < size))
    elif size >= 0 and check != crc:
        detail = "its checksum does not agree: damaged or altered"
        note(Oddity("archive.damaged", total, 0, detail, lost=True))


def _stored(open_raw: OpenRaw, _note: Note) -> Iterator[bytes]:
    return chunks_of(open_raw)


def _deflate(open_raw: OpenRaw, note: Note) -> Iterator[bytes]:
    return decode_with(open_raw, partial(Inflate, -15), note)


def _codec(codec: Codec, open_raw: OpenRaw, note: Note) -> Iterator[bytes]:
    return decode(open_raw, codec, note)


def _lzma(open_raw: OpenRaw, note: Note, *, open_ended: bool) -> Iterator[bytes]:
    header = head_of(open_raw, LZMA_HEADER.size)
    if len(header) < LZMA_HEADER.size:
        note(Oddity("compression.truncated", 0, 0, "ends inside its header", lost=True))
        return iter(())
    _, length, packed, dictionary = LZMA_HEADER.unpack(header)
    if length != 5 or packed >= 9 * 5 * 5 or dictionary > MEMORY_BYTES:
        note(Oddity("limit.memory", 0, 0, "an LZMA header that is not sensible", lost=True))
        return iter(())
    filters = {
        "id": lzma.FILTER_LZMA1,
        "dict_size": max(dictionary, 4096),
        "lc": packed % 9,
        "lp": packed // 9 % 5,
        "pb": packed // 45,
    }
    new = partial(lzma.LZMADecompressor, lzma.FORMAT_RAW, None, [filters])
    return decode_with(partial(_after_header, open_raw), new, note, open_ended=open_ended)


def _after_header(open_raw: OpenRaw) -> BinaryIO:
    raw = open_raw()
    raw.read(LZMA_HEADER.size)
    return raw


METHODS: dict[int, Decode] = {
    0: _stored,
    8: _deflate,
    12: partial(_codec, Codec.BZIP2),
    93: partial(_codec, Codec.ZSTD),
    95: partial(_codec, Codec.XZ),
}
