from __future__ import annotations

from tests.unit.rules.sigma.small_rules import compiled, rule
from trailhound.rules.library import Library
from trailhound.rules.sigma.rule import SigmaRule
from trailhound.rules.statistics import hit_lines, statistics, statistics_lines


def library() -> Library:
    (odd,) = compiled(
        "title: o\nid: o\nlevel: low\nstatus: test\nlogsource: {product: abacus}\n"
        "detection: {s: {a|contains: b}, condition: s}\n"
    )
    assert isinstance(odd, SigmaRule)
    return Library([rule("s: {Image: a}", "1"), rule("s: {Image: a}", "2"), odd], [], [], [])


def test_counts():
    found = statistics(library())
    assert (found.rules, found.with_source, found.comparisons) == (3, 2, 3)
    assert found.distinct_comparisons == 2
    assert list(found.products.items()) == [("windows", 2), ("abacus", 1)]
    assert found.categories == {"process_creation": 2, "(none)": 1}
    assert found.levels == {"medium": 2, "low": 1}
    assert found.statuses == {"(none)": 2, "test": 1}
    assert found.operations == {"equals": 2, "contains": 1}
    assert found.unmapped == {"abacus": 1}


def test_lines():
    text = "\n".join(statistics_lines(statistics(library())))
    assert "2 of 3 rules (66.7%) look in logs we read" in text
    assert "log sources no log we read fits\n       1  abacus" in text
    assert "0 of 0" in "\n".join(statistics_lines(statistics(Library([], [], [], []))))


def test_long_tables_are_cut():
    rules = [rule("s: {A: b}", str(n)) for n in range(3)]
    found = statistics(Library(rules, [], [], []))
    found.services = {f"s{n}": 100 - n for n in range(25)}
    assert "     390  in 5 more" in "\n".join(statistics_lines(found))


def test_hits():
    lines = list(hit_lines(library(), {"1": 5, "o": 50}))
    assert lines[1] == "2 rules match 55 times"
    assert [line.split()[:2] for line in lines[2:]] == [["50", "o"], ["5", "1"]]
