from __future__ import annotations

import io
import lzma
import zlib

import pyarrow as pa
import pytest

from trailhound.model.oddity import Oddity
from trailhound.unpack.zip_methods import decoder_of

TEXT = b"a line of a log\n" * 500


def run(method: int, packed: bytes, *, crc: int | None = None, size: int | None = None):
    decode = decoder_of(
        method, 0, zlib.crc32(TEXT) if crc is None else crc, len(TEXT) if size is None else size
    )
    assert not isinstance(decode, Oddity)
    said: list[Oddity] = []
    return b"".join(decode(lambda: io.BytesIO(packed), said.append)), said


@pytest.mark.parametrize(
    ("method", "packed"),
    [
        (0, TEXT),
        (8, zlib.compress(TEXT)[2:-4]),
        (93, pa.compress(TEXT, "zstd", asbytes=True)),
        (95, lzma.compress(TEXT)),
    ],
)
def test_methods(method, packed):
    assert run(method, packed) == (TEXT, [])


@pytest.mark.parametrize(
    ("crc", "size", "lost"), [(1, None, True), (None, 10, False), (None, 10**6, True)]
)
def test_promises_are_checked(crc, size, lost):
    data, said = run(0, TEXT, crc=crc, size=size)
    assert data == TEXT
    assert [(o.kind, o.lost) for o in said] == [("archive.damaged", lost)]


def test_unknown_size_is_not_checked():
    assert run(0, TEXT, crc=1, size=-1) == (TEXT, [])


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        (b"\x09\x14\x05", "compression.truncated"),
        (b"\x09\x14\x05\x00\xff\x00\x00\x10\x00", "limit.memory"),
        (b"\x09\x14\x05\x00\x5d\xff\xff\xff\xff", "limit.memory"),
    ],
)
def test_lzma_headers_that_lie(header, kind):
    data, said = run(14, header if len(header) < 9 else header + bytes(50), size=-1)
    assert (data, [o.kind for o in said]) == (b"", [kind])


@pytest.mark.parametrize(("method", "word"), [(9, "deflate64"), (99, "AES"), (77, "method 77")])
def test_what_is_not_supported_is_named(method, word):
    refused = decoder_of(method, 0, 0, 0)
    assert isinstance(refused, Oddity)
    assert word in refused.detail
