"""How much a group of findings deserves a person: 0..100, with the parts it is made of.

Findings are witnesses: the score is 100 times the chance that at least one is right, each weighing
by severity and confidence. That holds for witnesses that are independent, so a rule counts once
however often it matches, and of several rules that saw the same records the heaviest counts alone.
It holds for one thing that happened, so the heaviest day counts: a busy administrator's odd moments
of a week do not add up. Steps of several tactics and sources weigh a little more together.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from trailhound.correlate.tactics import tactics_of
from trailhound.model.finding import Severity
from trailhound.model.incident import ScorePart

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from trailhound.model.finding import Finding

WEIGHT = {
    Severity.INFORMATIONAL: 0.01,
    Severity.LOW: 0.04,
    Severity.MEDIUM: 0.22,
    Severity.HIGH: 0.50,
    Severity.CRITICAL: 0.85,
}
CHAIN_POINTS = 3.0
"""Added for each tactic beyond the second and each source beyond the first, at most five times."""

QUARTER = 6 * 3_600_000_000
DAYS_TRIED = 8
"""Days whose score is worked out: those with the heaviest witnesses."""

_SUPPORT_CAP = 0.25
"""Supporting findings never weigh more than this all together."""


def weight(finding: Finding) -> float:
    """Give what one finding weighs, 0..1."""
    return WEIGHT[finding.severity] * (0.5 + 0.5 * finding.confidence)


def score(findings: Sequence[Finding]) -> tuple[int, tuple[ScorePart, ...]]:
    """Give the score of the heaviest day and its parts, the heaviest first, which add up to it."""
    scored = [_score(day) for day in _days(findings)]
    return max(scored, key=lambda one: one[0], default=(0, ()))


def _days(findings: Sequence[Finding]) -> Iterator[list[Finding]]:
    """Give the findings of the days that may be the heaviest; a day may start any six hours."""
    quarters: dict[int, list[Finding]] = defaultdict(list)
    for finding in findings:
        quarters[(finding.time or 0) // QUARTER].append(finding)
    days = [
        [finding for place in range(start, start + 4) for finding in quarters.get(place, ())]
        for start in quarters
    ]
    days.sort(key=lambda day: -sum(map(weight, _distinct(day))))
    yield from days[:DAYS_TRIED]


def _score(findings: Sequence[Finding]) -> tuple[int, tuple[ScorePart, ...]]:
    best = _witnesses(f for f in findings if not f.supporting)
    support = _witnesses(f for f in findings if f.supporting)
    doubt = 1.0
    parts: list[ScorePart] = []
    for finding in best:
        share = doubt * weight(finding)
        doubt -= share
        parts.append(ScorePart(finding.title, round(100 * share, 1), f"{finding.severity.word}"))
    if support:
        share = doubt * min(sum(weight(f) for f in support), _SUPPORT_CAP)
        doubt -= share
        parts.append(_supporting(len(support), share))
    parts += _together(best, 100 * doubt)
    return min(round(sum(part.points for part in parts)), 100), tuple(parts)


def _supporting(count: int, share: float) -> ScorePart:
    name = f"{count} supporting signal{'' if count == 1 else 's'}"
    return ScorePart(name, round(100 * share, 1), "weak")


def _witnesses(findings: Iterable[Finding]) -> list[Finding]:
    """Keep the findings that say something of their own, heaviest first.

    One that only saw records which heavier ones saw, too, says nothing new.
    """
    seen: set[str] = set()
    kept = []
    for finding in _distinct(findings):
        records = {pointer.event_uid for pointer in finding.evidence.pointers}
        if not records or records - seen:
            kept.append(finding)
            seen |= records
    return kept


def _distinct(findings: Iterable[Finding]) -> list[Finding]:
    """Keep the heaviest finding of each title: one rule in two forms is one."""
    best: dict[str, Finding] = {}
    for finding in findings:
        known = best.get(finding.title)
        if known is None or weight(finding) > weight(known):
            best[finding.title] = finding
    return sorted(best.values(), key=lambda f: (-weight(f), f.title, f.id))


def _together(findings: Sequence[Finding], room: float) -> list[ScorePart]:
    tactics = {tactic for finding in findings for tactic in tactics_of(finding)}
    sources = {pointer.source for finding in findings for pointer in finding.evidence.pointers[:5]}
    steps = min(max(len(tactics) - 2, 0) + max(len(sources) - 1, 0), 5)
    points = round(min(steps * CHAIN_POINTS, room * 0.5), 1)
    if len(findings) < 2 or points <= 0:  # one witness has nobody to agree with
        return []
    agree = f"{len(tactics)} tactics, {len(sources)} sources"
    return [ScorePart("steps and sources agree", points, agree)]


def without(findings: Sequence[Finding], title: str) -> int:
    """Give the score as it would be had one witness said nothing."""
    return score([finding for finding in findings if finding.title != title])[0]
