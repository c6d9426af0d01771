"""One incident, finding or record in full, for the terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping

from trailhound.model.finding import Finding, Pointer
from trailhound.model.incident import Incident
from trailhound.model.result import Result
from trailhound.text.defang import defang, defang_entity
from trailhound.text.escape import printable
from trailhound.text.timestamp import iso

WIDTH = 80
MAX_RAW = 4_000


def incident_lines(one: Incident, result: Result) -> Iterator[str]:
    """Give an incident: summary, every step, the parts of the score, doubts and actions."""
    yield f"Incident {one.id}  {one.severity.word.upper()} {one.score}"
    yield from _text(one.title)
    yield ""
    yield from _text(one.summary)
    yield ""
    yield "Entities:"
    for entity in one.entities:
        yield f"  {entity.type.value:12} {defang_entity(entity.type, printable(entity.value))}"
    yield "Score:"
    for part in one.parts:
        yield from _text(f"{part.points:5.1f}  {part.name} ({part.text})", indent=2)
    yield "Steps:"
    for step in one.steps:
        yield from _text(f"{_moment(step.time)}  {step.nature.value}  {step.text}  [{step.finding}]", indent=2)
    more = len([f for f in one.findings if f not in {step.finding for step in one.steps}])
    if more:
        yield f"  and {more} supporting or repeated findings"
    if one.doubts:
        yield "Could be wrong if:"
        for doubt in one.doubts:
            yield from _text(doubt, indent=2)
    yield "Do now:"
    for action in one.actions:
        yield from _text(action, indent=2)
    first = next((f for f in result.findings if f.id in one.findings), None)
    if first:
        yield f"Each step in full: trailhound show {first.id}"


def finding_lines(one: Finding, raw: Mapping[str, bytes], *, most: int = 5) -> Iterator[str]:
    """Give a finding: why, who wrote the rule, and the evidence with up to `most` raw records."""
    yield f"Finding {one.id}  {one.severity.word.upper()}  {one.nature.value}  confidence {one.confidence:.2f}"
    yield from _text(one.title)
    if one.rule:
        yield from _text(f"{one.rule.description}")
        author = one.rule.author or "unknown author"
        licence = f", {one.rule.licence}" if one.rule.licence else ""
        yield from _text(f"Rule: {one.rule.id} by {author}{licence}; {one.rule.level}, {one.rule.status}")
    if one.techniques:
        yield f"ATT&CK: {', '.join(one.techniques)}"
    yield "Because:"
    for reason in one.because:
        yield from _text(reason.text or reason.feature, indent=2)
        if reason.value is not None:
            yield from _text(f"here: {reason.value}", indent=6)
    if one.rule and one.rule.falsepositives:
        yield "Known innocent causes:"
        for cause in one.rule.falsepositives:
            yield from _text(cause, indent=2)
    yield "Entities:"
    for entity in one.entities:
        name = defang_entity(entity.type, printable(entity.value))
        yield f"  {entity.type.value:12} {name} ({entity.role.value})"
    evidence = one.evidence
    yield f"Evidence: {evidence.count} events, {_moment(evidence.first)} to {_moment(evidence.last)}"
    for pointer in evidence.pointers[:most]:
        yield from pointer_lines(pointer, raw.get(pointer.event_uid))
    if len(evidence.pointers) > most:
        yield f"  ... {len(evidence.pointers) - most} more kept of {evidence.count} (--format json has all)"


def pointer_lines(pointer: Pointer, raw: bytes | None) -> Iterator[str]:
    """Give one record: where it is, the fields that mattered, and its raw text when it was read."""
    place = f"{printable(pointer.source)} @ {pointer.offset}"
    yield from _text(f"{_moment(pointer.time)}  {place}  [{pointer.event_uid}]", indent=2)
    for name, value in pointer.fields.items():
        yield from _text(f"{name}: {value}", indent=6)
    if raw is not None:
        text = raw[:MAX_RAW].decode("utf-8", "replace")
        yield from _text(f"raw: {text}", indent=6)


def _moment(micros: int | None) -> str:
    return iso(micros)[:19].replace("T", " ") or "no time"


def _text(text: str, indent: int = 0) -> list[str]:
    return textwrap.wrap(
        defang(printable(text)), WIDTH, initial_indent=" " * indent,
        subsequent_indent=" " * (indent + 2), break_on_hyphens=False,
    )  # fmt: skip
