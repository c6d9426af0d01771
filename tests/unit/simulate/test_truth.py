from __future__ import annotations

from datetime import date

import pytest

from trailhound.simulate.clock import MINUTE, iso_milli, midnight
from trailhound.simulate.truth import Innocent, Plan, Truth, compare, plain_name, read_truth

AT = midnight(date(2026, 11, 3)) + 500 * MINUTE
PLAN = Plan(
    "s-01", AT, "s", "T1059", "a step", ("FIN-PC07",), ("a.meyer@acme.example",), ("203.0.113.20",)
)
STEP = PLAN.at("windows/a.ndjson.gz", "EventRecordID 7")
TRUTH = Truth((STEP,), (Innocent("svc-print", "stale password"),), 10)


def finding(entity=("host", "FIN-PC07.corp.acme.example"), **changes):
    """A finding that explains the step, unless something is changed."""
    pointer: dict[str, object] = {
        "source": "evidence/windows/a.ndjson.gz",
        "time": AT,
        "event_uid": "u",
        "offset": 0,
    }
    pointer |= changes.pop("pointer", {})
    document: dict[str, object] = {
        "id": "f",
        "severity": "medium",
        "evidence": {"pointers": [pointer]},
    }
    document["entities"] = [{"type": entity[0], "value": entity[1], "role": "actor"}]
    return document | changes


def incident(entity=("user", "ACME\\svc-print"), **changes):
    document: dict[str, object] = {
        "id": "i",
        "title": "t",
        "severity": "high",
        "above_fold": True,
        "findings": [],
    }
    document["entities"] = [{"type": entity[0], "value": entity[1], "role": "actor"}]
    return document | changes


@pytest.mark.parametrize(
    "good",
    [
        finding(),
        finding(("user", "ACME\\A.Meyer")),
        finding(("ip", "203.0.113.20")),
        finding(pointer={"time": iso_milli(AT + 9 * MINUTE) + "Z"}),
        finding(pointer={"source": "windows/a.ndjson.gz!a.ndjson"}),
        finding(severity=3),
    ],
)
def test_a_finding_explains_a_step(good):
    assert compare(TRUTH, {"findings": [good]}).found == (STEP,)


@pytest.mark.parametrize(
    "near_miss",
    [
        finding(severity="low"),
        finding(("host", "FIN-PC08")),
        finding(("process", "203.0.113.20")),
        finding(pointer={"time": AT + 11 * MINUTE}),
        finding(pointer={"time": None}),
        finding(pointer={"source": "windows/b.ndjson.gz"}),
        finding(evidence={"pointers": []}),
    ],
)
def test_a_near_miss_does_not(near_miss):
    result = compare(TRUTH, {"findings": [near_miss]})
    assert result.missed == (STEP,)
    assert result.recall == 0


def test_a_weak_finding_counts_inside_an_incident_above_the_fold():
    weak = finding(severity="low")
    loud = incident(("host", "FIN-PC07"), findings=["f"])
    assert compare(TRUTH, {"findings": [weak], "incidents": [loud]}).found == (STEP,)
    quiet = loud | {"above_fold": False}
    assert compare(TRUTH, {"findings": [weak], "incidents": [quiet]}).missed == (STEP,)


def test_an_incident_about_an_innocent_accuses_with_the_harmless_reason():
    (accused,) = compare(TRUTH, {"incidents": [incident()]}).accused
    assert accused.names == ("svc-print",)
    assert accused.reason == "stale password"


def test_a_bystander_who_is_not_listed_is_accused_too():
    (accused,) = compare(TRUTH, {"incidents": [incident(("user", "b.schulz"))]}).accused
    assert "no part" in accused.reason


@pytest.mark.parametrize(
    "fair",
    [
        incident(("user", "a.meyer")),
        incident(above_fold=False),
        incident(("process", "powershell.exe")),
    ],
)
def test_nobody_is_accused_by_a_fair_incident(fair):
    assert not compare(TRUTH, {"incidents": [fair]}).accused


def test_without_the_field_the_severity_says_what_is_above_the_fold():
    document = incident()
    del document["above_fold"]
    assert compare(TRUTH, {"incidents": [document]}).accused
    assert not compare(TRUTH, {"incidents": [document | {"severity": "low"}]}).accused


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ACME\\a.meyer", "a.meyer"),
        ("A.Meyer@acme.example", "a.meyer"),
        ("FIN-PC07.corp.acme.example", "fin-pc07"),
        ("10.0.0.10", "10.0.0.10"),
        ("2001:db8::1", "2001:db8::1"),
    ],
)
def test_names_are_compared_in_their_plain_form(text, name):
    assert plain_name(text) == name


def test_an_empty_truth_is_fully_found():
    assert compare(Truth((), (), 0), {}).recall == 1


def test_the_truth_file_reads_back(tmp_path):
    TRUTH.write(tmp_path / "truth" / "truth.json")
    assert read_truth(tmp_path / "truth" / "truth.json") == TRUTH
