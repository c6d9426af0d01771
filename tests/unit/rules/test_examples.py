from __future__ import annotations

import pytest

from tests.unit.rules.sigma.small_rules import compiled
from trailhound.model.errors import RuleError
from trailhound.rules.examples import Examiner, beside, example_files, load_cases, try_all
from trailhound.rules.library import Library
from trailhound.rules.sigma.rule import Correlation, SigmaRule

RULES = """title: Failed
id: r1
name: failed
logsource: {product: aws, service: cloudtrail}
detection: {s: {eventName: Login, user.type: Root}, condition: s}
---
title: Many
id: c1
correlation: {type: event_count, rules: [failed], group-by: [ip], timespan: 10m, condition: {gte: 2}}
"""
GOOD = """examples:
- rule: r1
  match:
  - {eventName: login, user: {type: root}}
  near_miss:
  - {eventName: login, user: {type: User}}
- rule: c1
  match:
  - events:
    - {time: '2026-01-05T10:00:00Z', eventName: Login, user.type: Root, ip: 1.1.1.1}
    - {time: '2026-01-05T10:05:00Z', eventName: Login, user.type: Root, ip: 1.1.1.1}
  near_miss:
  - events:
    - {time: '2026-01-05T10:00:00Z', eventName: Login, user.type: Root, ip: 1.1.1.1}
    - {time: '2026-01-05T10:10:00Z', eventName: Login, user.type: Root, ip: 1.1.1.1}
"""


@pytest.fixture
def library():
    made = compiled(RULES)
    rules = [one for one in made if isinstance(one, SigmaRule)]
    return Library(rules, [one for one in made if isinstance(one, Correlation)], [], [])


@pytest.fixture
def failures(tmp_path, library):
    def tried(text: str) -> list[str]:
        path = tmp_path / "e.yml"
        path.write_text(text)
        return [
            str(failure).removeprefix(str(tmp_path))
            for failure in Examiner(library).examine(load_cases(path))
        ]

    return tried


def test_all_as_expected(failures):
    assert failures(GOOD) == []


def test_what_fails_is_said_with_its_line(failures):
    swapped = GOOD.replace("match:", "@").replace("near_miss:", "match:").replace("@", "near_miss:")
    assert failures(swapped) == [
        "/e.yml:2: Failed: match 1 does not match but must",
        "/e.yml:2: Failed: near_miss 1 matches but must not",
        "/e.yml:7: Many: match 1 does not match but must",
        "/e.yml:7: Many: near_miss 1 matches but must not",
    ]


def test_unknown_rules_and_missing_times(failures):
    assert failures("rule: nobody\nmatch: [{a: b}]\n") == [
        "/e.yml:1: nobody: no usable rule has this id"
    ]
    assert failures("rule: c1\nmatch: [{events: [{a: b}]}]\n") == [
        "/e.yml:1: Many: match 1: event 1 has no `time`"
    ]


def test_the_kind_may_be_given(failures):
    text = "rule: r1\nkind: {kind}\nmatch:\n- {{eventName: Login, user: {{type: Root}}}}\n"
    assert failures(text.format(kind="aws.cloudtrail")) == []
    assert len(failures(text.format(kind="windows"))) == 1


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("match: []\n", "names no rule"),
        ("rule: 5\n", "names no rule"),
        ("examples: 5\n", "must be a list"),
        ("examples: [5]\n", "names no rule"),
        ("rule: r1\nmatch: {a: b}\n", "list of records"),
        ("rule: r1\nmatch: [a]\n", "list of records"),
        ("rule: r1\nmatch: [{events: []}]\n", "`events`"),
        ("rule: r1\nnear_misses: []\n", "unknown key 'near_misses'"),
        ("rule: [\n", "not YAML"),
    ],
)
def test_bad_example_files(tmp_path, text, what):
    path = tmp_path / "e.yml"
    path.write_text(text)
    with pytest.raises(RuleError) as error:
        load_cases(path, "e.yml")
    assert str(error.value).startswith("e.yml:")
    assert what in str(error.value)


def test_examples_beside_rules(tmp_path, library):
    for name in ("a.yml", "a.test.yml", "b.yml", "sub/c.test.yml"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(GOOD if ".test." in name else RULES)
    assert beside([tmp_path / "a.yml", tmp_path / "b.yml"]) == [tmp_path / "a.test.yml"]
    assert beside([tmp_path]) == [tmp_path / "a.test.yml", tmp_path / "sub" / "c.test.yml"]
    assert example_files(tmp_path / "a.yml") == [tmp_path / "a.yml"]
    assert try_all(library, [tmp_path], []) == (8, [])
