from __future__ import annotations

import pytest

from trailhound.simulate.settings import Settings, noise_level


@pytest.mark.parametrize("wrong", [{"people": 4}, {"people": 2001}, {"days": 0}, {"noise": 1.1}])
def test_values_outside_their_range_are_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Settings(**wrong)


def test_the_ends_of_the_ranges_are_allowed():
    assert Settings(people=2000, days=90, noise=0).days == 90


def test_noise_is_a_word_or_a_number():
    assert noise_level("quiet") < noise_level("normal") < noise_level("loud")
    assert noise_level("0.25") == 0.25
