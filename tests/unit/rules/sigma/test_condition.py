from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailhound.rules.sigma.condition import (
    ConditionError,
    frozen,
    holds,
    join,
    negate,
    packed,
    parse_condition,
    reasons,
    simplify,
    triggers,
)
from trailhound.rules.sigma.rule import FALSE, TRUE

if TYPE_CHECKING:
    from trailhound.rules.sigma.rule import Tree

A, B, C, D = (("p", n) for n in range(4))
NAMED: dict[str, Tree] = {"sel_a": A, "sel_b": B, "filter": C, "_hidden": D}


def parsed(text: str) -> Tree:
    return parse_condition(text, NAMED)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("sel_a", A),
        ("not sel_a", ("not", A)),
        ("not not sel_a", A),
        ("sel_a and sel_b", ("and", A, B)),
        ("sel_a AND NOT sel_b", ("and", A, ("not", B))),
        ("sel_a or sel_b and filter", ("or", A, ("and", B, C))),
        ("(sel_a or sel_b) and filter", ("and", ("or", A, B), C)),
        ("not sel_a and sel_b", ("and", ("not", A), B)),
        ("not (sel_a and sel_b)", ("not", ("and", A, B))),
        ("sel_a or sel_b or filter", ("or", A, B, C)),
        ("((sel_a))", A),
        ("sel_a\n  and\tsel_b", ("and", A, B)),
        ("sel_a and(sel_b)", ("and", A, B)),
        ("1 of sel_*", ("or", A, B)),
        ("any of sel_*", ("or", A, B)),
        ("all of sel_*", ("and", A, B)),
        ("2 of sel_*", ("and", A, B)),
        ("3 of sel_*", FALSE),
        ("0 of sel_*", TRUE),
        ("1 of them", ("or", A, B, C)),
        ("all of them", ("and", A, B, C)),
        ("2 of them", ("or", ("and", A, B), ("and", A, C), ("and", B, C))),
        ("1 of _hid*", D),
        ("1 of sel_a", A),
        ("not 1 of sel_*", ("not", ("or", A, B))),
        ("sel_a and not 1 of filt*", ("and", A, ("not", C))),
    ],
)
def test_conditions(text, tree):
    assert parsed(text) == tree


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "empty"),
        ("nobody", "no detection named 'nobody'"),
        ("Sel_a", "no detection named"),
        ("sel_a and", "ends where"),
        ("and sel_a", "no detection named 'and'"),
        ("sel_a sel_b", "unexpected 'sel_b'"),
        ("(sel_a", "never closed"),
        ("sel_a)", "closing"),
        ("()", "unexpected"),
        ("not", "ends where"),
        ("1 of x*", "fits 'x*'"),
        ("sel_a | count() > 1", "correlation"),
        ("(" * 60 + "sel_a" + ")" * 60, "nested"),
    ],
)
def test_what_is_wrong_is_said(text, what):
    with pytest.raises(ConditionError) as error:
        parsed(text)
    assert what in str(error.value)


def test_too_many_combinations():
    many: dict[str, Tree] = {f"s{n}": ("p", n) for n in range(40)}
    with pytest.raises(ConditionError, match="combinations"):
        parse_condition("20 of s*", many)


@pytest.mark.parametrize("name", ["on", "of", "all", "1", "s-1", "s.1", "sélection"])
def test_odd_names(name):
    assert parse_condition(name, {name: A}) == A


def test_join_folds_constants_and_repeats():
    assert join("and", [A, TRUE, A]) == A
    assert join("and", [A, FALSE]) == FALSE
    assert join("or", [A, TRUE]) == TRUE
    assert join("or", [FALSE, FALSE]) == FALSE
    assert join("and", []) == TRUE
    assert join("and", [("and", A, B), C]) == ("and", A, B, C)
    assert join("or", [("and", A, B), C]) == ("or", ("and", A, B), C)


def test_negate():
    assert [negate(t) for t in (TRUE, FALSE, A, ("not", A))] == [FALSE, TRUE, ("not", A), A]


TREES = st.recursive(
    st.sampled_from([A, B, C, TRUE, FALSE]),
    lambda inner: (
        st.builds(negate, inner)
        | st.builds(join, st.sampled_from(["and", "or"]), st.lists(inner, min_size=1, max_size=3))
    ),
    max_leaves=8,
)
ALL_HITS = [
    frozenset(n for n, on in enumerate(ons) if on) for ons in product((False, True), repeat=3)
]


@given(TREES)
def test_packed_trees_mean_the_same(tree):
    assert [holds(packed(tree), hits) for hits in ALL_HITS] == [
        holds(tree, hits) for hits in ALL_HITS
    ]


@given(TREES, st.dictionaries(st.integers(0, 2), st.booleans()))
def test_simplified_trees_mean_the_same(tree, known):
    simple = simplify(tree, known.get)
    for hits in ALL_HITS:
        if all((n in hits) == truth for n, truth in known.items()):
            assert holds(simple, hits) == holds(tree, hits)


@given(TREES)
def test_nothing_holds_without_a_trigger(tree):
    found = triggers(tree)
    for hits in ALL_HITS:
        if holds(tree, hits) and found is not None:
            assert hits & found


@given(TREES)
def test_reasons_are_hits(tree):
    for hits in ALL_HITS:
        if holds(tree, hits):
            assert set(reasons(tree, hits)) <= hits


def test_reasons_name_the_branch_that_held():
    tree = ("or", ("and", A, B), C)
    assert reasons(tree, frozenset({0, 2})) == [2]
    assert reasons(tree, frozenset({0, 1, 2})) == [0, 1, 2]
    assert reasons(("and", A, ("not", B)), frozenset({0})) == [0]


def test_triggers_are_the_smallest():
    assert triggers(("and", ("or", A, B), C)) == frozenset({2})
    assert triggers(("not", A)) is None
    assert triggers(("or", A, ("not", B))) is None
    assert triggers(FALSE) == frozenset()


def test_frozen_makes_tuples_of_lists():
    assert frozen(["and", ["p", 1], ["not", ["p", 2]]]) == ("and", ("p", 1), ("not", ("p", 2)))
    with pytest.raises(TypeError):
        frozen("p")
