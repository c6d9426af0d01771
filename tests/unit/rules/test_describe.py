from __future__ import annotations

from tests.unit.rules.sigma.small_rules import compiled, rule
from trailhound.rules.describe import describe

FULL = """title: Shell from a document
id: 1-2
author: Anna
level: high
status: test
license: MIT
description: A document started a shell.
references: [https://a.example, https://b.example]
falsepositives: [Macros]
tags: [attack.t1059]
logsource: {category: process_creation, product: windows}
detection:
  parent: {ParentImage|endswith: [a.exe, b.exe]}
  child: {Image|cased: X, CommandLine|re: 'a+'}
  filter: {User: null}
  condition: parent and child and not filter
"""


def said(text: str) -> str:
    (made,) = compiled(text)
    return "\n".join(describe(made))


def test_a_rule():
    text = said(FULL)
    assert text.startswith("Shell from a document\n1-2, set/a.yml:1\n")
    assert "level high, status test, ioa: a step of an attack" in text
    assert "A document started a shell." in text
    assert "windows, where Channel security and EventID 4688" in text
    assert "Image is NewProcessName" in text
    body = text[text.index("It matches a record when") :]
    assert body.startswith(
        "It matches a record when\n"
        "  all of these:\n"
        "    any of these:\n"
        "      ParentImage ends with 'a.exe'\n"
        "      ParentImage ends with 'b.exe'\n"
        "    Image is 'X' (upper and lower case differ)\n"
        "    CommandLine fits the expression 'a+'\n"
        "    not: User has no value\n"
    )
    assert "Other causes: Macros" in text
    assert "Author: Anna\nLicence: MIT\nReferences:\n  https://a.example\n" in text


def test_a_rule_that_supports():
    assert "only supports" in said(FULL.replace("high", "low"))


def test_a_rule_that_looks_nowhere():
    text = "title: t\nlogsource: {service: x}\ndetection: {s: {a: b}, condition: s}\n"
    assert "nowhere: no log we read fits" in said(text)


def test_long_lists_are_cut():
    values = ", ".join(f"v{n}" for n in range(100))
    text = "\n".join(describe(rule(f"s: {{A: [{values}]}}")))
    assert "v39" in text
    assert "v40" not in text
    assert "and 60 more" in text


def test_deep_trees_need_no_stack():
    condition = "not (s or " * 45 + "s" + ")" * 45
    assert "A is 'b'" in "\n".join(describe(rule(f"s: {{A: b}}\ncondition: {condition}")))


def test_a_correlation():
    text = said(
        "title: c\ncorrelation:\n  type: value_count\n  rules: [a, b]\n  group-by: [User]\n"
        "  timespan: 90m\n  aliases: {User: {a: U}}\n  condition: {field: Host, gte: 5}\n"
    )
    assert "the matches of 2 rules:\n  a\n  b\nthat have the same User\n  User is U of a\n" in text
    assert (
        "within 90 minutes, and fires when\n  the number of different values of Host is at least 5"
        in text
    )


def test_temporal_correlations():
    head = "title: c\ncorrelation: {rules: [a, b], timespan: 1h, "
    assert "all of them match in this order" in said(f"{head}type: temporal_ordered}}\n")
    text = said(f"{head}type: temporal, condition: a and not b}}\n")
    assert "all of these:\n    a matches\n    not: b matches" in text
