from __future__ import annotations

import pytest

from trailhound.readers.zeek_header import MAX_FIELDS, Header, unescape


def header(*lines):
    made = Header()
    for line in lines:
        made = made.read(line.encode())
    return made


def test_a_header_says_how_to_read():
    made = header(
        "#separator \\x7c", "#set_separator|;", "#empty_field|E", "#unset_field|N", "#path|dns",
        "#fields|ts|query|ts", "#types|time|string|count",
    )  # fmt: skip
    assert (made.separator, made.set_separator, made.empty, made.unset) == ("|", ";", "E", "N")
    assert (made.path, made.fields) == ("dns", ("ts", "query", "ts"))
    assert made.types == ("time", "string", "count")
    assert made.plain


def test_old_headers_have_no_separator_line():
    assert header("#fields\tts\tuid").fields == ("ts", "uid")


@pytest.mark.parametrize(
    ("types", "wanted"), [("time", ("time", "string")), ("a\tb\tc", ("a", "b"))]
)
def test_types_are_made_to_fit(types, wanted):
    assert header("#fields\tts\tuid", f"#types\t{types}").types == wanted


def test_closed_and_opened_again():
    made = header("#path\tdns", "#fields\tts", "#close\tx")
    assert made.closed
    assert not made.read(b"#open\ty").closed
    assert not made.read(b"#fields\tts").closed


def test_a_new_separator_starts_a_new_log():
    assert header("#path\tdns", "#fields\tts", "#separator \\x09").fields == ()


@pytest.mark.parametrize(
    ("path", "wanted"),
    [("conn", "conn"), ("../../etc", "______etc"), ("", "unknown"), ("x" * 99, "x" * 64)],
)
def test_a_path_is_one_plain_word(path, wanted):
    assert header(f"#path\t{path}").path == wanted


def test_too_many_fields_are_no_header():
    assert header("#fields" + "\tx" * (MAX_FIELDS + 1)).fields == ()


@pytest.mark.parametrize(
    "line", ["#", "#separator", "#set_separator\t", "#unset_field", "#\xff", "#types\tx"]
)
def test_damage_changes_nothing_it_should_not(line):
    made = header(line)
    assert (made.separator, made.set_separator, made.unset) == ("\t", ",", "-")


def test_more_than_one_character_is_not_plain():
    assert not header("#separator \\x09\\x09").plain
    assert unescape("a\\x2cb\\xZZ") == "a,b\\xZZ"
