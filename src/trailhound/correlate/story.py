"""An incident as an analyst would tell it: title, summary, steps, doubts, what to do now."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from trailhound.correlate.advice import actions, doubts
from trailhound.correlate.grouping import SHARED, is_strong, names_somebody, short_user
from trailhound.correlate.naming import PEOPLE, outside, where
from trailhound.correlate.score import score, weight
from trailhound.correlate.tactics import TACTICS, tactics_of
from trailhound.correlate.techniques import phrase
from trailhound.model.entity import EntityType
from trailhound.model.finding import Nature, Severity, finding_id
from trailhound.model.incident import Incident, Step
from trailhound.text.timestamp import iso

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trailhound.model.entity import Entity
    from trailhound.model.finding import Finding

DAY = 86_400_000_000
MINUTE = 60_000_000
MAX_ENTITIES = 30
MAX_STEPS = 40
TITLE_PHRASES = 3

Named = tuple[EntityType, str]


def incident(findings: Sequence[Finding]) -> Incident:
    """Make one incident of a group, which is in order of time."""
    points, parts = score(findings)
    strong = [finding for finding in findings if is_strong(finding)] or list(findings)
    entities = _entities(strong)
    times = [finding.time for finding in findings if finding.time is not None]
    ends = [finding.evidence.last for finding in findings if finding.evidence.last is not None]
    start, end = min(times, default=None), max(ends, default=None)
    natures = {finding.nature for finding in strong}
    return Incident(
        id=finding_id("incident", entities[:2], (start or 0) // DAY * DAY),
        title=_title(strong) + where(entities),
        score=points,
        severity=max((finding.severity for finding in strong), default=Severity.LOW),
        start=start,
        end=end,
        nature=Nature.IOA if Nature.IOA in natures else Nature.IOC,
        entities=tuple(entities[:MAX_ENTITIES]),
        findings=tuple(finding.id for finding in findings),
        summary=_summary(strong, entities, start, end),
        parts=parts,
        steps=tuple(_steps(strong)),
        doubts=tuple(doubts(findings, strong, points)),
        actions=tuple(actions(strong)),
    )


def _entities(findings: Sequence[Finding]) -> list[Entity]:
    """Order entities: hosts and somebody's accounts first, then by how many findings name them.

    SYSTEM and its like name nobody and are left out.
    """
    named: Counter[Named] = Counter()
    first: dict[Named, Entity] = {}
    for finding in findings:
        for entity in {(e.type, e.value): e for e in finding.entities[:12]}.values():
            named[entity.type, entity.value] += 1
            first.setdefault((entity.type, entity.value), entity)
    kept = [key for key in named if _rank(key) <= COMMON] or list(named)
    return [first[key] for key in sorted(kept, key=lambda key: (_rank(key), -named[key], key))]


def _rank(named: Named) -> int:
    """Put accounts that many hosts have behind, and those that stand for nobody last."""
    if named[0] not in PEOPLE:
        return 0 if named[0] is EntityType.HOST else 1
    name = short_user(named[1])
    return 0 if names_somebody(name) else COMMON if name in SHARED else COMMON + 1


COMMON = 2


def _title(findings: Sequence[Finding]) -> str:
    """Say what was done: a single finding by its own title, several by their heaviest steps."""
    heavy = sorted(findings, key=lambda finding: (-weight(finding), finding.id))
    titles = list(dict.fromkeys(finding.title for finding in heavy))
    if len(titles) == 1:
        return titles[0]
    when = {phrase(finding): finding.time or 0 for finding in reversed(heavy)}
    phrases = list(dict.fromkeys(map(phrase, heavy)))[:TITLE_PHRASES]
    if len(phrases) == 1:
        return f"{titles[0]} and {len(titles) - 1} more"
    text = ", ".join(sorted(phrases, key=lambda words: (when[words], words)))
    return f"{text[:1].upper()}{text[1:]}"


def _summary(
    findings: Sequence[Finding], entities: Sequence[Entity], start: int | None, end: int | None
) -> str:
    """State only facts: how much, who, when, first step, last step."""
    detectors = len({finding.detector.id for finding in findings})
    sources = len({p.source for finding in findings for p in finding.evidence.pointers})
    events = sum(finding.evidence.count for finding in findings)
    first = min(findings, key=lambda f: (f.time or 0, -weight(f), f.id))
    last = max(findings, key=lambda f: (f.evidence.last or 0, weight(f), f.id))
    text = f"{_counted(detectors, 'detector')} matched {_counted(events, 'event')}"
    text += f" in {_counted(sources, 'source')} {_period(start, end)}. First: {first.title}."
    if last.title != first.title:
        text += f" Last: {last.title}."
    addresses = outside(entities)[:3]
    return text + (f" Addresses: {', '.join(addresses)}." if addresses else "")


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _period(start: int | None, end: int | None) -> str:
    if start is None:
        return "at an unknown time"
    if end is None or end - start < MINUTE:
        return f"at {_minute(start)} UTC"
    return f"between {_minute(start)} and {_minute(end)} UTC"


def _minute(micros: int) -> str:
    return iso(micros)[:16].replace("T", " ")


def _steps(findings: Sequence[Finding]) -> list[Step]:
    """Give one step per finding in order of time; the same step repeated is told once."""
    steps: list[Step] = []
    told: set[tuple[str, str]] = set()
    for finding in findings:
        host = next((e.value for e in finding.entities if e.type is EntityType.HOST), "")
        if (finding.title, host) in told:
            continue
        told.add((finding.title, host))
        text = _step_text(finding)
        steps.append(Step(finding.time, finding.nature, _kind(finding), text, finding.id))
    return steps[:MAX_STEPS]


def _kind(finding: Finding) -> str:
    tactics = tactics_of(finding)
    return TACTICS[tactics[0]].word if tactics else finding.detector.kind.value


def _step_text(finding: Finding) -> str:
    count = f" ({finding.evidence.count} times)" if finding.evidence.count > 1 else ""
    return f"{finding.title}{count}"
