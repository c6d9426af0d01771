from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailhound.rules.sigma.pattern import Wild, around, comparison, expression, literal, parse
from trailhound.rules.sigma.rule import Op

MANY, ONE = Wild.MANY, Wild.ONE


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", ()),
        ("abc", ("abc",)),
        ("a*b?c", ("a", MANY, "b", ONE, "c")),
        ("**", (MANY, MANY)),
        (r"a\*b\?", ("a*b?",)),
        (r"a\\b", (r"a\b",)),
        (r"a\b", (r"a\b",)),
        (r"a\\*", ("a\\", MANY)),
        (r"a\\\*", (r"a\*",)),
        ("end\\", ("end\\",)),
        (r"\\server\share", (r"\server\share",)),
        (r"\\\\server", (r"\\server",)),
    ],
)
def test_parse(text, parts):
    assert parse(text) == parts


@pytest.mark.parametrize(
    ("text", "op", "value"),
    [
        ("abc", Op.EQUALS, "abc"),
        ("", Op.BLANK, ""),
        ("*", Op.PRESENT, ""),
        ("***", Op.PRESENT, ""),
        ("*abc*", Op.CONTAINS, "abc"),
        ("abc*", Op.STARTSWITH, "abc"),
        ("*abc", Op.ENDSWITH, "abc"),
        ("a*c", Op.WILDCARD, r"\Aa.*c\z"),
        ("*a?c", Op.WILDCARD, r"a.c\z"),
        ("a?c*", Op.WILDCARD, r"\Aa.c.*"),
        ("?", Op.WILDCARD, r"\A.\z"),
        ("a.c*d", Op.WILDCARD, r"\Aa\.c.*d\z"),
    ],
)
def test_the_cheapest_comparison_is_chosen(text, op, value):
    assert comparison(parse(text)) == (op, value)


def test_around_adds_what_is_missing():
    assert around(("a",), before=True, after=True) == (MANY, "a", MANY)
    assert around((MANY, "a"), before=True, after=False) == (MANY, "a")
    assert around((), before=True, after=True) == (MANY, MANY)


def test_literal():
    assert literal(parse(r"a\*")) == "a*"
    assert literal(parse("a*")) is None


@given(st.text("ab*?\\.\n\0", min_size=1, max_size=8), st.text("ab*?\\.\n\0", max_size=8))
def test_expressions_mean_what_the_pattern_says(text, value):
    pattern = parse(text)
    if not any(isinstance(part, Wild) for part in pattern):
        return
    naive = "".join(
        re.escape(p) if isinstance(p, str) else ".*" if p is MANY else "." for p in pattern
    )
    ours = re.compile(expression(pattern).replace(r"\z", r"\Z"), re.DOTALL)
    assert bool(ours.search(value)) == bool(re.fullmatch(naive, value, re.DOTALL))
