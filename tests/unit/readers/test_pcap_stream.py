from __future__ import annotations

import random
from itertools import pairwise

import pytest

from trailhound.readers.pcap_stream import WINDOW_SEGMENTS, Moment, Ordered, Room, distance

NOW = Moment(1, 2)


def told(stream, segments):
    pieces = [piece for number, data in segments for piece in stream.push(number, data, NOW)]
    return pieces + list(stream.flush())


def text(pieces):
    return "".join("?" * piece.missing + piece.data.decode() for piece in pieces)


@pytest.mark.parametrize("start", [0, 1000, 2**32 - 7])
def test_any_order_gives_the_same_text(start):
    chance = random.Random(3)
    whole = "the quick brown fox jumps over the lazy dog"
    for _ in range(30):
        cuts = [0, *sorted(chance.sample(range(1, len(whole)), 6)), len(whole)]
        parts = [((start + a) % 2**32, whole[a : b + 2].encode()) for a, b in pairwise(cuts)]
        chance.shuffle(parts)
        assert text(told(Ordered(Room(), start), parts)) == whole


def test_what_is_missing_is_counted():
    assert text(told(Ordered(Room(), 10), [(10, b"ab"), (15, b"fg"), (12, b"c")])) == "abc??fg"


def test_sent_again_is_given_once():
    assert text(told(Ordered(Room()), [(10, b"ab"), (10, b"ab"), (11, b"bc"), (5, b"x")])) == "abc"


def test_the_window_is_bounded_and_its_room_given_back():
    room = Room()
    segments = [(100 + 10 * n, b"x") for n in range(3 * WINDOW_SEGMENTS)]
    pieces = told(Ordered(room, 0), segments)
    assert sum(len(piece.data) for piece in pieces) == len(segments)
    assert sum(piece.missing for piece in pieces) == segments[-1][0] - len(segments) + 1
    assert room == Room()


def test_without_room_nothing_waits():
    room = Room(left=3)
    stream = Ordered(room, 0)
    assert text(stream.push(10, b"abcd", NOW)) == "??????????abcd"
    assert room.refused == 1
    assert room.left == 3


def test_passing_over_needs_order():
    stream = Ordered(Room(), 10)
    assert stream.advance(10, 5)
    assert not stream.advance(10, 5)
    assert text(stream.push(20, b"x", NOW)) == ""
    assert not stream.advance(15, 5)


def test_sequence_numbers_wrap():
    assert distance(2**32 - 1, 2) == 3
    assert distance(2, 2**32 - 1) == -3
