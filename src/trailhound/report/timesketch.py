"""Records behind findings as JSON lines for Timesketch, one event a line, in order of time.

`message`, `datetime` and `timestamp_desc` are what it asks for. The record's own fields follow as
`field_NAME`; a character that is no letter or digit of ASCII becomes `_`, because a dot would nest.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from trailhound.model.entity import EntityType
from trailhound.report.machine import json_line, moment, named, without_empty

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trailhound.model.finding import Finding, Pointer
    from trailhound.model.result import Result
    from trailhound.report.machine import Record

_NO_NAME = re.compile(r"[^A-Za-z0-9]+")


def timesketch_lines(result: Result) -> Iterator[bytes]:
    """Give a line for each kept record of each finding."""
    rows = [(p, f) for f in result.findings for p in f.evidence.pointers]
    rows.sort(key=lambda row: (row[0].time or 0, row[0].source, row[0].offset, row[1].id))
    incidents = {name: one.id for one in reversed(result.incidents) for name in one.findings}
    for pointer, finding in rows:
        yield json_line(_event(pointer, finding, incidents.get(finding.id, "")))


def _event(pointer: Pointer, finding: Finding, incident: str) -> Record:
    known = pointer.time is not None
    return without_empty({
        "message": f"{finding.title} ({finding.severity.word}) in {pointer.source}",
        "datetime": moment(pointer.time),
        "timestamp": pointer.time or 0,
        "timestamp_desc": "Event that a detector matched" if known else "Time unknown",
        "data_type": "trailhound:finding",
        "tag": [finding.severity.word, finding.nature.value, *finding.techniques],
        "title": finding.title,
        "severity": finding.severity.word,
        "confidence": round(finding.confidence, 3),
        "detector": finding.detector.id,
        "finding_id": finding.id,
        "finding_events": finding.evidence.count,
        "incident_id": incident,
        "hostname": "; ".join(named(finding.entities, EntityType.HOST)),
        "username": "; ".join(named(finding.entities, EntityType.USER, EntityType.MAILBOX)),
        "ip": "; ".join(named(finding.entities, EntityType.IP)),
        "because": [reason.text or reason.feature for reason in finding.because],
        "source_file": pointer.source,
        "source_offset": pointer.offset,
        "event_uid": pointer.event_uid,
    }) | _fields(pointer)  # fmt: skip


def _fields(pointer: Pointer) -> Record:
    return {f"field_{_NO_NAME.sub('_', name)}": value for name, value in pointer.fields.items()}
