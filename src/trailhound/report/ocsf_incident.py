"""An incident as an OCSF 1.8 event: Incident Finding (class 2005)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from trailhound.report.machine import millis, without_empty

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trailhound.model.incident import Incident
    from trailhound.report.machine import Record

NOBODY = {"name": "unassigned"}
"""The schema asks for an assignee; nobody is one yet."""

_PRIORITY = ((1, "Low"), (1, "Low"), (2, "Medium"), (3, "High"), (4, "Critical"))


def incident_finding(one: Incident, members: Sequence[Record], metadata: Record) -> Record:
    """Give one incident; `members` are the `finding_info` of its findings.

    The score has no field of its own without a profile: it is under `unmapped`, with its parts.
    """
    priority, name = _PRIORITY[one.severity]
    told = {
        "score": one.score,
        "nature": one.nature.value,
        "above_fold": one.above_fold,
        "parts": msgspec.to_builtins(one.parts),
        "doubts": list(one.doubts),
        "actions": list(one.actions),
        "findings": list(one.findings),
    }
    return without_empty({
        "activity_id": 1, "activity_name": "Create",
        "category_uid": 2, "category_name": "Findings",
        "class_uid": 2005, "class_name": "Incident Finding",
        "type_uid": 200501, "type_name": "Incident Finding: Create",
        "time": millis(one.start),
        "start_time": None if one.start is None else millis(one.start),
        "end_time": None if one.end is None else millis(one.end),
        "severity_id": one.severity + 1, "severity": one.severity.word.capitalize(),
        "priority_id": priority, "priority": name,
        "status_id": 1, "status": "New",
        "assignee_group": NOBODY,
        "message": one.title,
        "desc": one.summary,
        "metadata": metadata,
        "unmapped": told,
    }) | {"finding_info_list": list(members)}  # fmt: skip
