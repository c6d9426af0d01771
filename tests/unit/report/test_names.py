from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailhound.report.names import Names, folded, replace

KNOWN = Names({"a.meyer": "user-1", "meyer": "user-2", "fin-pc07": "host-1", "jos\u00e9": "user-3"})


def replaced(text):
    return replace(text, KNOWN.find(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a.meyer", "user-1"),
        (r"C:\Users\A.MEYER\x", r"C:\Users\user-1\x"),
        ("backup_a.meyer.zip", "backup_user-1.zip"),
        ("(fin-pc07):a.meyer", "(host-1):user-1"),
        (r"line\na.meyer", r"line\nuser-1"),
        (
            r"x\x1ba.meyer \u202ea.meyer \U0001f600a.meyer",
            r"x\x1buser-1 \u202euser-1 \U0001f600user-1",
        ),
        ("acme%5Ca.meyer%40x", "acme%5Cuser-1%40x"),
        ("JOS\u00c9", "user-3"),
    ],
)
def test_a_name_is_found_wherever_it_stands(text, expected):
    assert replaced(text) == expected


@pytest.mark.parametrize("text", ["sa.meyers", "a.meyer2", "fin-pc070", "xfin-pc07", "josefa"])
def test_a_part_of_a_longer_word_is_none(text):
    assert "user-1" not in replaced(text)
    assert "host-1" not in replaced(text)


def test_the_longest_name_wins():
    assert replaced("a.meyer meyer") == "user-1 user-2"


def test_places_stay_the_same_when_letters_grow():
    assert len(folded("\u0130x")) == 2
    assert replaced("\u0130\u0130 a.meyer") == "\u0130\u0130 user-1"


def test_overlaps_are_replaced_once():
    assert replace("abcdef", [(0, 4, "X"), (2, 6, "Y"), (0, 2, "Z")]) == "Xef"
    assert replace("abc", []) == "abc"


@given(st.text(), st.text(), st.sampled_from(["a.meyer", "fin-pc07", "jos\u00e9"]))
def test_no_known_name_survives_as_a_word(before, after, name):
    text = replaced(f"{before} {name} {after}")
    assert f" {name} " not in folded(text)


def test_many_names_in_long_text_take_linear_time():
    names = Names({f"pc-{n:05}": f"host-{n}" for n in range(20_000)})
    text = "pc-00001 pc-x pc " * 20_000
    start = time.process_time()
    assert replace(text, names.find(text)).count("host-1 ") == 20_000
    assert time.process_time() - start < 3
