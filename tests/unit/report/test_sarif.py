from __future__ import annotations

import msgspec
import orjson
import pytest

from tests.results import finding, result
from tests.standards import sarif_mistakes
from trailhound.model.finding import Severity
from trailhound.report.sarif import sarif_document, uri


def document(made):
    return orjson.loads(b"".join(sarif_document(made)))


def run(made):
    return document(made)["runs"][0]


def test_it_is_what_the_schema_says():
    made = result([finding(pointers=3), finding("Log cleared", number=2, rule=None, pointers=0)])
    assert sarif_mistakes(document(made)) == []
    assert sarif_mistakes(document(result([]))) == []


def test_the_schema_sees_a_mistake():
    made = document(result())
    made["runs"][0]["results"][0]["level"] = "high"
    del made["runs"][0]["tool"]
    assert len(sarif_mistakes(made)) == 2


def test_a_result_points_to_its_first_record_and_relates_the_others():
    told = run(result([finding(pointers=3)]))["results"][0]
    place = told["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "case/fin-pc07/Security.evtx"
    assert place["region"] == {"byteOffset": 4096}
    assert [one["id"] for one in told["relatedLocations"]] == [1, 2]
    assert told["relatedLocations"][0]["physicalLocation"]["region"]["byteOffset"] == 4097


def test_findings_of_one_rule_share_its_description():
    told = run(result([finding(), finding(number=2), finding("Log cleared", number=3)]))
    assert [one["ruleIndex"] for one in told["results"]] == [0, 0, 1]
    rules = told["tool"]["driver"]["rules"]
    assert [one["id"] for one in rules] == ["rule-LSASS memory read", "rule-Log cleared"]
    assert "Backup agents" in rules[0]["help"]["text"]


@pytest.mark.parametrize(
    ("severity", "level"),
    [(Severity.LOW, "note"), (Severity.MEDIUM, "warning"), (Severity.CRITICAL, "error")],
)
def test_severities_become_levels(severity, level):
    assert run(result([finding(severity=severity)]))["results"][0]["level"] == level


def test_what_was_not_read_whole_is_said():
    told = run(result())["invocations"][0]
    assert told["executionSuccessful"] is True
    assert "Security.evtx" in told["toolExecutionNotifications"][0]["message"]["text"]
    assert "own/a.yml, line 3" in told["toolConfigurationNotifications"][0]["message"]["text"]
    stopped = msgspec.structs.replace(result(), interrupted=True)
    assert run(stopped)["invocations"][0]["executionSuccessful"] is False


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a/b.zip!c d.log", "a/b.zip!c%20d.log"),
        ("c:/x", "c%3A/x"),  # no scheme
        ("a#b?c%d", "a%23b%3Fc%25d"),
        ("\u6f22\udcff", "%E6%BC%A2%FF"),
        ("\ud800", "%5Cud800"),
        ("-", "-"),
    ],
)
def test_sources_are_relative_addresses(source, expected):
    assert uri(source) == expected
