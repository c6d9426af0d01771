from __future__ import annotations

import pytest

from trailhound.model.entity import Entity, EntityType, Role
from trailhound.model.finding import Severity, finding_id

ANNA = Entity(EntityType.USER, "anna")
PC = Entity(EntityType.HOST, "pc07")


def test_severities_are_ordered_and_have_words():
    assert Severity.LOW < Severity.MEDIUM < Severity.HIGH < Severity.CRITICAL
    assert [one.word for one in Severity] == ["informational", "low", "medium", "high", "critical"]


@pytest.mark.parametrize("word", ["high", "HIGH", "High"])
def test_severities_are_read_in_any_case(word):
    assert Severity.parse(word) is Severity.HIGH


def test_an_unknown_severity_lists_those_that_exist():
    with pytest.raises(ValueError, match="informational, low, medium, high, critical"):
        Severity.parse("severe")


def test_the_same_judgement_has_the_same_id():
    assert finding_id("rule/x", [ANNA, PC], 0) == finding_id("rule/x", [PC, ANNA], 0)


def test_ids_outlive_releases():
    """A workspace revises findings by id: a change here doubles every finding that is stored."""
    assert finding_id("rule/x", [ANNA, PC], 1_730_721_600_000_000) == "a4651ff78f8ad766"


@pytest.mark.parametrize(
    ("detector", "key", "window"),
    [
        ("rule/y", [ANNA, PC], 0),
        ("rule/x", [ANNA], 0),
        ("rule/x", [ANNA, PC], 1),
        ("rule/x", [Entity(EntityType.HOST, "anna"), PC], 0),
        ("rule/x", [], 0),
    ],
)
def test_another_judgement_has_another_id(detector, key, window):
    assert finding_id(detector, key, window) != finding_id("rule/x", [ANNA, PC], 0)


def test_roles_do_not_name_another_judgement():
    acting = Entity(EntityType.USER, "anna", Role.ACTOR)
    assert finding_id("rule/x", [acting], 0) == finding_id("rule/x", [ANNA], 0)


def test_values_that_are_no_text_still_have_an_id():
    assert len(finding_id("rule/x", [Entity(EntityType.FILE, "a\ud800b")], 0)) == 16
