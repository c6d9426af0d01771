from __future__ import annotations

import msgspec
import orjson
import pytest

from tests.results import finding, result
from tests.standards import ocsf_mistakes
from trailhound.model.finding import Detector, DetectorKind, Severity
from trailhound.report.ocsf import detection_finding, ocsf_lines


def events(made):
    return [orjson.loads(line) for line in ocsf_lines(made)]


def test_findings_come_first_then_incidents():
    made = result([finding(), finding("Log cleared", number=2, minute=5, techniques=())])
    told = events(made)
    assert [one["class_uid"] for one in told] == [2004, 2004, 2005]
    assert [m for one in told for m in ocsf_mistakes(one)] == []


def test_a_finding_is_told_in_the_words_of_the_schema():
    told = detection_finding(finding(pointers=3, tenant="acme"), "0.1.0")
    assert (told["severity_id"], told["severity"]) == (4, "High")
    assert (told["confidence_id"], told["confidence_score"], told["count"]) == (3, 80, 3)
    assert told["metadata"]["version"] == "1.8.0"
    assert told["metadata"]["tenant_uid"] == "acme"
    assert told["device"]["hostname"] == "fin-pc07.acme.example"
    assert told["finding_info"]["attacks"][0]["sub_technique"]["uid"] == "T1003.001"
    assert told["finding_info"]["attacks"][0]["tactic"]["uid"] == "TA0006"
    assert {
        "name": "ip.source",
        "type_id": 2,
        "type": "IP Address",
        "value": "203.0.113.20",
    } in told["observables"]
    assert told["evidences"][0]["data"]["offset"] == 4096
    assert told["unmapped"]["because"][0]["feature"] == "CommandLine"


@pytest.mark.parametrize("severity", Severity)
@pytest.mark.parametrize("kind", DetectorKind)
@pytest.mark.parametrize("confidence", [0.0, 0.39, 0.4, 0.7, 1.0])
def test_every_kind_of_finding_is_valid(severity, kind, confidence):
    made = finding(
        severity=severity, detector=Detector(kind, "d", "2"), confidence=confidence, rule=None,
        time=None, pointers=0, supporting=True, entities=(), techniques=("T1003", "T9999"),
    )  # fmt: skip
    told = orjson.loads(orjson.dumps(detection_finding(made, "")))
    assert ocsf_mistakes(told) == []
    assert (told["time"], told["is_alert"]) == (0, False)


def test_the_schema_sees_a_mistake():
    told = detection_finding(finding(), "0.1.0")
    assert ocsf_mistakes(told | {"severity_id": 7, "colour": "red"})
    assert ocsf_mistakes({key: value for key, value in told.items() if key != "finding_info"})


def test_an_incident_lists_its_findings():
    made = result([finding(), finding("Log cleared", number=2, minute=5)])
    told = events(made)[-1]
    listed = {one["uid"] for one in told["finding_info_list"]}
    assert listed == set(made.incidents[0].findings)
    assert told["metadata"]["uid"] == made.incidents[0].id


def test_an_incident_of_unknown_findings_is_valid():
    made = result()
    alone = msgspec.structs.replace(made, findings=[])
    assert [m for one in events(alone) for m in ocsf_mistakes(one)] == []
