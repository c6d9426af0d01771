from __future__ import annotations

import pytest

from trailhound.text.escape import csv_cell, printable


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("plain text, ümlaut, 漢字, 😀", "plain text, ümlaut, 漢字, 😀"),
        ("a\nb", r"a\x0ab"),
        ("a\tb\rc\x00", r"a\x09b\x0dc\x00"),
        ("\x1b]52;c;aGk=\x07", r"\x1b]52;c;aGk=\x07"),
        ("\x9b31m", r"\x9b31m"),
        ("gpj.\u202eexe", r"gpj.\u202eexe"),
        ("a\u2066b\u2069\u200b\ufeff", r"a\u2066b\u2069\u200b\ufeff"),
        ("line\u2028sep", r"line\u2028sep"),
        ("no\xa0break", r"no\xa0break"),
        ("\ud83d", r"\ud83d"),
        ("\U000e0041", r"\U000e0041"),
        (r"C:\new\x", r"C:\new\x"),
        ("", ""),
    ],
)
def test_nothing_but_printing_characters_is_shown(raw, shown):
    assert printable(raw) == shown
    assert printable(raw).isprintable()


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_cannot_become_a_formula(start):
    assert csv_cell(f"{start}cmd|' /C calc'!A0") == f"'{start}cmd|' /C calc'!A0"


def test_a_harmless_cell_is_untouched():
    assert csv_cell("a=b") == "a=b"
    assert csv_cell("") == ""
