from __future__ import annotations

import msgspec
import pytest

from tests.results import finding, result, rule
from trailhound.model.entity import Entity, EntityType, Role
from trailhound.model.finding import Detector, DetectorKind, Nature, Severity
from trailhound.model.organisation import Accounts, Changes, Identity, Networks, Organisation
from trailhound.pipeline.lowering import lower

ADMINISTRATORS = Organisation(
    organisation=Identity(domains=("acme.example",)),
    accounts=Accounts(administrators=("M.Admin", "b.root@acme.example")),
)
SCANNERS = Organisation(networks=Networks(scanners=("10.0.9.0/24",)))
CHANGES = Organisation(changes=Changes(windows=("2026-11-04T09:00+01:00/2026-11-04T08:12Z",)))


def acted(*users, tactics=("discovery",), techniques=("T1087",), source="", **more):
    tags = tuple(f"attack.{tactic}" for tactic in tactics)
    people = tuple(Entity(EntityType.USER, user, Role.ACTOR) for user in users)
    address = (Entity(EntityType.IP, source, Role.SOURCE),) if source else ()
    return msgspec.structs.replace(
        finding(rule=msgspec.structs.replace(rule(), tags=tags), techniques=techniques),
        entities=(Entity(EntityType.HOST, "dc1"), *people, *address),
        **more,
    )


def seen(one, told):
    (made,) = lower(result([one]), told).findings
    return made.severity


@pytest.mark.parametrize("user", ["m.admin", "m.admin@acme.example", "b.root", "B.ROOT"])
def test_the_work_of_an_administrator_is_one_step_lower(user):
    assert seen(acted(user), ADMINISTRATORS) is Severity.MEDIUM
    assert seen(acted(user, severity=Severity.LOW), ADMINISTRATORS) is Severity.INFORMATIONAL


@pytest.mark.parametrize(
    "one",
    [
        acted("a.meyer"),
        acted("m.admin", "a.meyer"),
        acted("m.admin@evil.example"),
        acted(),
        acted("m.admin", tactics=()),
        acted("m.admin", tactics=("credential-access",)),
        acted("m.admin", tactics=("discovery", "exfiltration")),
        acted("m.admin", nature=Nature.IOC),
        acted("m.admin", severity=Severity.CRITICAL),
        acted("m.admin", severity=Severity.INFORMATIONAL),
        acted("m.admin", detector=Detector(DetectorKind.INDICATOR, "feed")),
    ],
)
def test_what_is_not_an_administrators_work_stays(one):
    held = result([one])
    assert lower(held, ADMINISTRATORS) is held


def test_the_account_that_acts_counts_and_not_the_one_it_acts_on():
    target = Entity(EntityType.USER, "a.meyer", Role.TARGET)
    one = acted("m.admin")
    one = msgspec.structs.replace(one, entities=(*one.entities, target))
    assert seen(one, ADMINISTRATORS) is Severity.MEDIUM


def probe(source, techniques=("T1190",)):
    return acted(tactics=("initial-access",), techniques=techniques, source=source)


def test_the_probes_of_a_scanner_are_low():
    assert seen(probe("10.0.9.4"), SCANNERS) is Severity.LOW
    assert seen(probe("10.0.9.4", ("t1110.003", "T1046")), SCANNERS) is Severity.LOW


@pytest.mark.parametrize(
    "one",
    [
        probe("10.0.8.4"),
        probe("no address"),
        probe(""),
        probe("10.0.9.4", ("T1190", "T1078")),
        probe("10.0.9.4", ()),
    ],
)
def test_what_is_no_probe_of_a_scanner_stays(one):
    assert seen(one, SCANNERS) is Severity.HIGH


def test_all_addresses_must_be_scanners():
    one = probe("10.0.9.4")
    other = Entity(EntityType.IP, "203.0.113.20", Role.SOURCE)
    one = msgspec.structs.replace(one, entities=(*one.entities, other))
    assert seen(one, SCANNERS) is Severity.HIGH


def test_a_planned_change_explains_what_lies_wholly_in_it():
    assert seen(acted("a.meyer"), CHANGES) is Severity.MEDIUM
    one = acted("a.meyer")
    for changed in ({"last": one.evidence.last + 1}, {"first": None, "last": None}):
        evidence = msgspec.structs.replace(one.evidence, **changed)
        assert seen(msgspec.structs.replace(one, evidence=evidence), CHANGES) is Severity.HIGH


def test_each_lowering_is_said_and_changes_the_incidents():
    held = result([acted("m.admin"), acted("m.admin", id="2"), acted("a.meyer", id="3")])
    made = lower(held, ADMINISTRATORS)
    told = made.assumed[len(held.assumed) :]
    assert [(one.what, one.value) for one in told] == [("administrator", "m.admin")]
    assert told[0].why == "org.toml, accounts.administrators: 2 findings lowered"
    reason = made.findings[0].because[-1]
    assert (reason.feature, reason.value, reason.op) == (
        "accounts.administrators", "m.admin", "listed",
    )  # fmt: skip
    assert reason.text.startswith("medium instead of high")
    assert [one.severity for one in held.findings] == [Severity.HIGH] * 3
    assert max(one.score for one in made.incidents) <= max(one.score for one in held.incidents)
