"""An incident as an analyst would tell it: title, summary, steps, doubts, what to do now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from trailhound.correlate.grouping import is_strong, names_somebody, short_host, short_user
from trailhound.correlate.score import score, weight, without
from trailhound.correlate.tactics import ORDER, TACTICS, tactics_of
from trailhound.model.entity import Entity, EntityType
from trailhound.model.finding import Finding, Nature, Severity, finding_id
from trailhound.model.incident import Incident, Step
from trailhound.text.timestamp import iso

DAY = 86_400_000_000
MAX_ENTITIES = 30
MAX_STEPS = 40


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
        title=_title(strong, entities),
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
        doubts=tuple(_doubts(findings, strong, points)),
        actions=tuple(_actions(strong, entities)),
    )


def _entities(findings: Sequence[Finding]) -> list[Entity]:
    """Order entities by how many findings name them, hosts and people first."""
    named: Counter[tuple[EntityType, str]] = Counter()
    first: dict[tuple[EntityType, str], Entity] = {}
    for finding in findings:
        for entity in {(e.type, e.value): e for e in finding.entities[:12]}.values():
            named[entity.type, entity.value] += 1
            first.setdefault((entity.type, entity.value), entity)
    people = (EntityType.HOST, EntityType.USER, EntityType.MAILBOX)
    ordered = sorted(named, key=lambda key: (key[0] not in people, -named[key], key))
    return [first[key] for key in ordered]


def _tactics(findings: Iterable[Finding]) -> list[str]:
    return sorted({t for finding in findings for t in tactics_of(finding)}, key=ORDER.__getitem__)


def _title(findings: Sequence[Finding], entities: Sequence[Entity]) -> str:
    """Say what was done and where; a single finding is its own title."""
    where = _where(entities)
    titles = list(dict.fromkeys(f.title for f in sorted(findings, key=lambda f: -weight(f))))
    if len(titles) == 1:
        return f"{titles[0]}{where}"
    heavy = sorted(findings, key=lambda f: -weight(f))[:4]
    words = list(dict.fromkeys(TACTICS[t][0] for t in _tactics(heavy)))
    if len(words) < 2:  # noqa: PLR2004 - one word says less than the heaviest finding
        return f"{titles[0]} and {len(titles) - 1} more{where}"
    text = f"{', '.join(words[:-1])} and {words[-1]}" if len(words) <= 3 else f"{words[0]}, {words[1]}, {words[-1]} and more"  # noqa: PLR2004
    return f"{text[0].upper()}{text[1:]}{where}"


def _where(entities: Sequence[Entity]) -> str:
    hosts = list(dict.fromkeys(short_host(e.value) for e in entities if e.type is EntityType.HOST))
    users = [short_user(e.value) for e in entities if e.type in (EntityType.USER, EntityType.MAILBOX)]
    users = [name for name in dict.fromkeys(users) if names_somebody(name)]
    text = f" on {hosts[0]}" if hosts else ""
    if len(hosts) > 1:
        text += f" and {len(hosts) - 1} other host{'s' if len(hosts) > 2 else ''}"  # noqa: PLR2004
    return text + (f" ({users[0]})" if users else "")


def _summary(
    findings: Sequence[Finding], entities: Sequence[Entity], start: int | None, end: int | None
) -> str:
    """State only facts: how much, who, when, first step, last step."""
    detectors = len({finding.detector.id for finding in findings})
    sources = len({p.source for finding in findings for p in finding.evidence.pointers})
    events = sum(finding.evidence.count for finding in findings)
    first = min(findings, key=lambda f: (f.time or 0, -weight(f)))
    last = max(findings, key=lambda f: (f.evidence.last or 0, weight(f)))
    when = f"between {_minute(start)} and {_minute(end)} UTC" if start and end and end - start >= 60_000_000 else f"at {_minute(start)} UTC" if start else "at an unknown time"  # noqa: E501
    outside = [e.value for e in entities if e.type is EntityType.IP][:3]
    text = f"{detectors} detector{'s' if detectors > 1 else ''} matched {events} event{'s' if events > 1 else ''} in {sources} source{'s' if sources > 1 else ''} {when}."  # noqa: E501
    text += f" First: {first.title}."
    if last.id != first.id:
        text += f" Last: {last.title}."
    return text + (f" Addresses: {', '.join(outside)}." if outside else "")


def _minute(micros: int | None) -> str:
    return iso(micros)[:16].replace("T", " ")


def _steps(findings: Sequence[Finding]) -> list[Step]:
    """One step per finding in order of time; the same step repeated is told once."""
    steps: list[Step] = []
    told: set[tuple[str, str]] = set()
    for finding in findings:
        host = next((e.value for e in finding.entities if e.type is EntityType.HOST), "")
        if (finding.detector.id, host) in told:
            continue
        told.add((finding.detector.id, host))
        steps.append(Step(finding.time, finding.nature, _kind(finding), _step_text(finding), finding.id))
    return steps[:MAX_STEPS]


def _kind(finding: Finding) -> str:
    tactics = tactics_of(finding)
    return tactics[0] if tactics else finding.detector.kind.value


def _step_text(finding: Finding) -> str:
    count = f" ({finding.evidence.count} times)" if finding.evidence.count > 1 else ""
    return f"{finding.title}{count}"


def _doubts(findings: Sequence[Finding], strong: Sequence[Finding], points: int) -> list[str]:
    """Say what would make it innocent, and how much hangs on the heaviest witness."""
    heaviest = max(strong, key=lambda f: (weight(f), f.id))
    doubts = []
    detectors = {finding.detector.id for finding in findings}
    if len(detectors) > 1:
        rest = without(findings, heaviest.detector.id)
        doubts.append(f"without \u201c{heaviest.title}\u201d the score is {rest}, not {points}")
    for finding in sorted(strong, key=lambda f: -weight(f))[:3]:
        known = finding.rule.falsepositives if finding.rule else ()
        doubts += [text for text in known if text.lower() not in ("unknown", "unlikely", "none")][:1]
    return list(dict.fromkeys(doubts))[:3]


def _actions(findings: Sequence[Finding], entities: Sequence[Entity]) -> list[str]:
    """Propose the first action of each tactic seen, the latest tactics first: they hurt most."""
    actions = [TACTICS[tactic][1] for tactic in reversed(_tactics(findings))]
    hosts = [short_host(e.value) for e in entities if e.type is EntityType.HOST][:3]
    text = list(dict.fromkeys(actions))[:3]
    if hosts and text:
        text[0] = f"{text[0]} ({', '.join(hosts)})"
    return text or ["look at the evidence and decide"]
