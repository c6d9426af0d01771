from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from trailhound.model.errors import UsageError
from trailhound.rules import library
from trailhound.rules.library import RuleSet, builtin_set, licence_of, load, read_expand, rule_files

if TYPE_CHECKING:
    from pathlib import Path

RULE = """title: {n}t
id: {n}
name: n{n}
logsource: {{category: process_creation, product: windows}}
detection: {{s: {{Image|expand: 'x%p%'}}, condition: s}}
"""
COUNT = """title: c
id: {n}
correlation: {{type: event_count, rules: [{rule}], timespan: 1h, condition: {{gte: 2}}{more}}}
"""


def write(root: Path, **files: str) -> RuleSet:
    root.mkdir(exist_ok=True)
    for name, text in files.items():
        (root / f"{name}.yml").write_text(text)
    return RuleSet("set", str(root), "MIT")


TABLE = {"p": ["1", "2"]}


def test_files_are_sorted_and_examples_left_out(tmp_path):
    write(tmp_path, b="b", a="a")
    (tmp_path / "a.test.yml").write_text("")
    (tmp_path / "c.YML").write_text("")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "x.yml").write_text("")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "z.yaml").write_text("z")
    found = list(rule_files(RuleSet("s", str(tmp_path))))
    assert found == [("a.yml", b"a"), ("b.yml", b"b"), ("sub/z.yaml", b"z")]
    assert list(rule_files(RuleSet("s", str(tmp_path / "a.yml")))) == [("a.yml", b"a")]
    with pytest.raises(UsageError, match="no such file"):
        list(rule_files(RuleSet("s", str(tmp_path / "nothing"))))


def test_too_many_files(tmp_path, monkeypatch):
    monkeypatch.setattr(library, "MAX_FILES", 2)
    with pytest.raises(UsageError, match="over 2"):
        load([write(tmp_path, a="", b="", c="")], {}, None)


def test_what_is_loaded(tmp_path):
    one = write(tmp_path, a=RULE.format(n=1), b="title: x", c=COUNT.format(n=9, rule=1, more=""))
    found = load([one], TABLE, None)
    assert [r.info.id for r in found.rules] == ["1"]
    assert [c.info.id for c in found.correlations] == ["9"]
    assert [(s.file, s.line) for s in found.skipped] == [("set/b.yml", 1)]
    assert (found.files, found.total) == (3, 3)
    assert found.rules[0].info.licence == "MIT"


def test_the_first_of_an_id_is_kept(tmp_path):
    first = write(tmp_path / "1", a=RULE.format(n=1))
    second = RuleSet("two", str(tmp_path / "2"))
    write(tmp_path / "2", b=RULE.format(n=1))
    found = load([first, second], TABLE, None)
    assert [r.info.source for r in found.rules] == ["set/a.yml"]
    assert [(s.file, s.line) for s in found.skipped] == [("two/b.yml", 1)]
    assert "set/a.yml" in found.skipped[0].reason


@pytest.mark.parametrize(("more", "emit"), [("", False), (", generate: true", True)])
@pytest.mark.parametrize("reference", ["1", "n1"])
def test_rules_that_serve_correlations_are_silent(tmp_path, more, emit, reference):
    text = RULE.format(n=1) + "---\n" + COUNT.format(n=9, rule=reference, more=more)
    found = load([write(tmp_path, a=text + "---\n" + RULE.format(n=2))], TABLE, None)
    assert {r.info.id: r.emit for r in found.rules} == {"1": emit, "2": True}


def test_the_cache_gives_the_same_and_is_used(tmp_path, monkeypatch):
    one, cache = write(tmp_path / "set", a=RULE.format(n=1)), tmp_path / "cache"
    first = load([one], TABLE, cache)
    monkeypatch.setattr(library, "_compile", lambda *_: pytest.fail("compiled again"))
    again = load([one], TABLE, cache)
    assert again.rules[0].info == first.rules[0].info
    assert again.rules[0].predicates == first.rules[0].predicates
    assert again.sets == first.sets


def test_every_change_misses_the_cache(tmp_path):
    one, cache = write(tmp_path / "set", a=RULE.format(n=1)), tmp_path / "cache"
    load([one], TABLE, cache)
    load([one], {"p": ["3"]}, cache)
    load([RuleSet("other", one.path, "MIT")], TABLE, cache)
    load([RuleSet("set", one.path, "GPL")], TABLE, cache)
    write(tmp_path / "set", a=RULE.format(n=2))
    changed = load([one], TABLE, cache)
    assert [r.info.id for r in changed.rules] == ["2"]
    (tmp_path / "set" / "a.yml").rename(tmp_path / "set" / "b.yml")
    assert load([one], TABLE, cache).rules[0].info.source == "set/b.yml"
    assert len(list(cache.iterdir())) == 6


@pytest.mark.parametrize("damage", [b"", b"x" * 100, None])
def test_a_damaged_cache_is_as_good_as_none(tmp_path, damage):
    one, cache = write(tmp_path / "set", a=RULE.format(n=1)), tmp_path / "cache"
    load([one], TABLE, cache)
    (kept,) = cache.iterdir()
    data = kept.read_bytes()
    kept.write_bytes(data[:-9] + b"\x00" + data[-8:] if damage is None else damage)
    assert [r.info.id for r in load([one], TABLE, cache).rules] == ["1"]
    assert kept.read_bytes() == data


def test_a_cache_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    one = write(tmp_path / "set", a=RULE.format(n=1))
    assert len(load([one], TABLE, tmp_path / "file" / "below").rules) == 1


def test_licence_of(tmp_path):
    assert licence_of(tmp_path) == ""
    (tmp_path / "origin.toml").write_text('licence = "DRL 1.1"\n')
    assert licence_of(tmp_path) == "DRL 1.1"
    (tmp_path / "LICENSE").write_text("\n# MIT  License\nmore")
    assert licence_of(tmp_path) == "MIT License"


def test_expand_tables(tmp_path):
    table = tmp_path / "t.toml"
    table.write_text('admins = ["a", 1]\none = "x"\n')
    assert read_expand(table) == {"admins": ["a", "1"], "one": ["x"]}
    table.write_text("admins = [")
    with pytest.raises(UsageError, match="expand table"):
        read_expand(table)


def test_our_own_rules_are_all_usable():
    found = load([builtin_set()], {}, None)
    assert found.skipped == []
    assert len(found.rules) > 150
