from __future__ import annotations

import pytest

from trailhound.model.errors import RuleError
from trailhound.rules.sigma.document import documents, line_of


def test_documents_with_their_lines():
    text = b"# head\ntitle: a\n---\n\ntitle: b\n...\n---\n"
    assert list(documents(text, "f")) == [({"title": "a"}, 2), ({"title": "b"}, 5)]


def test_words_stay_words():
    """YAML 1.1 would take `on` for true: a detection may be called so."""
    ((data, _),) = documents(b"on: off\nyes: [no, y, true, False]\n", "f")
    assert data == {"on": "off", "yes": ["no", "y", True, False]}


def test_a_byte_order_mark_and_crlf():
    assert list(documents(b"\xef\xbb\xbftitle: a\r\nb: c\r\n", "f")) == [
        ({"title": "a", "b": "c"}, 1)
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (b"title: a\nb: [", 3),
        (b"a: 1\n---\n- x\n", 3),
        (b"a: &x 1\nb: *x\n", 2),
        (b"a: b: c\n", 1),
        (b"a: 1\n  b: 2\n", 2),
    ],
)
def test_errors_have_their_line(text, line):
    with pytest.raises(RuleError) as error:
        list(documents(text, "set/f.yml"))
    assert error.value.where
    assert (error.value.where.source, error.value.where.line) == ("set/f.yml", line)


def test_a_star_or_ampersand_in_text_is_no_alias():
    ((data, _),) = documents(b"a: '*x &y'\nb: |\n  *z\n", "f")
    assert data["a"] == "*x &y"


def test_line_of():
    text = b"title: a\nlevel: x\n---\ntitle: b\n  level : y\n"
    assert line_of(text, "level") == 2
    assert line_of(text, "level", 3) == 5
    assert line_of(text, "nobody", 3) == 3
    assert line_of(text, "title", 3) == 4


def test_line_of_stays_in_its_document():
    text = b"title: a\n---\ntitle: b\nlevel: x\n"
    assert line_of(text, "level") == 1


def test_line_of_a_key_in_braces():
    text = b"title: a\nx: {a: 1, condition: s}\ncondition: t\n"
    assert line_of(text, "condition") == 3
    assert line_of(text[:-14], "condition") == 2
