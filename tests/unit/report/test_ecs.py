from __future__ import annotations

import orjson
import pytest

from tests.results import finding, result
from trailhound.model.entity import Entity, EntityType, Role
from trailhound.model.finding import Severity
from trailhound.report.ecs import ecs_lines

FIELDS = {
    "@timestamp", "message", "tags", "ecs.version",
    "event.kind", "event.category", "event.type", "event.id", "event.module", "event.dataset",
    "event.severity", "event.risk_score", "event.start", "event.end", "event.reason",
    "rule.id", "rule.uuid", "rule.name", "rule.description", "rule.author", "rule.license",
    "rule.reference", "rule.ruleset", "rule.version", "rule.category",
    "threat.framework", "threat.tactic.id", "threat.tactic.name", "threat.technique.id",
    "threat.technique.name", "threat.technique.subtechnique.id",
    "threat.technique.subtechnique.name", "organization.id", "log.file.path", "host.name",
    "user.name", "user.domain", "source.ip", "destination.ip", "url.full", "file.path",
    "process.executable", "email.to.address", "related.ip", "related.user", "related.hosts",
    "related.hash",
}  # fmt: skip
"""Names of ECS 8.17 that an alert may use, from its field reference."""


def alerts(made):
    return [orjson.loads(line) for line in ecs_lines(made)]


def flat(record, before=""):
    for key, value in record.items():
        name = f"{before}{key}"
        if isinstance(value, dict):
            yield from flat(value, f"{name}.")
        else:
            yield name


def test_an_alert_has_the_fields_of_ecs():
    (told,) = alerts(result([finding(pointers=2, tenant="acme")]))
    assert (told["event"]["kind"], told["event"]["severity"]) == ("alert", 73)
    assert (told["user"]["name"], told["user"]["domain"]) == ("a.meyer", "ACME")
    assert told["source"] == {"ip": "203.0.113.20"}
    assert told["threat"]["technique"]["id"] == ["T1003"]
    assert told["threat"]["technique"]["subtechnique"]["name"] == ["LSASS Memory"]
    assert told["organization"]["id"] == "acme"
    assert told["trailhound"]["pointers"][1]["offset"] == 4097


def test_no_field_has_a_name_that_ecs_lacks():
    entities = [Entity(kind, "x", role) for kind in EntityType for role in Role]
    told = alerts(result([finding(entities=tuple(entities)), finding(number=2, rule=None)]))
    names = {name for one in told for name in flat(one) if not name.startswith("trailhound.")}
    assert not names - FIELDS


@pytest.mark.parametrize("value", ["not an address", "203.0.113.999", "", "ip-7f3a90c2"])
def test_only_addresses_go_where_addresses_are_wanted(value):
    entities = (Entity(EntityType.IP, value, Role.SOURCE), Entity(EntityType.HASH, "abc"))
    (told,) = alerts(result([finding(entities=entities)]))
    assert "source" not in told
    assert "related" not in told
    assert value in [one["value"] for one in told["trailhound"]["entities"]]


def test_a_finding_without_time_or_technique_is_an_alert():
    bare = finding(time=None, techniques=(), severity=Severity.INFORMATIONAL, pointers=0)
    (told,) = alerts(result([bare]))
    assert told["@timestamp"].startswith("1970-01-01")
    assert told["event"]["severity"] == 0
    assert "threat" not in told
