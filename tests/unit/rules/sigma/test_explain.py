from __future__ import annotations

import pytest

from tests.unit.rules.sigma.small_rules import sysmon
from trailhound.rules.records import batches
from trailhound.rules.sigma.explain import MAX_REASONS, Shown, as_shown, explain, in_words
from trailhound.rules.sigma.rule import Op, Predicate


def one(record: dict):
    ((batch, _),) = batches([sysmon(record)])
    return batch


@pytest.mark.parametrize(
    ("predicate", "words"),
    [
        (Predicate("A", Op.EQUALS, "x"), "A is 'x'"),
        (Predicate("A", Op.CONTAINS, "x"), "A contains 'x'"),
        (Predicate("A", Op.EMPTY), "A has no value"),
        (Predicate("A", Op.BLANK), "A is there without text"),
        (Predicate("A", Op.PRESENT), "A is present"),
        (Predicate("A", Op.GTE, "5.0"), "A is at least '5.0'"),
        (Predicate("A", Op.FIELD_EQUALS, "B"), "A equals the field B"),
        (Predicate("A", Op.HOUR, "5"), "A has the hour '5'"),
        (Predicate("", Op.CONTAINS, "x"), "a value contains 'x'"),
    ],
)
def test_in_words(predicate, words):
    assert in_words(predicate) == words


def test_every_comparison_has_words():
    assert all(in_words(Predicate("A", op, "x")) for op in Op)


def test_reasons_carry_the_value_seen():
    (reason,) = explain(one({"A": "xyz"}), 0, [Predicate("A", Op.CONTAINS, "y")])
    assert (reason.feature, reason.value, reason.op, reason.expected) == (
        "A",
        "xyz",
        "contains",
        "y",
    )


def test_a_keyword_shows_its_surroundings():
    text = "a" * 200 + "NEEDLE" + "b" * 200
    (reason,) = explain(one({"A": text}), 0, [Predicate("", Op.CONTAINS, "needle")])
    assert reason.value == "a" * 80 + "NEEDLE" + "b" * 80


def test_reasons_are_bounded():
    many = [Predicate("A", Op.CONTAINS, str(n)) for n in range(50)]
    assert len(explain(one({"A": "x"}), 0, many)) == MAX_REASONS


def test_as_shown():
    assert as_shown(["a", 1]) == "a, 1"
    assert as_shown("x" * 700) == f"{'x' * 600}... (700 characters)"
    assert as_shown(5) == 5
    assert as_shown(None) is None


def test_shown_leaves_out_what_has_no_value():
    batch = one({"A": "x", "B": "", "C": ["p", "q"]})
    why = (Predicate("A", Op.EQUALS, "x"), Predicate("", Op.CONTAINS, "k"))
    assert Shown(batch, [why], "BCD").of(0, why) == {"A": "x", "C": "p, q"}
