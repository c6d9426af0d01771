"""Findings as SARIF 2.1.0, for programs that show the results of analysers.

A finding is a result; its first record is its location, the others are related locations. A
location is the source and the offset in it: bytes, or the record's number where a format has none.
What could not be read is told as notifications of the run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from trailhound.model.finding import Severity
from trailhound.report.machine import json_text, well_formed, without_empty
from trailhound.text.timestamp import iso

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trailhound.model.finding import Finding, Pointer
    from trailhound.model.result import InputReport, Result
    from trailhound.report.machine import Record

UNNAMED = "unnamed"
SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

_LEVELS = {
    Severity.INFORMATIONAL: "note",
    Severity.LOW: "note",
    Severity.MEDIUM: "warning",
    Severity.HIGH: "error",
    Severity.CRITICAL: "error",
}
_SECURITY = ("0.0", "3.0", "5.5", "8.0", "9.5")
"""What code hosts call `security-severity`: a number between 0 and 10."""


def sarif_document(result: Result) -> Iterator[bytes]:
    """Give one document with one run."""
    rules = list(dict.fromkeys(one.detector.id for one in result.findings))
    first = {one.detector.id: one for one in reversed(result.findings)}
    places = {uid: number for number, uid in enumerate(rules)}
    yield json_text({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": without_empty({
                "name": "Trailhound",
                "version": result.version,
                "rules": [_rule(first[uid]) for uid in rules],
            })},
            "invocations": [_invocation(result)],
            "results": [_result(one, places[one.detector.id]) for one in result.findings],
            "columnKind": "unicodeCodePoints",
        }],
    })  # fmt: skip


def _rule(one: Finding) -> Record:
    """Describe the detector that a finding came from."""
    rule = one.rule
    title = rule.title if rule else one.detector.id
    doubts = "; ".join(rule.falsepositives) if rule else ""
    return without_empty({
        "id": one.detector.id or UNNAMED,
        "name": title,
        "shortDescription": {"text": title or UNNAMED},
        "fullDescription": {"text": rule.description} if rule and rule.description else None,
        "help": {"text": f"Known innocent causes: {doubts}"} if doubts else None,
        "defaultConfiguration": {"level": _LEVELS[one.severity]},
        "properties": without_empty({
            "tags": _tags(one),
            "security-severity": _SECURITY[one.severity],
            "author": rule.author if rule else "",
            "licence": rule.licence if rule else "",
            "references": list(rule.references) if rule else [],
        }),
    })  # fmt: skip


def _tags(one: Finding) -> list[str]:
    """Give tags, each once, as the schema wants."""
    return list(dict.fromkeys([*(one.rule.tags if one.rule else ()), *one.techniques]))


def _result(one: Finding, place: int) -> Record:
    pointers = one.evidence.pointers
    return without_empty({
        "ruleId": one.detector.id or UNNAMED,
        "ruleIndex": place,
        "level": _LEVELS[one.severity],
        "message": {"text": _message(one)},
        "locations": [_location(pointer) for pointer in pointers[:1]],
        "relatedLocations": [
            {"id": number, **_location(pointer)} for number, pointer in enumerate(pointers[1:], 1)
        ],
        "partialFingerprints": {"trailhoundFinding/v1": one.id},
        "occurrenceCount": max(one.evidence.count, 1),
        "rank": round(one.confidence * 100, 1),
        "properties": without_empty({
            "severity": one.severity.word,
            "nature": one.nature.value,
            "supporting": one.supporting,
            "first": iso(one.evidence.first),
            "last": iso(one.evidence.last),
            "techniques": list(one.techniques),
            "entities": [f"{e.type.value} ({e.role.value}): {e.value}" for e in one.entities],
        }),
    })  # fmt: skip


def _message(one: Finding) -> str:
    why = "; ".join(filter(None, (reason.text for reason in one.because)))
    return ". ".join(filter(None, (one.title, why))) or UNNAMED


def _location(pointer: Pointer) -> Record:
    physical = {
        "artifactLocation": {"uri": uri(pointer.source)},
        "region": {"byteOffset": max(pointer.offset, 0)},
    }
    return without_empty({
        "physicalLocation": physical,
        "properties": without_empty({
            "eventUid": pointer.event_uid,
            "time": iso(pointer.time),
            "fields": pointer.fields,
        }),
    })  # fmt: skip


def uri(source: str) -> str:
    """Give a source's name as a relative URI; a byte of a name that is no UTF-8 stays that byte."""
    try:
        raw = source.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        raw = well_formed(source).encode()
    return quote(raw, safe="/!")


def _invocation(result: Result) -> Record:
    lost = [one for one in result.inputs if one.incomplete]
    return without_empty({
        "executionSuccessful": not result.interrupted,
        "toolExecutionNotifications": [_notification(one) for one in lost],
        "toolConfigurationNotifications": _skipped(result),
    })  # fmt: skip


def _notification(one: InputReport) -> Record:
    kinds = ", ".join(f"{kind} ({count})" for kind, count in sorted(one.oddity_counts.items()))
    return {
        "level": "warning",
        "message": {"text": f"{one.source} was not read whole: {kinds or one.status}"},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri(one.source)}}}],
    }


def _skipped(result: Result) -> Sequence[Record]:
    return [
        {
            "level": "note",
            "message": {"text": f"rule not used: {one.file}, line {one.line}: {one.reason}"},
        }
        for one in result.skipped_rules
    ]
