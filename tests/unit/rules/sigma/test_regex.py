from __future__ import annotations

import pytest
import re2

from trailhound.rules.sigma.regex import (
    check_regex,
    escaped,
    is_bytewise,
    like_perl,
    loosened,
    options,
    with_flags,
)


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


@pytest.mark.parametrize(
    "pattern", ["abc", r"\Aa.*b\z", r"a\.b\\", "(?:a|b)+c{2}", "[a-z]{3}", r"[\-x]\d\s\w", r"\x00"]
)
def test_bytes_will_do(pattern):
    assert is_bytewise(pattern)


@pytest.mark.parametrize(
    "pattern",
    ["a.b", "a.+b", ".{2}", "[^a]", r"\W", r"[\W]", r"\b", r"\B", "é", r"\xe9", r"\p{L}", "(?i)k"],
)
def test_characters_count(pattern):
    assert not is_bytewise(pattern)


@pytest.mark.parametrize(
    ("pattern", "loose"),
    [
        ("a.{0,9}b", "a.*b"),
        ("a.{2,9}b[^x]{1,3}", "a.{2,}b[^x]{1,}"),
        (r"\W{0,3}?x", r"\W*?x"),
        (r"\.{0,3}[.{0,3}].x{1,2}", r"\.{0,3}[.{0,3}].x{1,2}"),
        (".{3}.{3,}", ".{3}.{3,}"),
        ("a{1,9}", "a{1,9}"),
        (r".\Q.{0,9}\E", r".\Q.{0,9}\E"),
    ],
)
def test_loosened(pattern, loose):
    assert loosened(pattern) == loose


@pytest.mark.parametrize(
    ("pattern", "flags", "written"),
    [
        ("a$", "", r"a(?:\n?\z)"),
        ("a$", "m", "a$"),
        ("(?im)a$", "", "(?im)a$"),
        (r"\$[$]\s\S", "", r"\$[$][\s\x0b][^\s\x0b]"),
        (r"[\s-]\\s", "", r"[\s\x0b-]\\s"),
    ],
)
def test_like_perl(pattern, flags, written):
    assert like_perl(pattern, flags) == written


def test_reasons_are_text():
    assert "b'" not in check_regex("(?<=a)b", "")
    assert check_regex("(?<=é)b", "").endswith("(?<=")
