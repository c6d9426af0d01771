from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.pages import elements
from trailhound.report.markup import Html, items, join, moment, pairs, table, tag, word


def test_text_is_escaped_and_markup_is_kept():
    assert tag("p", "<b>&", Html("<i>x</i>")) == "<p>&lt;b&gt;&amp;<i>x</i></p>"


def test_attributes_are_quoted():
    assert tag("p", class_='a"b', aria_label="x") == '<p class="a&quot;b" aria-label="x"></p>'


def test_numbers_are_written_for_people():
    assert join([1_234, " ", 2.50]) == "1,234 2.5"


def test_an_empty_element_has_no_end():
    assert tag("rect", x=1) == '<rect x="1"/>'


def test_a_table_names_its_columns_and_rows():
    made = table("Parts", ("a", "b"), [("x", 1)])
    assert '<th scope="col">a</th>' in made
    assert '<tr><th scope="row">x</th><td class="word">1</td></tr>' in made
    assert "<caption>Parts</caption>" in made


def test_a_column_without_a_value_is_left_out():
    made = table("Parts", ("a", "b", "c"), [("x", "", 0), ("y", "", "z")])
    assert '<th scope="col">b</th>' not in made
    assert '<td class="word">0</td>' in made
    assert "<td>z</td>" in made


def test_a_time_breaks_only_between_its_parts():
    assert moment("2026-11-04 08:12:00") == (
        "<time><span>2026-11-04</span> <span>08:12:00</span></time>"
    )


def test_only_a_short_word_stays_on_one_line():
    assert word("m365.audit") == '<span class="word">m365.audit</span>'
    assert word("W" * 300) == "W" * 300


def test_pairs_without_a_value_are_left_out():
    assert pairs([("a", ""), ("b", "c")]) == "<dl><dt>b</dt><dd>c</dd></dl>"
    assert items(["a"]) == "<ul><li>a</li></ul>"


@given(st.text())
def test_no_text_makes_an_element_or_an_attribute(text):
    found = elements(tag("p", text, title=text))
    assert [(name, sorted(attributes)) for name, attributes in found] == [("p", ["title"])]
