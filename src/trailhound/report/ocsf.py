"""Findings as OCSF 1.8 events, one a line: Detection Finding (class 2004), then the incidents.

See `ocsf_incident.py` for the incidents. What OCSF has no field for (why, and what would have
changed it) is under `unmapped`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from trailhound.model.entity import EntityType
from trailhound.model.finding import DetectorKind
from trailhound.report.attack import TACTICS, VERSION, placed
from trailhound.report.machine import json_line, millis, named, without_empty
from trailhound.report.ocsf_incident import incident_finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trailhound.model.entity import Entity
    from trailhound.model.finding import Finding, Pointer
    from trailhound.model.result import Result
    from trailhound.report.attack import Technique
    from trailhound.report.machine import Record

SCHEMA_VERSION = "1.8.0"

_ANALYTIC = {
    DetectorKind.RULE: (1, "Rule"),
    DetectorKind.BEHAVIOUR: (2, "Behavioral"),
    DetectorKind.INDICATOR: (9, "Exact Data Match"),
}
_OBSERVABLE = {
    EntityType.HOST: (1, "Hostname"),
    EntityType.IP: (2, "IP Address"),
    EntityType.USER: (4, "User Name"),
    EntityType.MAILBOX: (5, "Email Address"),
    EntityType.URL: (6, "URL String"),
    EntityType.FILE: (45, "File Path"),
    EntityType.HASH: (8, "Hash"),
    EntityType.PROCESS: (9, "Process Name"),
    EntityType.RESOURCE: (10, "Resource UID"),
}
_OTHER = (99, "Other")
_CONFIDENCE = ((0.7, 3, "High"), (0.4, 2, "Medium"), (0.0, 1, "Low"))


def ocsf_lines(result: Result) -> Iterator[bytes]:
    """Give every finding, then every incident."""
    for finding in result.findings:
        yield json_line(detection_finding(finding, result.version))
    known = {one.id: finding_info(one) for one in result.findings}
    for incident in result.incidents:
        members = [known[name] for name in incident.findings if name in known]
        yield json_line(incident_finding(incident, members, metadata(incident.id, result)))


def detection_finding(one: Finding, version: str) -> Record:
    """Give one finding as an event of class 2004."""
    seen = one.evidence
    host = next(iter(named(one.entities, EntityType.HOST)), "")
    return without_empty({
        "activity_id": 1, "activity_name": "Create",
        "category_uid": 2, "category_name": "Findings",
        "class_uid": 2004, "class_name": "Detection Finding",
        "type_uid": 200401, "type_name": "Detection Finding: Create",
        "time": millis(one.time),
        "start_time": _when(seen.first), "end_time": _when(seen.last),
        "severity_id": one.severity + 1, "severity": one.severity.word.capitalize(),
        "status_id": 1, "status": "New",
        **_confidence(one.confidence),
        "count": seen.count,
        "is_alert": not one.supporting,
        "message": one.title,
        "metadata": _metadata(one.id, version, one.tenant),
        "finding_info": finding_info(one),
        "device": {"type_id": 0, "hostname": host} if host else None,
        "evidences": [_evidence(pointer) for pointer in seen.pointers],
        "observables": [_observable(entity) for entity in one.entities],
        "unmapped": {"nature": one.nature.value, "because": msgspec.to_builtins(one.because)},
    })  # fmt: skip


def metadata(uid: str, result: Result) -> Record:
    """Say which product made the event, by which version of the schema."""
    return _metadata(uid, result.version, result.tenant)


def _metadata(uid: str, version: str, tenant: str) -> Record:
    product = {"name": "Trailhound", "vendor_name": "Trailhound", "version": version}
    return without_empty({
        "version": SCHEMA_VERSION, "uid": uid, "tenant_uid": tenant,
        "product": without_empty(product),
    })  # fmt: skip


def finding_info(one: Finding) -> Record:
    """Say what was found, by which rule, and where it stands in ATT&CK."""
    sources = dict.fromkeys(pointer.source for pointer in one.evidence.pointers)
    return without_empty({
        "uid": one.id,
        "title": one.title,
        "desc": one.rule.description if one.rule else "",
        "types": [one.nature.value],
        "first_seen_time": _when(one.evidence.first),
        "last_seen_time": _when(one.evidence.last),
        "analytic": _analytic(one),
        "attacks": [_attack(tactic, technique) for tactic, technique in placed(one)],
        "data_sources": list(sources),
        "related_events_count": one.evidence.count,
    })  # fmt: skip


def _when(micros: int | None) -> int | None:
    return None if micros is None else millis(micros)


def _confidence(share: float) -> Record:
    uid, name = next((uid, name) for least, uid, name in _CONFIDENCE if share >= least)
    return {"confidence_id": uid, "confidence": name, "confidence_score": round(share * 100)}


def _analytic(one: Finding) -> Record:
    uid, kind = _ANALYTIC[one.detector.kind]
    rule = one.rule
    return without_empty({
        "uid": one.detector.id,
        "name": (rule.title if rule else "") or one.detector.id or "unnamed",
        "type_id": uid,
        "type": kind,
        "version": one.detector.version,
        "category": rule.language if rule else "",
    })  # fmt: skip


def _attack(tactic: str, technique: Technique) -> Record:
    uid, name = TACTICS.get(tactic, ("", ""))
    named_technique = {"uid": technique.uid, "name": technique.name, "src_url": technique.url}
    level = "sub_technique" if "." in technique.uid else "technique"
    placed_in = without_empty({"uid": uid, "name": name})
    return without_empty({"version": VERSION, "tactic": placed_in, level: named_technique})


def _evidence(pointer: Pointer) -> Record:
    """Point to one record: `uid` is the event's, `name` the file it was read from."""
    data = {"source": pointer.source, "offset": pointer.offset, "fields": pointer.fields}
    time = _when(pointer.time)
    return {
        "uid": pointer.event_uid,
        "name": pointer.source,
        "data": data | ({} if time is None else {"time": time}),
    }


def _observable(entity: Entity) -> Record:
    uid, kind = _OBSERVABLE.get(entity.type, _OTHER)
    name = f"{entity.type.value}.{entity.role.value}"
    return {"name": name, "type_id": uid, "type": kind, "value": entity.value}
