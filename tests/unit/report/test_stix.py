from __future__ import annotations

import msgspec
import orjson
import pytest

from tests.results import START, finding, result
from tests.standards import stix_mistakes
from trailhound.model.entity import Entity, EntityType, Role
from trailhound.model.finding import Evidence, Nature, Severity
from trailhound.report.stix import stix_bundle


def bundle(made):
    return orjson.loads(b"".join(stix_bundle(made)))


def of(made, kind):
    return [one for one in bundle(made)["objects"] if one["type"] == kind]


def test_it_is_what_the_specification_says():
    made = [finding(pointers=3), finding("Log cleared", number=2, minute=5, techniques=()),
            finding(number=3, entities=(), techniques=(), pointers=0, time=None,
                    evidence=Evidence(0, None, None, ()))]  # fmt: skip
    assert stix_mistakes(bundle(result(made))) == []
    assert stix_mistakes(bundle(result([]))) == []


def test_the_validator_sees_mistakes():
    made = bundle(result())
    for one in made["objects"]:
        if one["type"] == "indicator":
            one["pattern"] = "[ipv4-addr:value = "
        if one["type"] == "sighting":
            one["where_sighted_refs"] = ["identity--6ad5427b-11c9-5a7f-8081-c0149afe1cf4"]
    assert len(stix_mistakes(made)) >= 4


def test_what_leads_outside_is_an_indicator():
    told = {one["name"]: one for one in of(result(), "indicator")}
    assert set(told) == {"203.0.113.20", "acrne.example"}  # not 10.1.2.3, not the host
    assert told["acrne.example"]["indicator_types"] == ["anomalous-activity"]
    bad = of(result([finding(nature=Nature.IOC)]), "indicator")
    assert bad[0]["indicator_types"] == ["malicious-activity"]


@pytest.mark.parametrize("changed", [{"supporting": True}, {"severity": Severity.LOW}])
def test_weak_findings_make_no_indicator(changed):
    made = result([finding(**changed)])
    assert of(made, "indicator") == []
    assert len(of(made, "observed-data")) == 1


@pytest.mark.parametrize(
    ("domain", "count"),
    [
        ("acme.example", 0),
        ("mail.acme.example", 0),
        ("notacme.example", 1),
        ("acme.example.net", 1),
    ],
)
def test_own_domains_make_no_indicator(domain, count):
    made = result([finding(entities=(Entity(EntityType.DOMAIN, domain, Role.RELATED),))])
    assert len(of(made, "indicator")) == count


def test_an_indicator_indicates_a_technique_and_was_sighted_on_a_host():
    made = result()
    (attack,) = of(made, "attack-pattern")
    links = of(made, "relationship")
    assert {one["target_ref"] for one in links} == {attack["id"]}
    host = next(one for one in of(made, "identity") if one["identity_class"] == "system"
                and one["name"] == "fin-pc07.acme.example")  # fmt: skip
    assert all(one["where_sighted_refs"] == [host["id"]] for one in of(made, "sighting"))


def test_without_an_indicator_the_technique_was_sighted():
    made = result([finding(entities=())])
    (seen,) = of(made, "sighting")
    (attack,) = of(made, "attack-pattern")
    (place,) = [one for one in of(made, "identity") if one["identity_class"] == "organization"]
    assert seen["sighting_of_ref"] == attack["id"]
    assert seen["where_sighted_refs"] == [place["id"]]


def test_a_technique_collects_the_tactics_of_all_its_findings():
    tags = [("attack.persistence",), ("attack.execution",)]
    made = []
    for number, tag in enumerate(tags, 1):
        base = finding(number=number, techniques=("T1053",))
        rule = msgspec.structs.replace(base.rule, tags=tag)
        made.append(msgspec.structs.replace(base, rule=rule))
    (told,) = of(result(made), "attack-pattern")
    assert [one["phase_name"] for one in told["kill_chain_phases"]] == ["execution", "persistence"]


def test_a_note_says_why_and_an_incident_groups():
    made = result()
    (note,) = of(made, "note")
    assert "CommandLine contains '-u'" in note["content"]
    assert "host (target): fin-pc07.acme.example" in note["content"]
    (group,) = of(made, "grouping")
    assert of(made, "observed-data")[0]["id"] in group["object_refs"]


def test_a_later_result_revises_and_does_not_double():
    first, more = finding(), finding(pointers=3)
    later = msgspec.structs.replace(more.evidence, last=START + 60_000_000)
    second = msgspec.structs.replace(more, evidence=later)
    old = {one["id"]: one for one in bundle(result([first]))["objects"]}
    new = {one["id"]: one for one in bundle(result([second]))["objects"]}
    assert set(old) == set(new)
    (seen,) = [one for one in new.values() if one["type"] == "observed-data"]
    assert seen["modified"] > old[seen["id"]]["modified"]


def test_two_cases_share_no_sighting():
    one = {o["id"] for o in bundle(result(tenant="a"))["objects"] if o["type"] == "observed-data"}
    two = {o["id"] for o in bundle(result(tenant="b"))["objects"] if o["type"] == "observed-data"}
    assert not one & two
