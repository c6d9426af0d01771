"""Headers written by hand; the records behind them do not matter here."""

from __future__ import annotations

import io
import struct
import zlib

import pytest

from trailhound.model.limits import Budget
from trailhound.readers.evtx_chunks import (
    CHUNK_BYTES,
    CHUNK_MAGIC,
    HEADER_BYTES,
    MAGIC,
    check_chunks,
    check_layout,
    layout_of,
)

EMPTY = bytes(CHUNK_BYTES)
JUNK = b"\xff" * CHUNK_BYTES
PLACE = [HEADER_BYTES + n * CHUNK_BYTES for n in range(5)]


def header(chunks: int, following: int, flags: int = 0, checksum: int | None = None) -> bytes:
    counts = struct.pack("<QQQIHHHH", 0, max(chunks - 1, 0), following, 128, 1, 3, 4096, chunks)
    head = (MAGIC + counts).ljust(120, b"\0")
    summed = zlib.crc32(head) if checksum is None else checksum
    return (head + struct.pack("<II", flags, summed)).ljust(HEADER_BYTES, b"\0")


def chunk(first: int, last: int) -> bytes:
    return (CHUNK_MAGIC + struct.pack("<QQ", first, last)).ljust(CHUNK_BYTES, b"\0")


def told(*parts: bytes):
    """Give oddities by kind and place, with their words, and whether all bytes are explained."""
    data = b"".join(parts)
    budget = Budget()
    layout = layout_of(io.BytesIO(data))
    check_layout(layout, budget)
    records = check_chunks(layout, layout.chunks, budget)
    kept = budget.oddities.kept
    lost = sum(oddity.length for oddity in kept)
    assert budget.parsed_bytes + lost + HEADER_BYTES == len(data)
    assert all(oddity.lost for oddity in kept)
    return [(o.kind, o.offset) for o in kept], " ".join(o.detail for o in kept), records


@pytest.mark.parametrize(
    ("parts", "records"),
    [
        pytest.param([header(2, 21), chunk(1, 10), chunk(11, 20)], 20, id="whole"),
        pytest.param([header(1, 11), chunk(1, 10), EMPTY, EMPTY], 10, id="set aside"),
        pytest.param([header(1, 1), chunk(1, 0)], 0, id="nothing logged yet"),
        pytest.param([header(1, 1), chunk(2**64 - 1, 2**64 - 1)], 0, id="no number"),
        pytest.param([header(0, 1)], 0, id="header only, nothing counted"),
        pytest.param([header(2, 31), chunk(21, 30), chunk(11, 20)], 20, id="the oldest last"),
        pytest.param([header(1, 5, 1), chunk(1, 10), chunk(11, 20)], 20, id="not closed"),
        pytest.param([header(1, 99, 1), chunk(1, 10)], 10, id="not closed, number ahead"),
        pytest.param([header(9, 99, 0, 7), chunk(1, 10)], 10, id="wrong checksum"),
        pytest.param([header(1, 5, 2), chunk(1, 10)], 10, id="number behind"),
    ],
)
def test_no_false_alarm(parts, records):
    assert told(*parts) == ([], "", records)


def test_cut_at_the_border_of_a_chunk():
    kinds, words, records = told(header(3, 31), chunk(1, 10))
    assert (kinds, records) == ([("evtx.truncated", PLACE[1])], 10)
    assert words == "the header counts 3 chunks, 1 are there: records 11 to 30 are missing"


def test_header_only():
    kinds, words, _ = told(header(2, 21))
    assert kinds == [("evtx.truncated", PLACE[0])]
    assert "records 1 to 20 are missing" in words


def test_a_file_that_was_not_closed_and_cut():
    kinds, words, _ = told(header(3, 21, 1), chunk(1, 10))
    assert kinds == [("evtx.truncated", PLACE[1])]
    assert words == "the header counts 3 chunks, 1 are there"


def test_zeros_before_a_chunk_in_use():
    parts = [header(3, 31), chunk(1, 10), EMPTY, chunk(21, 30)]
    assert told(*parts)[0] == [("evtx.chunk", PLACE[1])]
    assert told(header(1, 5, 1), *parts[1:])[0] == [("evtx.chunk", PLACE[1])]


def test_zeros_in_the_last_chunk_that_is_counted():
    assert told(header(2, 21), chunk(1, 10), EMPTY, EMPTY)[0] == [("evtx.chunk", PLACE[1])]


def test_a_chunk_taken_out():
    kinds, words, _ = told(header(2, 31), chunk(1, 10), chunk(21, 30))
    assert kinds == [("evtx.gap", PLACE[1])]
    assert words == "records 11 to 20 are missing"


def test_a_newest_chunk_replaced():
    kinds, words, _ = told(header(2, 31), chunk(1, 10), chunk(11, 20))
    assert kinds == [("evtx.gap", PLACE[1])]
    assert "records 21 to 30 are missing" in words


def test_what_is_said_already_is_not_said_twice():
    assert told(header(3, 31), chunk(1, 10), JUNK, chunk(21, 30))[0] == [("evtx.chunk", PLACE[1])]
    assert told(header(2, 21), chunk(1, 10), JUNK)[0] == [("evtx.chunk", PLACE[1])]
    torn = told(header(2, 21), chunk(1, 10), chunk(11, 20)[:900])
    assert torn[0] == [("evtx.truncated", PLACE[1])]
