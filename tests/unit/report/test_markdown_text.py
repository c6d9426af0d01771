from __future__ import annotations

import pytest
from markdown_it import MarkdownIt

from trailhound.report.markdown_text import (
    bullets,
    heading,
    pairs,
    paragraph,
    picture,
    plain,
    table,
    written,
)

PARSER = MarkdownIt("commonmark").enable("table")


def kinds(text):
    """Give what a parser makes of text: the kinds of its pieces."""
    return [c.type for t in PARSER.parse(text) for c in (t, *(t.children or ()))]


def words(text):
    return "".join(c.content for t in PARSER.parse(text) for c in t.children or ())


@pytest.mark.parametrize(
    "text",
    ["*a* _b_ **c** __d__", "[x](https://e.example)", "![x](y)", "`code` ``x``", "<b>x</b>",
     "<https://e.example>", "&lt;b&gt; &amp; &#60;", "# x", "- x", "+ x", "* x", "1. x", "23) x",
     "> x", "---", "===", "- - -", "***", "    x", "~~x~~", "| a | b |", "[a]: /b", "[^1]: x",
     "- [ ] x", "\\*x\\*", "```", "~~~", "<!-- x -->", "a  \nb", "C:\\Users\\x\\*.exe", "#1 @you",
     "=x", "-x", "$x$", "{{x}}"],
)  # fmt: skip
def test_text_of_others_is_text(text):
    (line, _) = paragraph(text)
    assert kinds(f"{line}\n") == ["paragraph_open", "inline", "text", "paragraph_close"]
    expected = text.strip().replace("\n", "\\x0a").replace("https:", "hxxps:")
    assert words(line) == expected.replace("e.example", "e[.]example")


@pytest.mark.parametrize("text", ["203.0.113.20", "10.1.2.3", "2026-11-04 08:12", "a-b (c), d!"])
def test_plain_words_stay_readable(text):
    assert plain(text).replace("\\[.\\]", ".") == text


def test_bare_names_of_web_servers_are_no_links():
    assert "www." not in plain("see www.evil.example")
    assert words(plain("www.evil.example")) == "www.evil.example"


def test_numbers_have_commas():
    assert plain(1234567) == "1,234,567"


def test_a_table_is_one_whatever_its_cells_say():
    lines = table(("a|b", "n"), [("x|y\n| z", 1), ("```", 2_000), ("", 3)])
    found = kinds("\n".join(lines))
    assert found.count("tr_open") == 4
    assert found.count("td_open") == 6
    assert lines[1] == "| --- | ---: |"


def test_what_a_table_leaves_out_is_said():
    lines = table(("n",), [(n,) for n in range(7)], most=5)
    assert lines[-2] == "2 more rows are not shown."
    assert table(("n",), []) == []


def test_lists_and_headings_hold_one_text_each():
    lines = [*heading(2, "# x\n# y"), *bullets(["- a", "1. b"]), *pairs([("k", "v"), ("e", "")])]
    found = kinds("\n".join(lines))
    assert found.count("heading_open") == 1
    assert found.count("bullet_list_open") == 1
    assert found.count("list_item_open") == 3
    assert "ordered_list_open" not in found
    assert paragraph("", "") == bullets([]) == []


def test_a_picture_leads_to_its_file():
    (line, _) = picture("told ](x", "my (report)\udcff-hours.svg")
    image = next(c for t in PARSER.parse(line) for c in t.children or () if c.type == "image")
    assert image.attrs["src"] == "my%20%28report%29%FF-hours.svg"
    assert image.content.replace("\\", "") == "told ](x"


def test_blank_lines_are_single():
    assert b"".join(written(["", "", "a", "", "", "b"])) == b"a\n\nb\n"
