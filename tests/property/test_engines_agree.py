"""Hyperscan and RE2 give the same answers, and both agree with Python on what a character is."""

from __future__ import annotations

import re
from importlib.util import find_spec

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trailhound.rules.sigma.patterns import Expression, HyperscanSet, Re2Set
from trailhound.rules.sigma.regex import check_regex, escaped

pytestmark = pytest.mark.skipif(find_spec("hyperscan") is None, reason="no Hyperscan here")

LETTERS = "abkK sS0_-.\\\n\x0béÉñßσς€я日\U0001d11e\u00a0"
SPECIAL = LETTERS + "\u017f\u212a"
ATOMS = (
    ".", r"\w", r"\W", r"\d", r"\D", r"\s", r"\S", "[^a]", "[^aé]", "[aé]", "[b-k]", r"[^\s]",
    r"[\s-]", "a", "b", "k", "S", r"\.", r"\\", "é", "日", "ß", "-", "σ",
)  # fmt: skip
REPEATS = ("", "", "", "*", "+", "?", "{2}", "{1,3}", "{2,}", "{0,4}", "*?", "{1,2}?")
ANYTHING = st.characters(exclude_categories=["Cs"])


def joined(parts: list[str]) -> str:
    return "".join(parts)


REPEATED = st.builds(str.__add__, st.sampled_from(ATOMS), st.sampled_from(REPEATS))
BRANCH = st.lists(REPEATED, min_size=1, max_size=4).map(joined)
GROUP = st.builds("(?:{}|{}){}".format, BRANCH, BRANCH, st.sampled_from(REPEATS[:-2]))
BODY = st.lists(st.one_of(REPEATED, REPEATED, GROUP), min_size=1, max_size=5).map(joined)
PATTERN = st.builds(
    "{}{}{}".format, st.sampled_from(("", "^", r"\A")), BODY, st.sampled_from(("", "$", r"\z"))
)
FLAGS = st.tuples(st.booleans(), st.booleans(), st.booleans())
TEXT = st.text(st.one_of(st.sampled_from(LETTERS), ANYTHING), min_size=1, max_size=9)


def in_python(one: Expression, text: str) -> bool:
    flags = re.ASCII | (re.DOTALL if one.dotall else 0) | (re.MULTILINE if one.multiline else 0)
    return re.search(one.pattern.replace(r"\z", r"\Z"), text, flags) is not None


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(PATTERN, FLAGS), min_size=1, max_size=5), st.lists(TEXT, max_size=5))
def test_expressions(written, texts):
    usable = [(one, flags) for one, flags in written if not check_regex(one, "")]
    expressions = [Expression(one, *flags) for one, flags in usable]
    fast, sure = HyperscanSet(expressions, None), Re2Set(expressions)
    for text in texts:
        hits = sorted(fast.scan(text.encode()))
        assert hits == sorted(sure.scan(text.encode()))
        for number, one in enumerate(expressions):
            if one.cased:  # Python's own idea of case differs, and is not asked
                assert (number in hits) == in_python(one, text), one


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.lists(st.sampled_from([*"ksaéΣ", "?", "*"]), min_size=1, max_size=5), min_size=1),
    st.text(SPECIAL, min_size=1, max_size=8),
    st.booleans(),
)
def test_wildcards(words, text, cased):
    wild = {"?": ".", "*": ".*"}
    bodies = ["".join(wild.get(part) or escaped(part) for part in word) for word in words]
    expressions = [Expression(rf"\A{body}\z", cased) for body in bodies]
    expressions += [Expression(body, cased) for body in bodies]
    hits = HyperscanSet(expressions, None).scan(text.encode())
    assert sorted(hits) == sorted(Re2Set(expressions).scan(text.encode()))
