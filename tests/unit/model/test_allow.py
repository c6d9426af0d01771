from __future__ import annotations

from datetime import date

import msgspec
import pytest

from trailhound.model.allow import AllowEntry, AllowList, entry_id, glob
from trailhound.model.entity import Entity, EntityType, Role
from trailhound.model.finding import (
    Detector,
    DetectorKind,
    Evidence,
    Finding,
    Nature,
    Pointer,
    RuleInfo,
    Severity,
)

DAY = date(2026, 11, 24)


def entry(**conditions):
    bare = AllowEntry(id="x", author="a", reason="r", created=DAY, expires=DAY)
    return msgspec.structs.replace(bare, **conditions)


@pytest.fixture
def finding():
    return Finding(
        id="f",
        time=1,
        title="t",
        severity=Severity.HIGH,
        nature=Nature.IOA,
        confidence=0.5,
        detector=Detector(DetectorKind.RULE, "sigma:scan"),
        entities=(
            Entity(EntityType.IP, "10.0.9.4", Role.SOURCE),
            Entity(EntityType.HOST, "dc01.acme.example", Role.TARGET),
            Entity(EntityType.USER, "a.meyer", Role.ACTOR),
        ),
        evidence=Evidence(1, 1, 1, (Pointer("fw/a.log", "u", 0, 1, {}),)),
        because=(),
        rule=RuleInfo("sigma", "1234-uuid", "t"),
    )


@pytest.mark.parametrize(
    "conditions",
    [
        {"detector": "sigma:scan"},
        {"detector": "1234-*"},
        {"entity": "A.MEYER"},
        {"entity": "10.0.9.?", "entity_type": EntityType.IP},
        {"source": "10.0.*"},
        {"source": "a.meyer"},
        {"destination": "*.acme.example"},
        {"scope": "fw/*"},
        {"detector": "sigma:*", "source": "10.0.9.4", "destination": "dc01*", "scope": "*"},
    ],
)
def test_an_entry_hides_when_all_it_says_holds(finding, conditions):
    assert entry(**conditions).hides(finding)


@pytest.mark.parametrize(
    "conditions",
    [
        {},
        {"entity_type": EntityType.IP},
        {"detector": "sigma"},
        {"entity": "10.0.9.4", "entity_type": EntityType.USER},
        {"entity": "a.meye"},
        {"source": "dc01*"},
        {"destination": "10.0.9.4"},
        {"scope": "proxy/*"},
        {"detector": "sigma:scan", "source": "10.0.9.5"},
        {"detector": "other", "source": "10.0.9.4"},
    ],
)
def test_a_near_miss_hides_nothing(finding, conditions):
    assert not entry(**conditions).hides(finding)


def test_evidence_from_elsewhere_is_not_hidden_by_scope(finding):
    two = (*finding.evidence.pointers, Pointer("other.log", "v", 0, 1, {}))
    evidence = msgspec.structs.replace(finding.evidence, pointers=two)
    assert not entry(scope="fw/*").hides(msgspec.structs.replace(finding, evidence=evidence))
    none = msgspec.structs.replace(finding.evidence, pointers=())
    assert not entry(scope="*").hides(msgspec.structs.replace(finding, evidence=none))


def test_an_expired_entry_does_nothing_and_is_listed(finding):
    old = entry(detector="*", expires=date(2026, 11, 23))
    new = entry(detector="sigma:*", id="y")
    allowed = AllowList([old, new], DAY)
    assert allowed.match(finding) == new
    assert allowed.expired == (old,)
    assert AllowList([old], DAY).match(finding) is None


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("", "", True),
        ("", "a", False),
        ("*", "", True),
        ("a*b*c", "aXXbYYc", True),
        ("a*b*c", "aXXbYY", False),
        ("?", "", False),
        ("*a", "ba", True),
        ("*a", "ab", False),
        ("a**", "a", True),
        ("[ab]", "a", False),
        ("[ab]", "[AB]", True),
        ("a.c", "abc", False),
    ],
)
def test_globs(pattern, text, fits):
    assert glob(pattern, text) is fits


def test_a_hostile_glob_does_not_blow_up():
    assert not glob("*a" * 200 + "b", "a" * 20_000)


def test_the_id_depends_on_the_conditions_only():
    assert entry_id(["A", ""]) == entry_id(["a", ""])
    assert entry_id(["a", ""]) != entry_id(["", "a"])
    assert len(entry_id(["a"])) == 6
