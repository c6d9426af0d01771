from __future__ import annotations

import random

import pytest

from trailhound.model.finding import Pointer
from trailhound.rules.sigma.sample import MAX_POINTERS, Sample, kept


def pointer(n: int, source: str = "s") -> tuple[tuple[int, str, int], Pointer]:
    return (n, source, n), Pointer(source, f"{source}{n}", n, n, {})


def test_pointers_are_the_earliest_and_one_of_each_source():
    many = [pointer(n) for n in range(300)] + [
        pointer(500, "t"),
        pointer(600, "t"),
        pointer(400, "u"),
    ]
    random.Random(1).shuffle(many)
    found = kept(many)
    assert len(found) == MAX_POINTERS
    assert [place for place, _ in found[-2:]] == [(400, "u", 400), (500, "t", 500)]
    assert [place[0] for place, _ in found[:98]] == list(range(98))


@pytest.mark.parametrize("seed", range(6))
def test_a_sample_that_grows_is_the_sample_of_everything(seed):
    chance = random.Random(seed)
    many = [pointer(n, chance.choice("stuvw" * (1 + 30 * (seed % 2)))) for n in range(900)]
    if seed > 2:
        many = [pointer(n, f"s{chance.randrange(150)}") for n in range(900)]
    chance.shuffle(many)
    sample = Sample()
    for place, one in many:
        if sample.wants(place):
            sample.add(place, one)
    assert sample.pointers() == kept(many)


def test_what_is_not_wanted_would_not_be_kept():
    sample = Sample()
    for place, one in [pointer(n) for n in range(300)]:
        sample.add(place, one)
    assert not sample.wants((300, "s", 300))
    assert sample.wants((50, "s", 50))
    assert sample.wants((300, "t", 300))
