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
        (b"a: 1\nb: *x\n", 2),
        (b"a: &x 1\n---\nb: *x\n", 3),
        (b"a: &x\n  b: *x\n", 2),
        (b"a: 1\nb:\n  c: 1\n  d: 2\n  c: 3\n", 5),
        (b"a: [{c: 1, d: 2}, {c: 1,\n  'c': 2}]\n", 2),
        (b"a: b: c\n", 1),
        (b"a: 1\n  b: 2\n", 2),
    ],
)
def test_errors_have_their_line(text, line):
    with pytest.raises(RuleError) as error:
        list(documents(text, "set/f.yml"))
    assert error.value.where
    assert (error.value.where.source, error.value.where.line) == ("set/f.yml", line)


def test_what_is_no_text_is_said_in_one_line():
    for text in (b"a: \x00\n", b"a: \xff\n"):
        with pytest.raises(RuleError, match="not YAML") as error:
            list(documents(text, "f"))
        assert "\n" not in error.value.what
        assert "byte string" not in error.value.what


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


def test_aliases_stand_for_what_they_name():
    text = b"a: &x [1, &y {k: v}]\nb: *x\nc: {<<: *y, k: own, z: *y}\n"
    ((data, _),) = documents(text, "f")
    assert data["b"] == [1, {"k": "v"}]
    assert data["c"] == {"k": "own", "z": {"k": "v"}}


def chained(count: int) -> bytes:
    """Give a document in which each list holds the one before it."""
    rest = "".join(f"n{n}: &n{n} [*n{n - 1}]\n" for n in range(1, count))
    return f"n0: &n0 [x]\n{rest}".encode()


def test_aliases_count_as_all_they_stand_for():
    wide = f"a: &a [{'x, ' * 999}x]\n".encode()
    assert len(list(documents(wide + b"b: [" + b"*a, " * 50 + b"]", "f"))) == 1
    with pytest.raises(RuleError, match="aliases make over") as error:
        list(documents(wide + b"b:\n" + b"- *a\n" * 60, "f"))
    assert error.value.where
    assert error.value.where.line == 61
    assert len(list(documents(chained(30), "f"))) == 1
    with pytest.raises(RuleError, match="deep"):
        list(documents(chained(60), "f"))


def test_a_key_may_be_there_once_in_each_map():
    text = b"a: {k: 1, '1': x, 1: y}\nb: [{k: 1}, {k: 2}]\nk: k\n"
    assert len(list(documents(text, "f"))) == 1


def test_a_document_with_a_key_twice_costs_only_itself():
    errors: list[RuleError] = []
    text = b"a: 1\n---\na: 2\na: 3\n---\na: 4\n"
    assert [data for data, _ in documents(text, "f", errors)] == [{"a": 1}, {"a": 4}]
    assert [(e.what, e.where and e.where.line) for e in errors] == [
        ("the key 'a' is there twice in one map", 4)
    ]
