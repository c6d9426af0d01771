from __future__ import annotations

import time
from importlib.util import find_spec

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailhound.rules.sigma import patterns
from trailhound.rules.sigma.patterns import Expression, HyperscanSet, Re2Set, compile_set
from trailhound.rules.sigma.regex import check_regex, escaped

NO_HYPERSCAN = find_spec("hyperscan") is None

ENGINES = [
    pytest.param(Re2Set, id="re2"),
    pytest.param(
        lambda expressions: HyperscanSet(expressions, None),
        id="hyperscan",
        marks=pytest.mark.skipif(NO_HYPERSCAN, reason="no Hyperscan here"),
    ),
]
CASES = [
    (Expression("abc"), ["xABCx"], ["ab"]),
    (Expression("abc", cased=True), ["abc"], ["ABC"]),
    (Expression(r"\Aabc"), ["abcd"], ["xabc"]),
    (Expression(r"abc\z"), ["xabc"], ["abc\n", "abcd"]),
    (Expression(r"\Aa.*c\z"), ["a\n\nc"], ["a"]),
    (Expression("a.c", cased=True, dotall=False), ["abc"], ["a\nc"]),
    (Expression("^b$", cased=True, dotall=False, multiline=True), ["a\nb\nc"], ["ab"]),
    (Expression("^b$", cased=True, dotall=False), ["b"], ["a\nb\nc"]),
    (Expression(escaped("a\0b")), ["xa\0b"], ["a", "ab"]),
    (Expression("Ä.ß"), ["äxß", "ä€ß"], ["aß"]),
    (Expression(r"\d{2,3}[^x]", cased=True, dotall=False), ["12a"], ["12x", "1"]),
    (Expression(escaped(r"C:\a(b)[c]{d}.*+?^$|#")), [r"c:\A(b)[c]{d}.*+?^$|#"], ["C"]),
    (Expression(r"(?i)abc", cased=True, dotall=False), ["ABC"], ["ab"]),
    (Expression(r"\bfoo\b", cased=True, dotall=False), ["a foo b"], ["foox"]),
    (Expression(r"\Acaf.\z"), ["café", "cafe", "CAFÉ", "caf日"], ["caf", "cafés", "café "]),
    (Expression("^caf.{2}$", cased=True, dotall=False), ["cafés", "cafee"], ["café", "cafééé"]),
    (Expression("^[^a]{4}$", cased=True, dotall=False), ["bñbb", "bbbb"], ["bñb", "bñbbb", "bñab"]),
    (Expression(r"^\W\S\D$", cased=True, dotall=False), ["éñß"], ["éñ", "é", "éñßé"]),
    (Expression("x.+.+y", cased=True, dotall=False), ["xééy"], ["xéy"]),
    (Expression("a.{2,900}é?z"), ["aééz", "axyz"], ["aéz", "a" + 902 * "é" + "z"]),
    (Expression("kiss"), ["KISS", "ki\u017fs", "\u212aiss"], ["kis\u015b"]),
    (Expression("kiss", cased=True), ["kiss"], ["ki\u017fs", "\u212aiss"]),
    (Expression("a$", cased=True, dotall=False), ["xa", "xa\n"], ["xa\n\n", "ab"]),
    (Expression(r"a\sb", cased=True, dotall=False), ["a\x0bb", "a b"], ["a\u00a0b"]),
    (Expression("a*", cased=True, dotall=False), ["b"], []),
]


@pytest.mark.parametrize("engine", ENGINES)
def test_each_expression_alone_and_among_others(engine):
    together = engine([one for one, _, _ in CASES])
    for number, (one, hits, misses) in enumerate(CASES):
        alone = engine([one])
        for text in hits:
            assert alone.scan(text.encode()) == [0]
            assert number in together.scan(text.encode())
        for text in misses:
            assert alone.scan(text.encode()) == []
            assert number not in together.scan(text.encode())


@pytest.mark.parametrize("engine", ENGINES)
def test_each_index_once(engine):
    found = engine([Expression("a"), Expression("a", cased=True)]).scan(b"aaaa")
    assert sorted(found) == [0, 1]


@pytest.mark.skipif(NO_HYPERSCAN, reason="no Hyperscan here")
@given(
    st.lists(st.text("abAB.*?\\ä\0 \n", min_size=1, max_size=6), min_size=1, max_size=8),
    st.text("abABä\0 \n.*?\\", max_size=20),
)
def test_both_engines_agree(words, text):
    expressions = [Expression(escaped(word), cased=n % 2 == 0) for n, word in enumerate(words)]
    data = text.encode()
    assert sorted(HyperscanSet(expressions, None).scan(data)) == sorted(
        Re2Set(expressions).scan(data)
    )


@pytest.mark.skipif(NO_HYPERSCAN, reason="no Hyperscan here")
def test_databases_are_kept_and_damage_is_noticed(tmp_path):
    expressions = [Expression(f"word{n}") for n in range(100)]
    first = compile_set(expressions, tmp_path)
    (kept,) = tmp_path.iterdir()
    assert kept.suffix == ".hs"
    data = kept.read_bytes()
    for damaged in (b"", data[:-1], data[:50] + b"x" + data[51:], b"x" * 100):
        kept.write_bytes(damaged)
        again = compile_set(expressions, tmp_path)
        assert again.scan(b"a word77 b") == first.scan(b"a word77 b")
        assert kept.read_bytes()[:32] == data[:32]
    assert compile_set(expressions, tmp_path).scan(b"word5") == first.scan(b"word5")


@pytest.mark.skipif(NO_HYPERSCAN, reason="no Hyperscan here")
def test_a_kept_database_is_not_used_once_flags_mean_something_else(tmp_path, monkeypatch):
    expressions = [Expression(r"\Acaf.\z"), Expression("z")]
    with monkeypatch.context() as before:
        before.setattr(patterns, "is_bytewise", lambda _: True)
        assert compile_set(expressions, tmp_path).scan("café".encode()) == []
    assert compile_set(expressions, tmp_path).scan("café".encode()) == [0]
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.skipif(NO_HYPERSCAN, reason="no Hyperscan here")
def test_counting_far_costs_no_minute():
    """Compiled over characters as it stands, this took 40 seconds."""
    words = (
        "(create (or replace )?function .{0,500}language (c|plsh)|create extension .{0,500}c)\\b"
    )
    start = time.process_time()
    found = compile_set([Expression(words)])
    assert time.process_time() - start < 5
    near = f"create function {500 * 'é'}language c"
    assert found.scan(near.encode()) == [0]
    assert found.scan(near.replace("é", "éé").encode()) == []


@pytest.mark.skipif(NO_HYPERSCAN, reason="no Hyperscan here")
def test_small_sets_and_unwritable_folders_are_not_kept(tmp_path):
    compile_set([Expression("a")], tmp_path)
    assert list(tmp_path.iterdir()) == []
    blocked = tmp_path / "file"
    blocked.write_text("")
    found = compile_set([Expression(f"word{n}") for n in range(100)], blocked / "below")
    assert len(found.scan(b"word11")) == 2


def test_without_hyperscan_re2_does_it(monkeypatch):
    monkeypatch.setattr(patterns, "HAVE_HYPERSCAN", False)
    assert isinstance(compile_set([Expression("a")]), Re2Set)


def test_expressions_that_one_engine_refuses_still_match():
    wide = Expression(r"(?:a{1,400}b{1,400}){1,2}c", cased=True, dotall=False)
    assert check_regex(wide.pattern, "") == ""
    assert compile_set([wide, Expression("z")]).scan(b"aabbcz") in ([0, 1], [1, 0])
