from __future__ import annotations

from tests.drawings import parsed
from trailhound.report.markup import Html
from trailhound.report.svg import Picture, box, drawing, number, standalone, stylesheet, words


def test_a_picture_is_told_to_those_who_do_not_see_it():
    made = drawing("When", "Most on Monday", 40, box(1, 2, 3, 4, kind="high", hint="high: 3"))
    root = parsed(made)
    assert (root.get("role"), root.get("aria-label")) == ("img", "When")
    assert root.get("viewBox") == "0 0 900 40"
    assert root.findtext("title") == "When"
    assert root.findtext("desc") == "Most on Monday"
    assert root.findtext("g/title") == "high: 3"


def test_lengths_do_not_depend_on_their_size():
    assert [number(one) for one in (0, 1234.5, 1_000_000, 0.126, 2.0)] == [
        "0", "1234.5", "1000000", "0.13", "2"
    ]  # fmt: skip


def test_text_of_others_is_text():
    assert parsed(words(1, 2, "</text><script>x\x00\u202e")).text == "</text><script>x\\x00\\u202e"


def test_a_file_stands_alone():
    picture = Picture("x", "X", "told", drawing("X", "told", 10, words(1, 1, "\u6f22")), (), ())
    root = parsed(standalone(picture).decode("utf-8"))
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root[0].text == stylesheet()


def test_colours_follow_the_reader_and_paper():
    style = stylesheet()
    assert isinstance(style, Html)
    assert "prefers-color-scheme: dark" in style
    assert "@media print" in style
    assert "url(" not in style
    assert "<" not in style
