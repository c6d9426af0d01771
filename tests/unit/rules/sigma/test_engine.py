from __future__ import annotations

from tests.unit.rules.sigma.small_rules import compiled, matched, rule, sysmon
from trailhound.rules.records import batches
from trailhound.rules.sigma.engine import SigmaEngine
from trailhound.rules.sigma.rule import Op, SigmaRule


def run(rules: list[SigmaRule], *records: dict):
    engine = SigmaEngine(rules)
    ((batch, _),) = batches([sysmon(record) for record in records])
    return list(engine.run(batch))


def test_matches_by_rule_with_ascending_rows_and_reasons():
    rules = [rule("s: {Image|endswith: b}", "1"), rule("s: {Image|contains: a}", "2")]
    found = run(rules, {"Image": "ab"}, {"Image": "x"}, {"Image": "b"}, {"Image": "a"})
    assert [(m.rule, m.rows) for m in found] == [(0, [0, 2]), (1, [0, 3])]
    assert [(p.op, p.value) for p in found[1].whys[0]] == [(Op.CONTAINS, "a")]


def test_only_the_branch_that_held_is_the_reason():
    one = rule("s: {Image: a}\nk: {CommandLine|contains: b}\ncondition: s or k")
    (found,) = run([one], {"CommandLine": "xbx"})
    assert [p.field for p in found.whys[0]] == ["CommandLine"]


def test_each_row_has_its_own_reason():
    one = rule("s: {Image: a}\nk: {CommandLine|contains: b}\ncondition: s or k")
    (found,) = run([one], {"CommandLine": "xbx"}, {"Image": "a"}, {"Image": "z"})
    assert found.rows == [0, 1]
    assert [[p.field for p in why] for why in found.whys] == [["CommandLine"], ["Image"]]


def test_a_negated_rule_without_columns_of_its_own():
    assert matched(rule("s: {EventID: 2}\ncondition: not s"), {"Image": "a"}, {}) == [0, 1]


def test_rules_without_a_source_match_nothing():
    text = "title: t\nlogsource: {category: made_up}\ndetection: {s: {Image: a}, condition: s}\n"
    (one,) = compiled(text)
    assert isinstance(one, SigmaRule)
    assert matched(one, {"Image": "a"}) == []


def test_the_same_field_on_two_channels():
    one = rule("s: {Image|endswith: \\cmd.exe}")
    records = (
        {"Image": "C:\\cmd.exe"},
        {"Channel": "Security", "EventID": 4688, "NewProcessName": "C:\\cmd.exe"},
        {"Channel": "Security", "EventID": 4688, "Image": "C:\\cmd.exe"},
        {"Channel": "Security", "EventID": 4689, "NewProcessName": "C:\\cmd.exe"},
    )
    assert matched(one, *records) == [0, 1]


def test_kinds_met():
    engine = SigmaEngine([rule("s: {Image: a}")])
    assert engine.kinds() == []
    ((batch, _),) = batches([sysmon({})])
    assert list(engine.run(batch)) == []
    assert engine.kinds() == ["windows"]


def test_two_engines_give_the_same_on_each_pattern_library(monkeypatch):
    rules = [rule(f"s: {{CommandLine|contains: 'w{n}x'}}", str(n)) for n in range(30)]
    records = [{"CommandLine": f"a w{n}x w{n + 3}x"} for n in range(40)]
    first = run(rules, *records)
    monkeypatch.setattr("trailhound.rules.sigma.patterns.HAVE_HYPERSCAN", False)
    assert run(rules, *records) == first
    assert first
