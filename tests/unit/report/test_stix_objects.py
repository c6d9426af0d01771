from __future__ import annotations

from trailhound.report.attack import technique
from trailhound.report.stix_objects import (
    MOST,
    PRODUCER,
    attack_pattern,
    domain_object,
    identity,
    producer,
    relationship,
    sighting,
    stix_id,
)


def test_names_depend_on_kind_and_subject_only():
    assert stix_id("note", "a", "b") == stix_id("note", "a", "b")
    assert len({stix_id("note", "a", "b"), stix_id("note", "ab"), stix_id("note", "b", "a"),
                stix_id("grouping", "a", "b")}) == 4  # fmt: skip
    assert stix_id("note", "\ud800").startswith("note--")


def test_the_times_of_evidence_stand_for_those_of_the_object():
    told = domain_object("note", "note--x", (1_000_000, 2_000_000), content="")
    assert told["created"] == "1970-01-01T00:00:01.000000Z"
    assert told["modified"] == "1970-01-01T00:00:02.000000Z"
    assert "content" not in told
    assert domain_object("note", "note--x", (1_000_000, None))["modified"] == told["created"]


def test_everything_but_the_producer_says_who_made_it():
    assert "created_by_ref" not in producer()
    assert identity("h", "system", "case")["created_by_ref"] == PRODUCER
    assert identity("h", "system", "case") != identity("h", "system", "other case")


def test_a_technique_carries_its_identifier():
    told = attack_pattern(technique("T1003.001"), ["credential-access"])
    assert told["external_references"][0]["external_id"] == "T1003.001"
    assert told["kill_chain_phases"][0]["phase_name"] == "credential-access"
    assert "kill_chain_phases" not in attack_pattern(technique("T9999"), [])


def test_a_sighting_counts_as_far_as_stix_does():
    told = sighting("indicator--a", "observed-data--b", ["identity--c"], (1, 2), 10**12)
    assert told["count"] == MOST
    assert (told["sighting_of_ref"], told["where_sighted_refs"]) == (
        "indicator--a",
        ["identity--c"],
    )
    assert "first_seen" not in sighting("indicator--a", "observed-data--b", [], (None, None), 1)


def test_a_relationship_has_two_ends():
    told = relationship("indicator--a", "indicates", "attack-pattern--b", (None, None))
    assert (told["source_ref"], told["target_ref"]) == ("indicator--a", "attack-pattern--b")
