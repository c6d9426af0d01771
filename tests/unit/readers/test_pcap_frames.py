from __future__ import annotations

import io
import struct

import pytest

from tests.unit.readers.wire import (
    START,
    block,
    enhanced,
    ethernet,
    interface,
    internet,
    option,
    pcap,
    section,
    udp,
)  # fmt: skip
from trailhound.model.batch import NO_TIME
from trailhound.model.limits import Budget
from trailhound.readers import pcap_frames
from trailhound.readers.pcap_frames import frames, is_capture

FRAME = ethernet(internet(udp(1, 2, b"x"), 17))


def read(data):
    budget = Budget()
    blocks = list(frames(io.BytesIO(data), data[:64], budget))
    times = [time for one in blocks for time in one.times.tolist()]
    texts = [
        one.data[start : start + size]
        for one in blocks
        for start, size in zip(one.starts.tolist(), one.captured.tolist(), strict=True)
    ]
    return times, texts, budget, blocks


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("nanoseconds", [False, True])
def test_both_byte_orders_and_both_resolutions(order, nanoseconds):
    data = pcap([(0, FRAME), (1_500_001, FRAME)], order=order, nanoseconds=nanoseconds)
    times, texts, budget, _ = read(data)
    assert times == [START, START + 1_500_001]
    assert texts == [FRAME, FRAME]
    assert budget.parsed_bytes == len(data)


def test_blocks_do_not_cut_frames(monkeypatch):
    data = pcap([(n, FRAME) for n in range(50)])
    monkeypatch.setattr(pcap_frames, "BLOCK_BYTES", 100)
    times, texts, _, blocks = read(data)
    assert len(blocks) > 10
    assert texts == [FRAME] * 50
    places = [one.base + start for one in blocks for start in one.starts.tolist()]
    assert [data[at : at + len(FRAME)] for at in places] == texts
    assert times == [START + n for n in range(50)]


def test_the_end_of_a_growing_capture_is_said():
    data = pcap([(0, FRAME), (1, FRAME)])[:-5]
    times, _, budget, _ = read(data)
    assert len(times) == 1
    (oddity,) = budget.oddities.kept
    assert (oddity.kind, oddity.length, oddity.lost) == (
        "pcap.truncated",
        16 + len(FRAME) - 5,
        True,
    )


def test_an_impossible_length_costs_the_rest_and_says_so():
    good = pcap([(0, FRAME)])
    data = good + struct.pack("<IIII", 1, 1, 2**30, 2**30) + bytes(2_000_000)
    times, _, budget, _ = read(data)
    assert len(times) == 1
    (oddity,) = budget.oddities.kept
    assert (oddity.kind, oddity.offset) == ("pcap.damaged", len(good))
    assert oddity.length + budget.parsed_bytes == len(data)


@pytest.mark.parametrize(
    ("options", "ticks", "time"),
    [
        (b"", START, START),
        (option(9, b"\x06"), START, START),
        (option(9, b"\x09"), START * 1000 + 999, START),
        (option(9, b"\x03"), START // 1000, START),
        (option(9, bytes([0x80 | 10])), START * 1024 // 1_000_000, START),
        (option(14, struct.pack("<q", 3600)), START - 3_600_000_000, START),
        (option(2, b"eth0") + option(9, b"\x09"), START * 1000, START),
        (b"\x09\x00\x01", START, START),
    ],
)  # fmt: skip
def test_resolution_and_offset_of_an_interface(options, ticks, time):
    data = section() + interface(options=options) + enhanced(FRAME, ticks)
    times, texts, budget, _ = read(data)
    assert abs(times[0] - time) < 1000
    assert texts == [FRAME]
    assert budget.parsed_bytes == len(data)


def test_big_endian_sections_follow_little_endian_ones():
    data = section() + interface() + enhanced(FRAME, START)
    data += section(">") + interface(order=">") + enhanced(FRAME, START + 7, order=">")
    times, _, _, _ = read(data)
    assert times == [START, START + 7]


def test_simple_and_old_packets_and_unknown_blocks():
    simple = block(3, struct.pack("<I", 100) + FRAME)
    old = block(
        2, struct.pack("<HHIIII", 0, 0, START >> 32, START & 0xFFFFFFFF, len(FRAME), 90) + FRAME
    )
    data = section() + interface(snap=len(FRAME)) + simple + block(0xBAD, b"abc") + old
    times, texts, budget, blocks = read(data)
    assert times == [NO_TIME, START]
    assert texts == [FRAME, FRAME]
    assert blocks[0].wire.tolist() == [100, 90]
    assert budget.parsed_bytes == len(data)


def test_a_packet_of_an_interface_nobody_described_has_no_link_type():
    _, _, _, blocks = read(section() + enhanced(FRAME, START, number=3))
    assert blocks[0].links.tolist() == [-1]


def test_a_packet_that_claims_more_than_its_block_is_cut_to_it():
    head = struct.pack("<IIIII", 0, 0, 1, 5000, 5000)
    _, texts, _, _ = read(section() + interface() + block(6, head + b"abcd"))
    assert texts == [b"abcd"]


def test_a_block_too_long_to_hold_is_passed_over(monkeypatch):
    monkeypatch.setattr(pcap_frames, "LONGEST_BLOCK", 1000)
    monkeypatch.setattr(pcap_frames, "BLOCK_BYTES", 512)
    data = section() + interface() + block(0xBAD, bytes(5000)) + enhanced(FRAME, START)
    times, _, budget, _ = read(data)
    assert times == [START]
    (oddity,) = budget.oddities.kept
    assert (oddity.kind, oddity.length) == ("pcap.block", 5012)


def test_a_block_of_no_length_is_damage():
    _, _, budget, _ = read(section() + struct.pack("<II", 6, 0) + bytes(50))
    assert budget.oddities.counts == {"pcap.damaged": 1}


def test_magic_needs_what_follows_it():
    assert is_capture(section())
    assert is_capture(section(">"))
    assert not is_capture(b"\x0a\x0d\x0d\x0a" + bytes(20))
    assert not is_capture(b"")
