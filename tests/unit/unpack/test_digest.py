from __future__ import annotations

import hashlib
import io

from trailhound.unpack.digest import DigestReader


def expected(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=32).hexdigest()


def test_passes_through_and_stands_for_what_was_read():
    reader = DigestReader(io.BytesIO(b"hello world"))
    stream = io.BufferedReader(reader, 4)
    assert stream.read(5) == b"hello"
    stream.read()
    assert (reader.count, reader.hexdigest) == (11, expected(b"hello world"))


def test_partial_reading_counts_only_what_passed():
    reader = DigestReader(io.BytesIO(b"hello world"))
    reader.read(5)
    assert (reader.count, reader.hexdigest) == (5, expected(b"hello"))


def test_drain_reads_the_rest():
    reader = DigestReader(io.BytesIO(b"x" * 1_000_000))
    reader.read(10)
    reader.drain()
    assert (reader.count, reader.hexdigest) == (1_000_000, expected(b"x" * 1_000_000))


def test_close_closes_what_is_beneath():
    inner = io.BytesIO(b"x")
    DigestReader(inner).close()
    assert inner.closed
