from __future__ import annotations

import base64
from typing import Any

import pytest

from tests.unit.rules.sigma.small_rules import MISSING, compiled, item, matched, rule
from trailhound.rules.sigma.parse import parse_file
from trailhound.rules.sigma.rule import SigmaRule

YES, NO = True, False


def problem(line: str) -> str:
    head = "title: t\nlogsource: {product: windows}\ndetection:\n  s:\n"
    text = f"{head}    A{line}\n  condition: s\n"
    made, errors = parse_file(text.encode(), "a.yml", {})
    assert made == []
    return str(errors[0])


def test_equality_ignores_case_and_takes_the_whole_value():
    assert item(": 'Cmd.exe'", "cmd.EXE", "cmd.exe ", "xcmd.exe", MISSING) == [YES, NO, NO, NO]


def test_case_beyond_ascii():
    assert item(": 'ÄRGER'", "ärger", "arger") == [YES, NO]


def test_a_list_is_any_of_its_values():
    assert item(": [a, b]", "a", "B", "c", ["c", "b"]) == [YES, YES, NO, YES]


def test_numbers_booleans_and_text_are_alike():
    assert item(": 5", 5, "5", 5.0, "5.0", "05", True) == [YES, YES, YES, NO, NO, NO]
    assert item(": '5'", 5, "5") == [YES, YES]
    assert item(": true", True, "true", "True", 1, "yes") == [YES, YES, YES, NO, NO]
    assert item(": 1.5", 1.5, "1.5", 1) == [YES, YES, NO]


@pytest.mark.parametrize("line", [": null", ": ~"])
def test_null_means_no_value(line):
    assert item(line, None, "", MISSING, [], [None], "x", 0, False) == [YES] * 5 + [NO] * 3


def test_empty_text_is_a_value():
    assert item(": ''", "", [""], ["", "x"], ["", None]) == [YES] * 4
    assert item(": ''", None, MISSING, [], [None], "x", " ", 0, False) == [NO] * 8
    assert item(": ['', a]", "", "a", None, "b") == [YES, YES, NO, NO]
    assert item("|cased: ''", "", None) == [YES, NO]
    assert item("|contains: ''", "", "x", None) == [YES, YES, NO]


def test_null_in_a_list():
    assert item(": [null, a]", None, "a", "b") == [YES, YES, NO]


def test_a_star_alone_asks_for_any_value():
    assert item(": '*'", "x", 0, MISSING, None) == [YES, YES, NO, NO]


def test_wildcards():
    assert item(": 'a*c?e'", "abbbcde", "acde", "ace", "Ac\nxE") == [YES, YES, NO, NO]
    assert item(": 'a*'", "a", "ab\nc", "ba") == [YES, YES, NO]
    assert item(": '*a'", "a", "b\na", "ab") == [YES, YES, NO]


def test_escaped_wildcards():
    assert item(r": 'a\*b'", "a*b", "axb", r"a\*b") == [YES, NO, NO]
    assert item(r": 'a\?b'", "a?b", "axb") == [YES, NO]
    assert item(r": 'a\\*b'", r"a\xb", r"a\b", "a*b") == [YES, YES, NO]
    assert item(r": 'C:\Windows\*'", r"C:\Windows*", r"C:\Windows\x") == [YES, NO]
    assert item(r": 'C:\Windows\\*'", r"C:\Windows\x", r"C:\Windows*") == [YES, NO]
    assert item(r": 'a\b\'", "a\\b\\", "a\\b") == [YES, NO]


def test_contains_startswith_endswith():
    assert item("|contains: b", "abc", "B", "ac") == [YES, YES, NO]
    assert item("|startswith: ab", "ABc", "cab") == [YES, NO]
    assert item("|endswith: bc", "aBC", "bca", "bc\n") == [YES, NO, NO]
    assert item("|contains: 'a?c'", "xabcx", "xacx") == [YES, NO]
    assert item("|contains: ['x', 'y']", "axb", "ayb", "ab") == [YES, YES, NO]
    assert item("|contains: 5", 151, "x5", 4) == [YES, YES, NO]


def test_special_characters_of_expressions_are_plain():
    for text in (".*", "a+b", "(x)", "[a-z]", "a|b", "^$", "{2}", "#x", "a b", "\\d"):
        quoted = text.replace("*", "\\*").replace("?", "\\?")
        assert item(f"|contains: '{quoted}'", f"x{text}y", "ab2d x") == [YES, NO]


def test_all_asks_for_each_value():
    assert item("|contains|all: [a, b]", "ba", "a", "b", "xAyBz") == [YES, NO, NO, YES]
    assert item("|all: ['*a*', '*b*']", "ba", "a") == [YES, NO]


def test_all_over_a_list_of_the_record_takes_different_elements():
    assert item("|contains|all: [a, b]", ["xa", "xb"], ["xa"]) == [YES, NO]


def test_all_with_one_value():
    assert item("|contains|all: a", "xa", "b") == [YES, NO]


def test_cased():
    assert item("|cased: Ab", "Ab", "ab") == [YES, NO]
    assert item("|contains|cased: Ab", "xAbx", "xabx") == [YES, NO]
    assert item("|cased|contains|all: [A, B]", "AB", "Ab") == [YES, NO]


def test_exists():
    assert item("|exists: true", "x", "", 0, None, MISSING) == [YES, YES, YES, NO, NO]
    assert item("|exists: false", "x", "", 0, None, MISSING) == [NO, NO, NO, YES, YES]


def test_neq():
    assert item("|neq: a", "a", "b", MISSING) == [NO, YES, YES]
    assert item("|contains|neq: [a, b]", "xa", "xb", "c") == [NO, NO, YES]


def test_regular_expressions():
    assert item("|re: '^a.c$'", "abc", "aBC", "xabc", "a\nc") == [YES, NO, NO, NO]
    assert item("|re|i: '^a.c$'", "ABC", "a\nc") == [YES, NO]
    assert item("|re|s: 'a.c'", "a\nc", "ABC") == [YES, NO]
    assert item("|re|m: '^b$'", "a\nb\nc", "ab") == [YES, NO]
    assert item("|re: '^b$'", "a\nb\nc", "b") == [NO, YES]
    assert item("|re|i|m|s: '^b.*c$'", "a\nB\nC", "a b c") == [YES, NO]
    assert item("|re: ['a{2}', 'b{2}']", "aa", "bb", "ab") == [YES, YES, NO]
    assert item("|re|all: ['a', 'b']", "ab", "a") == [YES, NO]


def test_cidr():
    assert item("|cidr: 192.0.2.0/24", "192.0.2.7", "192.0.3.7", "x", MISSING) == [YES, NO, NO, NO]
    assert item("|cidr: 192.0.2.7/24", "192.0.2.1", "192.0.3.1") == [YES, NO]
    assert item("|cidr: '2001:db8::/32'", "2001:DB8::1", "2001:db9::1", "192.0.2.1") == [
        YES,
        NO,
        NO,
    ]
    assert item("|cidr: 10.0.0.0/8", "::ffff:10.1.1.1", "10.1.1.1", "[10.1.1.1]") == [YES, YES, YES]
    assert item("|cidr: 'fe80::/10'", "fe80::1%eth0", "[fe80::1]", "fec0::1") == [YES, YES, NO]
    assert item("|cidr: [10.0.0.0/8, '::1/128']", "10.0.0.1", "::1", "::2") == [YES, YES, NO]
    assert item("|cidr: 0.0.0.0/0", "1.2.3.4", "::1") == [YES, NO]


def test_comparisons():
    assert item("|lt: 5", 4, "4.9", 5, "x", MISSING) == [YES, YES, NO, NO, NO]
    assert item("|lte: 5", 5, 5.1, "5") == [YES, NO, YES]
    assert item("|gt: -1", 0, -1, "0") == [YES, NO, YES]
    assert item("|gte: 2.5", 2.5, "3", 2) == [YES, YES, NO]


def test_fieldref():
    records: list[dict[str, Any]] = [
        {"Image": r"C:\A.exe", "ParentImage": r"c:\a.EXE"},
        {"Image": r"C:\A.exe", "ParentImage": r"a.exe"},
        {"Image": r"C:\A.exe"},
        {},
        {"Image": ["x", "y"], "ParentImage": "Y"},
        {"Image": "", "ParentImage": ""},
    ]
    assert matched(rule("s:\n  Image|fieldref: ParentImage"), *records) == [0, 4]
    assert matched(rule("s:\n  Image|fieldref|endswith: ParentImage"), *records) == [0, 1, 4]
    assert matched(rule("s:\n  Image|fieldref|startswith: ParentImage"), *records) == [0, 4]
    assert matched(rule("s:\n  Image|fieldref|contains: ParentImage"), *records) == [0, 1, 4]
    assert matched(rule("s:\n  Image|fieldref|cased: ParentImage"), *records) == []


def test_windash():
    dashes = ["a -b", "a /b", "a \u2013b", "a \u2014b", "a \u2015b", "a b", "a +b"]
    assert item("|windash: 'a -b'", *dashes) == [YES] * 5 + [NO] * 2
    assert item("|windash|contains: ' /b'", *dashes) == [YES] * 5 + [NO] * 2
    assert item("|windash|contains: 'a-b'", "a-b", "a/b") == [YES, NO]
    many = "p -a -b /c -d -e"
    assert (
        item(f"|windash: '{many}'", many.replace("-", "/"), many.replace(" -", " ―")) == [YES] * 2
    )
    assert item(f"|windash: '{many}'", many[:-2] + "+e", many + "x", many[:-1]) == [NO] * 3
    assert item(f"|windash|contains: ' {many}'", f"x {many} y", f"x{many} y") == [YES, NO]
    assert item(f"|windash: '{' -a' * 500}'", " /a" * 500, " /a" * 499 + " +a") == [YES, NO]
    mixed = item("|windash|contains|all: [' -a', ' -b']", "x /a -b", "x -a", "x /a /b")
    assert mixed == [YES, NO, YES]


def test_base64():
    assert item("|base64: foobar", "Zm9vYmFy", "zM9VyMfY", "foobar") == [YES, YES, NO]
    assert item("|base64|contains: foobar", "xZm9vYmFyx", "foobar") == [YES, NO]


@pytest.mark.parametrize("before", ["", "a", "ab", "abc"])
@pytest.mark.parametrize("after", ["", "z", "zy", "zyx"])
@pytest.mark.parametrize(
    ("modifiers", "encoding"),
    [
        ("base64offset", "utf-8"),
        ("wide|base64offset", "utf-16-le"),
        ("utf16le|base64offset", "utf-16-le"),
        ("utf16be|base64offset", "utf-16-be"),
    ],
)
def test_base64offset_at_any_place(before, after, modifiers, encoding):
    data = before.encode() + "http://é".encode(encoding) + after.encode()
    text = base64.b64encode(data).decode()
    other = base64.b64encode(b"nothing of the kind here").decode()
    assert item(f"|{modifiers}|contains: 'http://é'", text, other) == [YES, NO]


def test_utf16_begins_with_its_mark():
    text = base64.b64encode("\ufeffab".encode("utf-16-le")).decode()
    assert item("|utf16|base64: ab", text, base64.b64encode(b"ab").decode()) == [YES, NO]


def test_wide_text_that_stays_wide():
    assert item("|wide|contains: ab", "xa\0b\0x", "a", "ab") == [YES, NO, NO]


def test_expand():
    text = (
        "title: t\nlogsource: {product: windows}\ndetection:\n"
        "  s:\n    A|expand|contains: 'x%adm-ins%y%z%'\n  condition: s\n"
    )
    (made,) = compiled(text, expand={"adm-ins": ["1", "2"], "z": ["Z*"]})
    assert isinstance(made, SigmaRule)
    assert sorted(p.value for p in made.predicates) == ["x1yZ", "x2yZ"]
    assert "%nobody%" in problem("|expand: '%nobody%'")


def test_without_expand_percent_signs_are_text():
    assert item("|contains: '%temp%'", "x%TEMP%y", "temp") == [YES, NO]


@pytest.mark.parametrize(
    ("part", "number"),
    [("minute", 4), ("hour", 23), ("day", 5), ("week", 2), ("month", 1), ("year", 2026)],
)
def test_time_parts(part, number):
    values = [
        "2026-01-05T23:04:05Z",
        "2026-01-06T00:04:05+01:00",
        "2027-02-17T11:55:00Z",
        "x",
        MISSING,
    ]
    assert item(f"|{part}: {number}", *values) == [YES, YES, NO, NO, NO]


def test_keywords_look_everywhere():
    records: list[dict[str, Any]] = [
        {"A": "xx needle yy"},
        {"B": ["a", "NEEDLE"]},
        {"C": {"deep": ["a needle"]}},
        {"A": "need le"},
        {"needle": "a field's name is no value"},
    ]
    assert matched(rule("s:\n  - needle"), *records) == [0, 1, 2]
    assert matched(rule("s:\n  '|all': [needle, yy]"), *records) == [0]
    assert matched(rule("s: needle"), *records) == [0, 1, 2]


def test_keywords_through_the_escapes_of_json():
    records: list[dict[str, Any]] = [
        {"A": 'quo"te'},
        {"A": "back\\slash"},
        {"A": "tab\there"},
        {"A": "ümläut€"},
        {"A": "a/b"},
    ]
    for n, word in enumerate(('quo"te', "back\\slash", "tab\there", "ümläut€", "a/b")):
        quoted = word.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t")
        assert matched(rule(f's:\n  - "{quoted}"'), *records) == [n]


def test_keywords_with_wildcards_and_expressions():
    records = [{"A": "one two three"}, {"A": "one\\xtwo"}, {"A": "two one"}]
    assert matched(rule("s:\n  - 'one*two'"), *records) == [0, 1]
    assert matched(rule("s:\n  - 'one\\\\?two'"), *records) == [1]
    assert matched(rule("s:\n  '|re': '^one.*three$'"), *records) == [0]


def test_maps_are_and_lists_of_maps_are_or():
    records = [{"A": 1, "B": 2}, {"A": 1}, {"B": 2}, {}]
    assert matched(rule("s: {A: 1, B: 2}"), *records) == [0]
    assert matched(rule("s:\n  - A: 1\n  - B: 2"), *records) == [0, 1, 2]


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("|nonsense: x", "unknown modifier 'nonsense'"),
        ("|re: '(?=x)'", "linear-time"),
        ('|re: "a\\0b"', "NUL"),
        ("|cidr: x", "not a network"),
        ("|lt: x", "needs a number"),
        ("|lt: null", "needs a number"),
        ("|hour: x", "whole number"),
        ("|exists: 1", "true or false"),
        ("|fieldref: 1", "another field"),
        ("|base64: 'a*'", "wildcards"),
        (": []", "empty list"),
        (": {a: b}", "must be a string"),
    ],
)
def test_what_is_wrong_is_said(line, what):
    said = problem(line)
    assert said.startswith("a.yml:4: detection 's':")
    assert what in said
