from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from trailhound.rules.sigma import matcher
from trailhound.rules.sigma.matcher import FieldMatcher, compare_fields, expression_of, keys_of
from trailhound.rules.sigma.patterns import Expression
from trailhound.rules.sigma.rule import Op, Predicate

if TYPE_CHECKING:
    from trailhound.model.batch import Column


def made(*predicates: Predicate) -> FieldMatcher:
    found = FieldMatcher(None)
    for number, predicate in enumerate(predicates):
        found.add(predicate, number)
    return found


def hits(found: FieldMatcher, key: matcher.Key) -> set[int]:
    return set(found.classes[found[key]])


def test_keys_of():
    text: list = ["a", None, "b"]
    assert keys_of(text) is text
    mixed: Column = ["a", 1, 1.0, 1.5, True, None, ["x", 2, None], ["only"], [], [None], 2.0**60]
    expected = ["a", "1", "1", "1.5", "true", None, ("x", "2"), "only", None, None, str(2.0**60)]
    assert keys_of(mixed) == expected


def test_values_of_one_class_share_its_number():
    found = made(Predicate("A", Op.CONTAINS, "x"), Predicate("A", Op.EQUALS, "y"))
    assert found["ax"] == found["bx"] != 0
    assert found["nothing"] == found[None] == 0
    assert hits(found, ("q", "y", "xx")) == {0, 1}


def test_memory_is_bounded(monkeypatch):
    monkeypatch.setattr(matcher, "MAX_VALUES", 10)
    found = made(Predicate("A", Op.CONTAINS, "x"))
    numbers = {found[f"{n}x"] for n in range(100)}
    assert numbers == {1}
    assert len(found) <= 10
    assert hits(found, "0x") == {0}


def test_lone_surrogates_do_not_stop_it():
    assert hits(made(Predicate("A", Op.CONTAINS, "b")), "a\ud800b") == {0}


@pytest.mark.parametrize(
    ("predicate", "expression"),
    [
        (Predicate("A", Op.CONTAINS, "a.b"), Expression(r"a\.b")),
        (Predicate("A", Op.STARTSWITH, "a", cased=True), Expression(r"\Aa", cased=True)),
        (Predicate("A", Op.ENDSWITH, "a"), Expression(r"a\z")),
        (Predicate("A", Op.REGEX, "a", cased=True), Expression("a", cased=True, dotall=False)),
        (
            Predicate("A", Op.REGEX, "a", flags="ims"),
            Expression("a", cased=False, dotall=True, multiline=True),
        ),
    ],
)
def test_expression_of(predicate, expression):
    assert expression_of(predicate) == expression


@pytest.mark.parametrize("text", ["nan", "inf", "-Infinity", "", "1e", "x"])
def test_what_is_no_number(text):
    found = made(Predicate("A", Op.GT, "-1e300"), Predicate("A", Op.LT, "1e300"))
    assert hits(found, text) == set()


def test_compare_fields():
    equal = Predicate("A", Op.FIELD_EQUALS, "B")
    left, right = ["a", "a", None, ("x", "y"), ""], ["A", "b", None, "Y", ""]
    assert compare_fields(equal, left, right) == [True, False, False, True, False]
    cased = Predicate("A", Op.FIELD_EQUALS, "B", cased=True)
    assert compare_fields(cased, ["a"], ["A"]) == [False]


def test_long_texts_are_matched_and_not_remembered(monkeypatch):
    monkeypatch.setattr(matcher, "MAX_LENGTH", 5)
    made = matcher.FieldMatcher(None)
    made.add(Predicate("f", Op.CONTAINS, "x"), 3)
    assert made.classes[made["abcdefx"]] == made.classes[made["x"]] == {3}
    assert set(made) == {"x"}
