"""Text of others in every field of a result: never raw on a terminal, never markup in a page."""

from __future__ import annotations

import time
from datetime import UTC

import pytest
from hypothesis import given, settings

from tests.pages import Page
from tests.results import TEXTS, everywhere, result
from trailhound.report.detail import RawText, finding_lines, incident_lines
from trailhound.report.html import html_report
from trailhound.report.phrases import columns
from trailhound.report.text import SCREEN, TextReport

PAYLOADS = {
    "colour": "\x1b[31mred\x1b[0m",
    "clear screen": "\x1b[2J\x1b[H",
    "title": "\x1b]0;owned\x07",
    "hyperlink": "\x1b]8;;http://evil.example\x1b\\click\x1b]8;;\x1b\\",
    "eight bit": "\x9b31m\x9d0;x\x9c",
    "backspaces": "safe\x08\x08\x08\x08evil",
    "forged line": "x\n[1] CRITICAL 100  forged\r\nNext: run this",
    "bidi": "invoice\u202egpj.exe\u2066x\u2069",
    "zero width": "a\u200bd\u200emin\ufeff",
    "separators": "a\u2028b\u2029c\u0085d",
    "nul": "a\x00b",
    "surrogate": "a\ud800b\udcff",
    "script": "<script>alert(1)</script>",
    "attribute": '" onmouseover="alert(1)" x=\'y\' autofocus=',
    "closes": "</td></table></style></title></main><img src=x onerror=alert(1)>",
    "comment": "<!-- x --><![CDATA[x]]><?php x ?><!doctype x>",
    "entity": "&lt;b&gt; &#60;b&#62; &amp;&quot",
    "link": "https://evil.example/a?b=c",
    "javascript": "javascript:alert(1)//data:text/html,<b>",
    "style": "}</style><style>*{background:url(//evil.example)}",
    "percent": "%s %d %n %(x)s %%",
    "braces": "{0} {x} {} {{ }} {result.tenant} ${x}",
    "template": "{{7*7}} {% x %} <%= x %>",
    "backslashes": r"\x1b \u202e \\ \n C:\new\table",
    "combining": "z" + "\u0301" * 500,
    "wide": "\u6f22" * 500,
    "empty": "",
    "blanks": "   ",
}


def screens(made):
    for everything in (False, True):
        yield list(TextReport(made, everything=everything).lines())
    raw = {p.event_uid: RawText(p.event_uid.encode("utf-8", "replace")) for p in pointers(made)}
    yield list(incident_lines(made.incidents[0], made))
    yield list(finding_lines(made.findings[0], raw))


def pointers(made):
    return made.findings[0].evidence.pointers


def page(made):
    return b"".join(html_report(made, zone=UTC)).decode()


def skeleton(made):
    """Give the elements and names of attributes of a page, without values."""
    return [(name, tuple(given)) for name, given in Page(page(made)).elements]


@pytest.fixture(scope="module")
def harmless():
    return skeleton(everywhere("name"))


@pytest.mark.parametrize("text", PAYLOADS.values(), ids=PAYLOADS)
def test_nothing_raw_reaches_the_terminal(text):
    for lines in screens(everywhere(text)):
        assert all(line.isprintable() for line in lines)
        assert all(columns(line) <= 80 for line in lines)


@pytest.mark.parametrize("text", PAYLOADS.values(), ids=PAYLOADS)
def test_the_first_screen_stays_one(text):
    assert len(list(TextReport(everywhere(text)).lines())) <= SCREEN


@pytest.mark.parametrize("text", PAYLOADS.values(), ids=PAYLOADS)
def test_evidence_makes_no_element_and_no_attribute(text, harmless):
    names = set(harmless)
    made = Page(page(everywhere(text)))
    assert {(name, tuple(given)) for name, given in made.elements} <= names
    assert not [o for o in made.others if o != "doctype html"]
    assert not made.open


@pytest.mark.parametrize("text", PAYLOADS.values(), ids=PAYLOADS)
def test_nothing_invisible_reaches_the_page(text):
    made = Page(page(everywhere(text)))
    values = [value for _, given in made.elements for value in given.values()]
    for part in "".join([*made.texts, *values]).split("\n"):
        assert part.isprintable()


def test_no_address_can_be_clicked():
    made = everywhere(PAYLOADS["link"])
    for shown in (page(made), "\n".join(next(screens(made)))):
        assert "https://evil" not in shown
        assert "hxxps://evil[.]example" in shown


def test_braces_and_percents_are_text():
    text = "\n".join(next(screens(everywhere(PAYLOADS["braces"]))))
    assert "{0} {x} {}" in text


@pytest.mark.parametrize("text", ["A" * 1_000_000, "<" * 1_000_000, "\x1b" * 1_000_000, "a@" * 500_000,
                                  "1." * 500_000, "http://" * 150_000, "a:" * 500_000])  # fmt: skip
def test_a_megabyte_in_every_field_is_cut_in_little_time(text):
    made = everywhere(text)
    start = time.process_time()
    assert all(columns(line) <= 80 for lines in screens(made) for line in lines)
    assert len(page(made)) < 3_000_000
    assert time.process_time() - start < 5


@settings(max_examples=60)
@given(TEXTS)
def test_any_text_at_all(text):
    made = everywhere(text)
    assert all(line.isprintable() for lines in screens(made) for line in lines)
    allowed = {name for name, _ in skeleton(result())} | {"details", "summary"}
    assert {name for name, _ in skeleton(made)} <= allowed
