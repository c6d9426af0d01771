"""One incident, finding or record in full, for the terminal. Times are UTC."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, NamedTuple

from trailhound.report.phrases import Moments, shown, shown_entity, wrapped
from trailhound.report.verdict import counted, place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from trailhound.model.entity import Entity
    from trailhound.model.finding import Evidence, Finding, Pointer, Reason, RuleInfo
    from trailhound.model.incident import Incident
    from trailhound.model.result import Result

MAX_RAW = 4_000

_UTC = Moments(UTC)


class RawText(NamedTuple):
    """A raw record, and where it was found in the words before it."""

    text: bytes
    told: str = "raw"


def incident_lines(one: Incident, result: Result) -> Iterator[str]:
    """Give an incident: summary, every step, the parts of the score, doubts and actions."""
    yield f"Incident {shown(one.id)}  {one.severity.word.upper()} {one.score}"
    yield from _text(one.title)
    yield ""
    yield from _text(one.summary)
    yield ""
    yield from _entities(one.entities)
    yield "Score:"
    for part in one.parts:
        yield from wrapped(f"  {part.points:5.1f}  ", shown(f"{part.name} ({part.text})"), indent=9)
    yield "Steps (UTC):"
    places = {finding.id: place(finding.entities) for finding in result.findings}
    for step in one.steps:
        where = places.get(step.finding, "")
        told = f"{where}{': ' if where else ''}{step.text} [{step.finding}]"
        label = f"  {_UTC.full(step.time)}  {step.nature.value}  "
        yield from wrapped(label, shown(told), indent=len(label))
    yield from _named("Could be wrong if:", one.doubts)
    yield from _named("Do now:", one.actions)
    yield from _further(one, result)


def _further(one: Incident, result: Result) -> Iterator[str]:
    more = len(set(one.findings) - {step.finding for step in one.steps})
    if more:
        yield f"  and {more} supporting or repeated findings"
    members = set(one.findings)
    first = next((finding for finding in result.findings if finding.id in members), None)
    if first:
        yield f"Each step in full: trailhound show {shown(first.id)} PATH"


def finding_lines(one: Finding, raw: Mapping[str, RawText], *, most: int = 5) -> Iterator[str]:
    """Give a finding: why, who wrote the rule, and the evidence with up to `most` raw records."""
    judged = f"{one.severity.word.upper()}  {one.nature.value}  confidence {one.confidence:.2f}"
    yield f"Finding {shown(one.id)}  {judged}"
    yield from _text(one.title)
    yield from _rule(one.rule) if one.rule else ()
    if one.techniques:
        yield from wrapped("ATT&CK: ", shown(", ".join(one.techniques)))
    yield from _because(one.because)
    if one.rule:
        yield from _named("Known innocent causes:", one.rule.falsepositives)
    yield from _entities(one.entities)
    yield from _evidence(one.evidence, raw, most)


def _rule(rule: RuleInfo) -> Iterator[str]:
    if rule.description:
        yield from _text(rule.description)
    licence = f", {rule.licence}" if rule.licence else ""
    by = f"by {rule.author or 'unknown author'}{licence}"
    yield from _text(f"Rule: {rule.id} {by}; {rule.level}, {rule.status}")


def _because(reasons: Iterable[Reason]) -> Iterator[str]:
    yield "Because:"
    for reason in reasons:
        yield from _text(reason.text or reason.feature, indent=2)
        for name, value in (
            ("here", reason.value),
            ("usual", reason.usual),
            ("changes at", reason.flips_at),
        ):
            if value is not None:
                yield from _text(f"{name}: {value} {reason.unit or ''}".rstrip(), indent=6)


def _entities(entities: Iterable[Entity]) -> Iterator[str]:
    yield "Entities:"
    for one in entities:
        named = f"{shown_entity(one)} ({one.role.value})"
        yield from wrapped(f"  {one.type.value:12}", named)


def _named(heading: str, texts: Iterable[str]) -> Iterator[str]:
    listed = list(texts)
    if listed:
        yield heading
    for text in listed:
        yield from _text(text, indent=2)


def _evidence(evidence: Evidence, raw: Mapping[str, RawText], most: int) -> Iterator[str]:
    when = f"{_UTC.full(evidence.first)} to {_UTC.full(evidence.last)} UTC"
    yield f"Evidence: {counted(evidence.count, 'event')}, {when}"
    for pointer in evidence.pointers[:most]:
        yield from pointer_lines(pointer, raw.get(pointer.event_uid))
    more = len(evidence.pointers) - most
    if more > 0:
        yield f"  ... {more} more kept of {evidence.count:,} (--format json has all)"


def pointer_lines(pointer: Pointer, raw: RawText | None) -> Iterator[str]:
    """Give one record: where it is, the fields that mattered, its raw text when it was found."""
    where = f"{pointer.source} @ {pointer.offset}"
    yield from _text(f"{_UTC.full(pointer.time)}  {where}  [{pointer.event_uid}]", indent=2)
    for name, value in pointer.fields.items():
        yield from _text(f"{name}: {value}", indent=6)
    if raw is not None:
        text = raw.text.decode("utf-8", "replace")
        yield from _text(f"{raw.told}: {text}", indent=6, most=MAX_RAW)


def _text(text: str, indent: int = 0, most: int = MAX_RAW) -> Iterator[str]:
    return wrapped(" " * indent, shown(text, most))
