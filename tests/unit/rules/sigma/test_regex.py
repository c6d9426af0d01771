from __future__ import annotations

import pytest
import re2

from trailhound.rules.sigma.regex import check_regex, escaped, options, with_flags


@pytest.mark.parametrize(
    "pattern", ["a", "(a|b)+", r"\d{1,3}", "^x$", "(?i)a", r"\p{L}", "[^\\x00]"]
)
def test_usable(pattern):
    assert check_regex(pattern, "") == ""


@pytest.mark.parametrize(
    ("pattern", "what"),
    [
        ("(?=a)", "linear"),
        ("(?<=a)b", "linear"),
        (r"(a)\1", "linear"),
        ("(", "linear"),
        ("[z-a]", "linear"),
        ("a" * 30_000, "characters"),
        ("a\0b", "NUL"),
    ],
)
def test_unusable(pattern, what):
    assert what in check_regex(pattern, "")


def test_flags():
    def found(pattern: str, flags: str, text: str) -> bool:
        return re2.search(with_flags(pattern, flags), text, options(flags)) is not None

    assert found("abc", "i", "ABC")
    assert not found("abc", "", "ABC")
    assert found("a.c", "s", "a\nc")
    assert not found("a.c", "", "a\nc")
    assert found("^b$", "m", "a\nb\nc")
    assert not found("^b$", "", "a\nb\nc")


@pytest.mark.parametrize("text", ["a.b", "a\0b", "C:\\x(1)[2]{3}*+?^$|", "ä€", "a b\n"])
def test_escaped_text_matches_itself_only(text):
    assert re2.fullmatch(escaped(text), text, options("s"))
    assert not re2.search(escaped(text), "a", options("s"))
