from __future__ import annotations

import msgspec
import pytest

from tests.unit.correlate.made import finding
from trailhound.correlate.techniques import PHRASES, phrase


def told(*techniques, **fields):
    return phrase(msgspec.structs.replace(finding("Own title", **fields), techniques=techniques))


def test_a_technique_is_told_in_a_few_words():
    assert told("T1003.001") == "LSASS memory read"
    assert told("t1070.001") == "log cleared"


def test_an_unknown_part_falls_back_to_its_parent_and_then_to_its_tactic():
    assert told("T1003.999") == "passwords dumped"
    assert told("T9999", tactic="exfiltration") == "data taken out"
    assert told("T9999", "T1486") == "data encrypted"


def test_without_a_place_in_attack_the_title_speaks():
    assert told(tactic="nothing") == "Own title"


@pytest.mark.parametrize("technique", PHRASES)
def test_phrases_are_short_and_have_a_parent(technique):
    assert len(PHRASES[technique]) <= 28
    assert technique.partition(".")[0] in PHRASES
