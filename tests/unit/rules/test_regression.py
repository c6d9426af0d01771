from __future__ import annotations

import json

import pytest

from tests.unit.rules.sigma.small_rules import rule
from trailhound.model.errors import RuleError
from trailhound.rules.library import Library
from trailhound.rules.regression import matches, samples, try_samples
from trailhound.rules.sigma.engine import SigmaEngine

INFO = """id: x
rule_metadata:
  - {{id: {rule}, title: t}}
regression_tests_info:
  - {{name: Positive, type: json, match_count: {count}, path: regression_data/rules/a/sample.json}}
"""
EVENT = {
    "Event": {
        "System": {
            "Provider": {"#attributes": {"Name": "Microsoft-Windows-Sysmon"}},
            "EventID": 1,
            "Channel": "Microsoft-Windows-Sysmon/Operational",
            "Computer": "pc",
            "EventRecordID": 1,
            "TimeCreated": {"#attributes": {"SystemTime": "2026-01-05T10:00:00Z"}},
        },
        "EventData": {"Image": "C:\\a.exe"},
    }
}


@pytest.fixture
def library():
    return Library([rule("s: {Image|endswith: a.exe}", "r1")], [], [], [])


@pytest.fixture
def folder(tmp_path):
    def write(identity: str = "r1", count: object = 2, events: int = 2):
        inner = tmp_path / "rules" / "a"
        inner.mkdir(parents=True, exist_ok=True)
        (inner / "info.yml").write_text(INFO.format(rule=identity, count=count))
        if events:
            (inner / "sample.json").write_text(f"{json.dumps(EVENT)}\n" * events)
        return tmp_path

    return write


def said(library, root) -> list[str]:
    return [failure.why for failure in try_samples(library, list(samples(root)))]


def test_a_sample_that_matches(folder, library):
    assert said(library, folder()) == []
    assert said(library, folder(count="null")) == []


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"count": 3}, "matches 2 records of sample.json, expected 3"),
        ({"events": 0, "count": "null"}, "matches 0 records of sample.json, expected some"),
        ({"identity": "r2"}, "no usable rule has this id"),
    ],
)
def test_samples_that_do_not(folder, library, change, why):
    assert said(library, folder(**change)) == [why]


def test_a_description_that_says_nothing(folder, library):
    root = folder()
    (root / "rules" / "a" / "info.yml").write_text("id: x\n")
    with pytest.raises(RuleError, match="rule_metadata"):
        list(samples(root))


def test_matches_by_rule(folder, library):
    engine = SigmaEngine(library.rules)
    assert matches(engine, folder() / "rules" / "a" / "sample.json") == {"r1": 2}
    assert matches(engine, folder() / "nothing") == {}
