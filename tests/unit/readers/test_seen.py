from __future__ import annotations

from trailhound.readers.seen import Seen


def test_a_repetition_is_seen():
    seen = Seen()
    assert [seen.again(name) for name in ("a", "b", "a")] == [False, False, True]
    assert seen.known("b")
    assert not seen.known("c")


def test_memory_is_bounded_and_the_oldest_forgotten():
    seen = Seen(limit=10)
    for number in range(35):
        seen.again(str(number))
    assert seen.again("34")
    assert not seen.again("0")
