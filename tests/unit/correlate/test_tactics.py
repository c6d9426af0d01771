from __future__ import annotations

import string
from importlib.resources import files
from pathlib import Path

import pytest

from tests.unit.correlate.made import finding
from trailhound.correlate.advice import _URGENCY
from trailhound.correlate.tactics import TACTICS, tactics_of


@pytest.mark.parametrize("name", TACTICS)
def test_every_tactic_can_be_told_without_any_name(name):
    tactic = TACTICS[name]
    assert 0 < len(tactic.word) <= 8
    assert "{" not in tactic.actions[-1]
    assert name in _URGENCY


@pytest.mark.parametrize("action", [a for t in TACTICS.values() for a in t.actions])
def test_actions_name_only_what_findings_have(action):
    fields = {field for _, field, _, _ in string.Formatter().parse(action) if field}
    assert fields <= {"hosts", "users", "addresses"}


def test_tactics_come_in_the_order_of_an_intrusion():
    one = finding("x", tactic="impact")
    assert tactics_of(one) == ["impact"]
    assert list(TACTICS).index("execution") < list(TACTICS).index("impact")


def test_other_tags_are_no_tactics():
    assert tactics_of(finding("x", tactic="t1003.001")) == []
    assert tactics_of(finding("x", tactic="defense_evasion")) == ["defense-evasion"]


def test_our_own_rules_name_no_tactic_that_is_unknown():
    rules = files("trailhound.content").joinpath("rules/sigma")
    named = {
        line.strip("- ").removeprefix("attack.")
        for path in Path(str(rules)).rglob("*.yml")
        for line in path.read_text("utf-8").splitlines()
        if line.strip().startswith("- attack.")
        and not line.strip()[9:].startswith(("t1", "s0", "g0"))
    }
    assert len(named) > 10
    assert not named - set(TACTICS)
