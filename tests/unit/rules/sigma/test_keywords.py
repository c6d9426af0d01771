from __future__ import annotations

import json

import pytest
import re2
from hypothesis import given
from hypothesis import strategies as st

from trailhound.model.batch import NO_TIME
from trailhound.rules.records import Native, RecordBatch
from trailhound.rules.sigma.keywords import KeywordMatcher, record_texts, widened
from trailhound.rules.sigma.pattern import Wild, around, comparison, parse
from trailhound.rules.sigma.regex import options
from trailhound.rules.sigma.rule import Op, Predicate


def batch(*records: dict) -> RecordBatch:
    natives = [Native("json.x", record, NO_TIME) for record in records]
    return RecordBatch(natives, range(len(natives)))


def found(words: list[str], *records: dict) -> list[set[int]]:
    matcher = KeywordMatcher(None)
    for number, word in enumerate(words):
        op, value = comparison(around(parse(word), before=True, after=True))
        matcher.add(Predicate("", op, value), number)
    rows = matcher.rows(batch(*records)) or [0] * len(records)
    return [set(matcher.classes[n]) for n in rows]


def test_every_value_is_looked_at():
    records: tuple[dict, ...] = (
        {"a": "x WORD y"},
        {"b": {"c": ["word"]}},
        {"word": 1},
        {"a": 5},
        {},
    )
    assert found(["word"], *records) == [{0}, {0}, set(), set(), set()]


def test_a_dash_of_any_kind():
    pattern = around((Wild.DASH, "x[1] ", Wild.DASH, "y"), before=True, after=True)
    matcher = KeywordMatcher(None)
    matcher.add(Predicate("", *comparison(pattern)), 0)
    records = [{"a": "/X[1] –y"}, {"a": "-x[1] -z"}, {"a": "-x1 -y"}]
    rows = matcher.rows(batch(*records))
    assert rows
    assert [n > 0 for n in rows] == [True, False, False]


def test_numbers_and_booleans_as_json_writes_them():
    assert found(["4625", "rue"], {"a": 4625}, {"a": True}) == [{0}, {1}]


def test_values_are_not_joined():
    assert found(["a*b"], {"x": "a", "y": "b"}, {"x": "a b"}) == [set(), {0}]


def test_wildcards_only():
    assert found(["*"], {"a": "x"}, {}) == [{0}, set()]


def test_expressions_ask_every_row():
    matcher = KeywordMatcher(None)
    matcher.add(Predicate("", Op.REGEX, "^a+$", cased=True), 0)
    rows = matcher.rows(batch({"x": "aaa"}, {"x": "aab"}))
    assert rows
    assert [n > 0 for n in rows] == [True, False]


@pytest.mark.parametrize("word", ["a\\b", "a\\\\?b", "a?b", "x*y\\\\*z"])
def test_wildcards_beside_backslashes(word):
    text = word.replace("\\\\", "\\").replace("*", "--").replace("?", "q")
    assert found([word], {"x": f"1{text}2"}, {"x": "nothing"}) == [{0}, set()]


@given(st.text(min_size=1, max_size=8), st.booleans())
def test_widened_finds_the_text_however_json_wrote_it(text, ascii_only):
    if any("\ud800" <= char <= "\udfff" for char in text):
        return
    written = json.dumps({"k": f"<{text}>"}, ensure_ascii=ascii_only)
    for form in (written, written.replace("/", "\\/")):
        assert re2.search(widened(text), form, options("is")), form


def test_record_texts():
    texts = record_texts(batch({"a": "x", "b": [1, None, {"c": ""}], "d": {"e": 2.5}}), 0)
    assert sorted(texts) == ["1", "2.5", "x"]


class Damaged(RecordBatch):
    """Records whose raw form is not UTF-8, as old programs write them."""

    def raw(self, row: int) -> bytes:
        return b"caf\xe9 " + super().raw(row)


def test_words_beyond_ascii_are_found_where_the_record_is_not_utf8():
    natives = [Native("json.x", record, NO_TIME) for record in ({"a": "Größe"}, {"a": "größer"})]
    matcher = KeywordMatcher(None)
    matcher.add(Predicate("", Op.CONTAINS, "größe"), 0)
    matcher.add(Predicate("", Op.CONTAINS, "ÄÖ"), 1)
    rows = matcher.rows(Damaged([*natives, Native("json.x", {"a": "gross"}, NO_TIME)], range(3)))
    assert rows is not None
    assert [set(matcher.classes[n]) for n in rows] == [{0}, {0}, set()]
