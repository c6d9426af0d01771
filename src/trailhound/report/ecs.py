"""Findings as alerts in the Elastic Common Schema, one a line.

Fields are nested objects with the names of ECS; what ECS has no name for is under `trailhound`.
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

import msgspec

from trailhound.model.entity import EntityType, Role
from trailhound.report.attack import TACTICS, placed
from trailhound.report.machine import json_line, moment, named, without_empty
from trailhound.text.timestamp import iso

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trailhound.model.entity import Entity
    from trailhound.model.finding import Finding
    from trailhound.model.incident import Incident
    from trailhound.model.result import Result
    from trailhound.report.machine import Record

ECS_VERSION = "8.17.0"

_SEVERITY = (0, 21, 47, 73, 99)
"""The numbers that Elastic's own rules use for low to critical."""
_HASHES = {32: "md5", 40: "sha1", 64: "sha256", 128: "sha512"}


def ecs_lines(result: Result) -> Iterator[bytes]:
    """Give a line for each finding."""
    incidents = {name: one for one in reversed(result.incidents) for name in one.findings}
    for finding in result.findings:
        yield json_line(_alert(finding, incidents.get(finding.id), result))


def _alert(one: Finding, incident: Incident | None, result: Result) -> Record:
    return without_empty({
        "@timestamp": moment(one.time),
        "ecs": {"version": ECS_VERSION},
        "message": one.title,
        "tags": ["trailhound", one.nature.value],
        "event": _event(one, incident),
        "rule": _rule(one),
        "threat": _threat(one),
        "organization": without_empty({"id": one.tenant or result.tenant}),
        "log": {"file": {"path": source}} if (source := _source(one)) else None,
        **_subjects(one.entities),
        "related": _related(one.entities),
        "trailhound": _own(one, incident),
    })  # fmt: skip


def _event(one: Finding, incident: Incident | None) -> Record:
    return without_empty({
        "kind": "alert",
        "category": ["intrusion_detection"],
        "type": ["indicator" if one.nature.value == "ioc" else "info"],
        "id": one.id,
        "module": "trailhound",
        "dataset": "trailhound.finding",
        "severity": _SEVERITY[one.severity],
        "risk_score": float(incident.score) if incident else None,
        "start": iso(one.evidence.first),
        "end": iso(one.evidence.last),
        "reason": "; ".join(reason.text or reason.feature for reason in one.because),
    })  # fmt: skip


def _rule(one: Finding) -> Record:
    rule = one.rule
    if rule is None:
        return without_empty({"id": one.detector.id, "version": one.detector.version})
    return without_empty({
        "id": one.detector.id,
        "uuid": rule.id,
        "name": rule.title,
        "description": rule.description,
        "author": [rule.author] if rule.author else [],
        "license": rule.licence,
        "reference": next(iter(rule.references), ""),
        "ruleset": rule.source,
        "version": one.detector.version,
        "category": rule.language,
    })  # fmt: skip


def _threat(one: Finding) -> Record:
    known = list(placed(one))
    if not known:
        return {}
    tactics = dict.fromkeys(tactic for tactic, _ in known if tactic)
    # A sub-technique stands below its technique, in lists of its own.
    subs = [technique for _, technique in known if "." in technique.uid]
    tops = [technique for _, technique in known if "." not in technique.uid]
    return {
        "framework": "MITRE ATT&CK",
        "tactic": without_empty({
            "id": [TACTICS[name][0] for name in tactics if TACTICS[name][0]],
            "name": [TACTICS[name][1] for name in tactics],
        }),
        "technique": without_empty({
            "id": list(dict.fromkeys(t.parent for t in (*tops, *subs))),
            "name": list(dict.fromkeys(t.name.partition(": ")[0] for t in (*tops, *subs))),
            "subtechnique": without_empty({
                "id": list(dict.fromkeys(t.uid for t in subs)),
                "name": list(dict.fromkeys(t.name.rpartition(": ")[2] for t in subs)),
            }),
        }),
    }  # fmt: skip


def _source(one: Finding) -> str:
    return next((pointer.source for pointer in one.evidence.pointers), "")


def _subjects(entities: Sequence[Entity]) -> Record:
    """Fill the fields that hold one value from the first entity that fits."""
    mailboxes = named(entities, EntityType.MAILBOX)
    return {
        "host": _first("name", named(entities, EntityType.HOST)),
        "user": _user(next(iter(named(entities, EntityType.USER)), "")),
        "source": _first("ip", _addresses(entities, Role.SOURCE)),
        "destination": _first("ip", _addresses(entities, Role.DESTINATION)),
        "url": _first("full", named(entities, EntityType.URL)),
        "file": _first("path", named(entities, EntityType.FILE)),
        "process": _first("executable", named(entities, EntityType.PROCESS)),
        "email": {"to": {"address": mailboxes}} if mailboxes else {},
    }


def _first(field: str, values: Sequence[object]) -> Record:
    return {field: values[0]} if values else {}


def _user(name: str) -> Record:
    domain, _, account = name.rpartition("\\")
    return without_empty({"name": account, "domain": domain})


def _addresses(entities: Sequence[Entity], role: Role | None = None) -> list[str]:
    """Give addresses that a field of the type `ip` takes."""
    return [one for one in named(entities, EntityType.IP, role=role) if _is_address(one)]


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    return True


def _related(entities: Sequence[Entity]) -> Record:
    return without_empty({
        "ip": _addresses(entities),
        "user": named(entities, EntityType.USER, EntityType.MAILBOX),
        "hosts": named(entities, EntityType.HOST, EntityType.DOMAIN),
        "hash": [one for one in named(entities, EntityType.HASH) if len(one) in _HASHES],
    })  # fmt: skip


def _own(one: Finding, incident: Incident | None) -> Record:
    return without_empty({
        "confidence": round(one.confidence, 3),
        "supporting": one.supporting,
        "incident": {"id": incident.id, "score": incident.score} if incident else None,
        "entities": msgspec.to_builtins(one.entities),
        "because": msgspec.to_builtins(one.because),
        "events": one.evidence.count,
        "pointers": [
            {"source": p.source, "offset": p.offset, "event_uid": p.event_uid, "time": iso(p.time)}
            for p in one.evidence.pointers
        ],
    })  # fmt: skip
