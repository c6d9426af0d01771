from __future__ import annotations

import io

import pytest

from trailhound.model.oddity import Oddity
from trailhound.unpack.spool import Spool
from trailhound.unpack.streams import ChunkStream, Once, Slice, buffered, chunks_of, head_of


def store(data: bytes) -> Spool:
    return Spool().fill(iter([data]), lambda _: None)


def test_slice_sees_only_its_window():
    window = buffered(Slice(store(b"0123456789"), 2, 6))
    assert window.read() == b"2345"
    assert window.seek(-1, io.SEEK_END) == 3
    assert window.read() == b"5"
    window.seek(100)
    assert window.read() == b""


def test_slice_beyond_its_store_is_empty():
    assert Slice(store(b"abc"), 50, 60).read() == b""
    assert Slice(store(b"abc"), 2, 1).read() == b""


def test_slice_cannot_be_left_backwards():
    with pytest.raises(ValueError, match="negative"):
        Slice(store(b"abc"), 1).seek(-1)


def test_chunks_become_a_file_and_empty_ones_do_not_end_it():
    stream = buffered(ChunkStream(iter([b"ab", b"", b"c\nd"])))
    assert list(stream) == [b"abc\n", b"d"]


def test_closing_lets_go_of_what_makes_the_chunks():
    closed = []

    def chunks():
        try:
            yield b"a"
            yield b"b"
        finally:
            closed.append(True)

    stream = ChunkStream(chunks())
    assert stream.read(1) == b"a"
    stream.close()
    assert closed == [True]


def test_an_oddity_is_reported_once_a_place():
    said: list = []
    note = Once(lambda name, oddity: said.append((name, oddity)), "x")
    for _ in range(3):
        note(Oddity("a", 1))
        note(Oddity("a", 2))
    assert said == [("x", Oddity("a", 1)), ("x", Oddity("a", 2))]


def test_heads_and_chunks():
    assert head_of(lambda: io.BytesIO(b"abcdef"), 3) == b"abc"
    assert b"".join(chunks_of(lambda: io.BytesIO(b"x" * 600_000))) == b"x" * 600_000
