from __future__ import annotations

import bz2
import gzip
import io
import lzma
from functools import partial
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from trailhound.unpack.compression import Codec, decode, sniff

if TYPE_CHECKING:
    from collections.abc import Callable

TEXT = b"".join(b"%d a line of a log that is not all the same\n" % i for i in range(20_000))


def zstd(data: bytes) -> bytes:
    return pa.Codec("zstd").compress(data, asbytes=True)


PACK: dict[Codec, Callable[[bytes], bytes]] = {
    Codec.GZIP: partial(gzip.compress, mtime=0),
    Codec.BZIP2: bz2.compress,
    Codec.XZ: lzma.compress,
    Codec.ZSTD: zstd,
}
every_codec = pytest.mark.parametrize("codec", list(Codec))


def run(packed: bytes, codec) -> tuple[bytes, list]:
    said: list = []
    return b"".join(decode(lambda: io.BytesIO(packed), codec, said.append)), said


@every_codec
def test_decodes_and_says_nothing(codec):
    packed = PACK[codec](TEXT)
    assert sniff(packed) is codec
    assert run(packed, codec) == (TEXT, [])


@every_codec
def test_joined_streams_are_one_text(codec):
    packed = PACK[codec](TEXT) + PACK[codec](b"") + PACK[codec](b"more")
    assert run(packed, codec) == (TEXT + b"more", [])


@every_codec
def test_truncated_gives_all_that_was_there(codec):
    packed = PACK[codec](TEXT)
    for cut in (len(packed) - 1, len(packed) // 2):
        data, said = run(packed[:cut], codec)
        assert [(o.kind, o.lost) for o in said] == [("compression.truncated", True)]
        assert TEXT.startswith(data)
        assert said[0].offset == len(data)
    whole, _ = run(packed[:-1], codec)
    assert whole == TEXT or codec in {Codec.BZIP2, Codec.ZSTD}


@every_codec
def test_damage_after_a_whole_stream_loses_only_what_follows(codec):
    second = bytearray(PACK[codec](TEXT[::-1]))
    middle = len(second) // 2
    second[middle : middle + 64] = b"\xff" * 64
    data, said = run(PACK[codec](TEXT) + bytes(second), codec)
    assert data.startswith(TEXT)
    assert {o.kind for o in said} <= {"compression.damaged", "compression.truncated"}
    assert said[0].lost


def test_damage_gives_bytes_up_to_it():
    """One deflate stream of 60 KiB: a decoder alone would lose it whole."""
    packed = bytearray(gzip.compress(TEXT[:200_000], mtime=0))
    at = len(packed) * 3 // 4
    packed[at : at + 200] = b"\xff" * 200
    data, said = run(bytes(packed), Codec.GZIP)
    assert len(data) > 100_000
    assert TEXT.startswith(data[:100_000])
    assert said[0].kind == "compression.damaged"


def test_wrong_checksum_gives_everything_and_says_so():
    packed = bytearray(gzip.compress(TEXT, mtime=0))
    packed[-5] ^= 1
    data, said = run(bytes(packed), Codec.GZIP)
    assert data == TEXT
    assert [o.kind for o in said] == ["compression.damaged"]


@pytest.mark.parametrize("codec", [Codec.GZIP, Codec.BZIP2, Codec.XZ])
def test_junk_after_the_end_is_said_and_zeros_are_not(codec):
    packed = PACK[codec](TEXT)
    assert run(packed + bytes(512), codec) == (TEXT, [])
    data, said = run(packed + b"hello, here I hide", codec)
    assert data == TEXT
    assert [(o.kind, o.length) for o in said] == [("compression.trailing", 18)]


def test_junk_after_zstd_is_said():
    data, said = run(zstd(TEXT) + b"hello, here I hide", Codec.ZSTD)
    assert data == TEXT
    assert [o.lost for o in said] == [True]


def test_xz_that_asks_for_gigabytes_is_refused():
    filters = [{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 20}]
    packed = bytearray(lzma.compress(TEXT, lzma.FORMAT_XZ, lzma.CHECK_NONE, filters=filters))
    assert packed[16] == 16  # the LZMA2 property byte: 16 is 1 MiB, 40 is 4 GiB
    packed[16] = 39
    import zlib

    packed[20:24] = zlib.crc32(packed[12:20]).to_bytes(4, "little")
    data, said = run(bytes(packed), Codec.XZ)
    assert data == b""
    assert [(o.kind, o.lost) for o in said] == [("limit.memory", True)]


@pytest.mark.parametrize("head", [b"", b"BZh", b"BZh9 is a line of text", b"\x1f\x8b", b"{}"])
def test_what_only_looks_like_it_is_left_alone(head):
    assert sniff(head) is None


def test_bytes_of_one_at_a_time_are_the_same():
    class Drip(io.BytesIO):
        def read(self, size=-1):
            return super().read(min(size, 7) if size > 0 else 7)

    packed = gzip.compress(TEXT[:5000]) + gzip.compress(TEXT[5000:9000])
    said: list = []
    data = b"".join(decode(lambda: Drip(packed), Codec.GZIP, said.append))
    assert (data, said) == (TEXT[:9000], [])
