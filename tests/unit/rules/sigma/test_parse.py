from __future__ import annotations

import pytest

from tests.unit.rules.sigma.small_rules import compiled, matched, rule
from trailhound.model.finding import Nature, Severity
from trailhound.rules.sigma.parse import parse_file, techniques
from trailhound.rules.sigma.rule import Correlation, CorrelationType, LogSource, Op, SigmaRule

FULL = """title:  A title
id: 00000000-0000-0000-0000-000000000001
name: short
description: |
    Two
    lines
author: [Anna, Ben]
level: high
status: stable
license: MIT
tags: [attack.t1059.001, attack.execution, attack.T1003]
references: https://example.org
falsepositives: [Admins]
fields: [User, Image]
logsource: {category: Process_Creation, product: Windows}
detection: {s: {Image: a}, condition: s}
"""


def one(text: str) -> SigmaRule:
    (made,) = compiled(text)
    assert isinstance(made, SigmaRule)
    return made


def test_everything_a_rule_says():
    made = one(FULL)
    info = made.info
    assert (info.title, info.author, info.licence) == ("A title", "Anna, Ben", "MIT")
    assert (info.description, info.references) == ("Two lines", ("https://example.org",))
    assert (info.falsepositives, info.source) == (("Admins",), "set/a.yml")
    assert (made.severity, made.name, made.show) == (Severity.HIGH, "short", ("User", "Image"))
    assert made.techniques == ("T1059.001", "T1003")
    assert made.logsource == LogSource("process_creation", "windows", "")
    assert made.support_only is False


def test_what_is_left_out():
    made = one("title: t\nlogsource: {product: x}\ndetection: {s: {A: b}, condition: s}\n")
    assert (made.info.id, made.severity, made.info.licence) == ("set/a.yml:1", Severity.MEDIUM, "L")


@pytest.mark.parametrize(
    ("line", "supports"),
    [
        ("level: low", True),
        ("level: informational", True),
        ("level: medium", False),
        ("status: experimental", True),
        ("tags: [detection.threat-hunting]", True),
        ("status: test", False),
    ],
)
def test_weak_rules_only_support(line, supports):
    text = (
        f"title: t\n{line}\nlogsource: {{product: x}}\ndetection: {{s: {{A: b}}, condition: s}}\n"
    )
    assert one(text).support_only is supports


@pytest.mark.parametrize(
    ("detection", "nature"),
    [
        ("{Hashes|contains: [MD5=1]}", Nature.IOC),
        ("{DestinationIp: 192.0.2.1}", Nature.IOC),
        ("{DestinationIp|cidr: 192.0.2.0/24}", Nature.IOC),
        ("{QueryName: evil.example}", Nature.IOC),
        ("{CommandLine: a}", Nature.IOA),
        ("{Image|endswith: a.exe}", Nature.IOA),
        ("{DestinationIp: 192.0.2.1, CommandLine|contains: x}", Nature.IOA),
    ],
)
def test_nature(detection, nature):
    assert rule(f"s: {detection}").nature is nature


def test_a_declared_nature_wins():
    assert one(FULL + "nature: ioc\n").nature is Nature.IOC


def test_a_list_of_conditions_is_any_of_them():
    made = rule("s: {A: 1}\nk: {A: 2}\ncondition: [s, k]")
    assert matched(made, {"A": 1}, {"A": 2}, {"A": 3}) == [0, 1]


def test_equal_comparisons_are_one():
    made = rule("s: {A: b}\nk: {A: b, C: d}\ncondition: s or k")
    assert len(made.predicates) == 2


def test_global_documents_give_what_the_next_share():
    text = (
        "action: global\ntitle: t\nlogsource: {product: x}\n---\n"
        "id: 1\ndetection: {s: {A: b}, condition: s}\n---\n"
        "id: 2\ndetection: {s: {A: c}, condition: s}\n"
    )
    assert [(r.info.id, r.info.title) for r in compiled(text)] == [("1", "t"), ("2", "t")]


def test_one_bad_document_leaves_the_others():
    text = f"{FULL}---\ntitle: bad\n---\n{FULL.replace('000001', '000002')}"
    made, errors = parse_file(text.encode(), "f.yml", {})
    assert len(made) == 2
    assert [(e.where and e.where.line, e.what) for e in errors] == [
        (18, "the rule has no detection")
    ]


@pytest.mark.parametrize(
    ("change", "line", "what"),
    [
        (("title:  A title", "title: ''"), 1, "no title"),
        (("level: high", "level: dire"), 8, "use one of"),
        (("{category: Process_Creation, product: Windows}", "{}"), 15, "no log source"),
        (("{category: Process_Creation, product: Windows}", "{definition: x}"), 15, "names no"),
        (("condition: s", "condition: x"), 16, "no detection named"),
        ((", condition: s", ""), 16, "no condition"),
        (("{s: {Image: a}, condition: s}", "[s]"), 16, "no detection"),
    ],
)
def test_errors_are_placed(change, line, what):
    made, errors = parse_file(FULL.replace(*change).encode(), "f.yml", {})
    assert made == []
    assert errors[0].where
    assert errors[0].where.line == line
    assert what in errors[0].what


def test_a_correlation():
    text = """title: c
id: 9
correlation:
  type: value_percentile
  rules: [a, b]
  group-by: [User]
  timespan: 2h
  aliases: {ip: {a: src}}
  condition: {field: Size, percentile: 95, gt: 1, lte: 9.5}
  generate: true
"""
    (made,) = compiled(text)
    assert isinstance(made, Correlation)
    assert made.type is CorrelationType.VALUE_PERCENTILE
    assert (made.rules, made.group_by) == (("a", "b"), ("User",))
    assert made.timespan == 7_200_000_000
    assert made.bounds == (("gt", 1.0), ("lte", 9.5))
    assert (made.field, made.percentile, made.generate) == ("Size", 95.0, True)
    assert made.aliases == {"ip": {"a": "src"}}


@pytest.mark.parametrize(
    ("span", "seconds"),
    [
        ("30s", 30),
        ("5m", 300),
        ("1h", 3600),
        ("7d", 604_800),
        ("1w", 604_800),
        ("2M", 5_259_492),
        ("1y", 31_556_952),
    ],
)
def test_time_spans(span, seconds):
    text = f"title: c\ncorrelation: {{type: temporal, rules: [a], timespan: {span}}}\n"
    (made,) = compiled(text)
    assert isinstance(made, Correlation)
    assert made.timespan == seconds * 1_000_000


def test_techniques():
    assert techniques(
        ["attack.t1", "attack.t1059", "attack.T1059.003", "car.2013", "xattack.t1059"]
    ) == (
        "T1059",
        "T1059.003",
    )


def test_unicode_and_types_of_values():
    made = rule("s:\n  A: [ä, 1, 1.5, true, null, 2024-01-01]")
    assert [(p.op, p.value) for p in made.predicates] == [
        (Op.EQUALS, "ä"),
        (Op.EQUALS, "1"),
        (Op.EQUALS, "1.5"),
        (Op.EQUALS, "true"),
        (Op.EMPTY, ""),
        (Op.EQUALS, "2024-01-01"),
    ]
