"""A result as plain data, in the shape that `docs/schema/result-1.json` fixes.

Times are ISO 8601 in UTC or null. Values are raw: nothing is defanged or escaped for programs.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import msgspec

from trailhound.model.result import SCHEMA
from trailhound.text.timestamp import iso

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trailhound.model.entity import Entity
    from trailhound.model.finding import Finding, Reason, RuleInfo
    from trailhound.model.incident import Incident
    from trailhound.model.result import InputReport, Result


def document(result: Result) -> dict[str, Any]:
    """Give the whole result."""
    return {
        "schema": SCHEMA,
        "version": result.version,
        "tenant": result.tenant,
        "interrupted": result.interrupted,
        "redacted": result.redacted or None,
        "inputs": [input_record(one) for one in result.inputs],
        "incidents": [incident_record(one) for one in result.incidents],
        "findings": [finding_record(one) for one in result.findings],
        "folded": [msgspec.to_builtins(one) for one in result.folded],
        "not_judged": [msgspec.to_builtins(one) for one in result.not_judged],
        "assumed": [msgspec.to_builtins(one) for one in result.assumed],
        "not_read": list(result.not_read),
        "rules_skipped": [msgspec.to_builtins(one) for one in result.skipped_rules],
        "stats": stats_record(result),
    }


def records(result: Result) -> Iterator[dict[str, Any]]:
    """Give the result as records for JSON lines; `record` names the kind of each.

    The last one is `stats`: a stream without it was cut off.
    """
    yield from ({"record": "input", **input_record(one)} for one in result.inputs)
    yield from ({"record": "incident", **incident_record(one)} for one in result.incidents)
    yield from ({"record": "finding", **finding_record(one)} for one in result.findings)
    yield from ({"record": "folded", **msgspec.to_builtins(one)} for one in result.folded)
    yield from ({"record": "not_judged", **msgspec.to_builtins(one)} for one in result.not_judged)
    yield from ({"record": "assumed", **msgspec.to_builtins(one)} for one in result.assumed)
    yield from ({"record": "not_read", "what": what} for what in result.not_read)
    skipped = result.skipped_rules
    yield from ({"record": "rule_skipped", **msgspec.to_builtins(one)} for one in skipped)
    yield {
        "record": "stats",
        "schema": SCHEMA,
        "version": result.version,
        "tenant": result.tenant,
        "interrupted": result.interrupted,
        "redacted": result.redacted or None,
        **stats_record(result),
    }


def input_record(one: InputReport) -> dict[str, Any]:
    """Give one input with its oddities, counted and quoted."""
    return {
        "source": one.source,
        "reader": one.reader or None,
        "status": one.status,
        "events": one.events,
        "bytes": one.bytes,
        "first": _time(one.first),
        "last": _time(one.last),
        "oddities": [
            {
                "kind": o.kind,
                "offset": o.offset,
                "length": o.length,
                "detail": o.detail,
                "lost": o.lost,
            }
            for o in one.oddities
        ],
        "oddity_counts": dict(sorted(one.oddity_counts.items())),
        "incomplete": one.incomplete,
        "known": one.known,
    }


def finding_record(one: Finding) -> dict[str, Any]:
    """Give one finding."""
    return {
        "id": one.id,
        "time": _time(one.time),
        "title": one.title,
        "severity": one.severity.word,
        "nature": one.nature.value,
        "confidence": round(one.confidence, 3),
        "supporting": one.supporting,
        "detector": msgspec.to_builtins(one.detector),
        "rule": _rule(one.rule) if one.rule else None,
        "techniques": list(one.techniques),
        "entities": [_entity(entity) for entity in one.entities],
        "evidence": {
            "count": one.evidence.count,
            "first": _time(one.evidence.first),
            "last": _time(one.evidence.last),
            "pointers": [
                {
                    "source": p.source,
                    "event_uid": p.event_uid,
                    "offset": p.offset,
                    "time": _time(p.time),
                    "fields": p.fields,
                }
                for p in one.evidence.pointers
            ],
        },
        "because": [_reason(reason) for reason in one.because],
        "tenant": one.tenant,
    }


def incident_record(one: Incident) -> dict[str, Any]:
    """Give one incident."""
    return {
        "id": one.id,
        "title": one.title,
        "score": one.score,
        "severity": one.severity.word,
        "nature": one.nature.value,
        "start": _time(one.start),
        "end": _time(one.end),
        "entities": [_entity(entity) for entity in one.entities],
        "findings": list(one.findings),
        "summary": one.summary,
        "above_fold": one.above_fold,
        "parts": [msgspec.to_builtins(part) for part in one.parts],
        "steps": [msgspec.to_builtins(step) | {"time": _time(step.time)} for step in one.steps],
        "doubts": list(one.doubts),
        "actions": list(one.actions),
    }


def stats_record(result: Result) -> dict[str, Any]:
    """Give the counts; durations are not part of a result."""
    counts: dict[str, Any] = msgspec.to_builtins(result.stats)
    return counts | {"first": _time(result.stats.first), "last": _time(result.stats.last)}


def _rule(rule: RuleInfo) -> dict[str, Any]:
    """Give every field of a rule, also the empty ones that the struct leaves out."""
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in msgspec.structs.asdict(rule).items()
    }


def _reason(reason: Reason) -> dict[str, Any]:
    """Give one reason; a number that JSON cannot write (infinite, not a number) is null."""
    plain: dict[str, Any] = msgspec.to_builtins(reason)
    infinite = [k for k, v in plain.items() if isinstance(v, float) and not math.isfinite(v)]
    return plain | dict.fromkeys(infinite)


def _entity(entity: Entity) -> dict[str, str]:
    return {"type": entity.type.value, "value": entity.value, "role": entity.role.value}


def _time(micros: int | None) -> str | None:
    return iso(micros) or None
