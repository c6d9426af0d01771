from __future__ import annotations

import os

import pytest

from trailhound.unpack.names import text_name


@pytest.mark.parametrize("name", ["auth.log", "größe.log", "漢字", r"a\b.log", r"\x1", r"\xZZ", ""])
def test_names_that_are_text_stay(name):
    assert text_name(name) == name


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("na\udcffme", r"na\xffme"),
        ("\udc80\udcfe", r"\x80\xfe"),
        ("half \ud83d", r"half \ud83d"),
        (r"na\xffme", r"na\x5cxffme"),
        (r"\ud83d", r"\x5cud83d"),
        (r"\\xff", r"\\x5cxff"),
    ],
)
def test_what_is_no_text_is_written_as_text(name, told):
    assert text_name(name) == told
    assert told.encode()


def test_two_names_never_become_one():
    parts = [b"\\", b"\xff", b"x", b"ff", b"5c", b"u", b"d83d", b"\xc3\xbc"]
    names = {os.fsdecode(a + b + c + d) for a in parts for b in parts for c in parts for d in parts}
    assert len({text_name(name) for name in names}) == len(names)
