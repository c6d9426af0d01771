"""What would make an incident innocent, and what to do about it now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trailhound.correlate.naming import hosts, listed, outside, people
from trailhound.correlate.score import weight, without
from trailhound.correlate.tactics import TACTICS, tactics_of
from trailhound.model.incident import LOOK_AT, NEEDS_YOU

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from trailhound.model.finding import Finding

MAX_DOUBTS = 3
MAX_ACTIONS = 3

_SAYS_NOTHING = frozenset({
    "unknown", "unlikely", "none", "none known", "none expected", "rare", "n/a", "tbd", "-",
})  # fmt: skip

_SENTENCE_STARTS = frozenset(
    {"A", "An", "The", "People", "Administrators", "Administrator", "Legitimate", "Users", "Some"}
)
"""Capital letters that are there because a sentence starts, not because of a name."""

_URGENCY = (
    "impact", "exfiltration", "command-and-control", "credential-access", "execution",
    "lateral-movement", "persistence", "privilege-escalation", "initial-access",
    "defense-impairment", "defense-evasion", "stealth", "collection", "reconnaissance",
    "resource-development", "discovery",
)  # fmt: skip
"""Whose action comes first: what stops damage goes before what explains it."""


def state(points: int) -> str:
    """Give the words for where a score stands: `needs you`, `to look at`, `weak`."""
    return "needs you" if points >= NEEDS_YOU else "to look at" if points >= LOOK_AT else "weak"


def doubts(findings: Sequence[Finding], strong: Sequence[Finding], points: int) -> list[str]:
    """Say what would make it innocent, and whether the verdict hangs on one witness.

    `findings` are all of the group, `strong` those that ask for a person; `points` is the score.
    """
    causes = [cause for finding in _heaviest(strong) if (cause := _innocent_cause(finding))]
    return [*(_distinct(causes)[:2] or [_purpose(strong)]), *_one_witness(findings, points)]


def _heaviest(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: (-weight(finding), finding.id))


def _innocent_cause(finding: Finding) -> str:
    known = finding.rule.falsepositives if finding.rule else ()
    text = next(
        (text for text in known if text.strip(" .").lower() not in _SAYS_NOTHING), ""
    ).strip()
    first, blank, rest = text.partition(" ")
    return f"{first.lower()}{blank}{rest}" if first in _SENTENCE_STARTS else text


def _distinct(texts: Iterable[str]) -> list[str]:
    """Keep the first of texts that say the same but for case and a final dot."""
    return list({text.lower().rstrip(". "): text.rstrip(". ") for text in texts}.values())


def _purpose(findings: Sequence[Finding]) -> str:
    entities = [entity for finding in findings for entity in finding.entities]
    who, on = people(entities), hosts(entities)
    text = f"{who[0]} did this on purpose" if who else "somebody did this on purpose"
    return f"{text}, or a planned test ran{f' on {on[0]}' if on else ''}"


def _one_witness(findings: Sequence[Finding], points: int) -> list[str]:
    """Name the heaviest finding when the verdict would be another one without it."""
    if len({finding.title for finding in findings}) < 2:
        return []
    heaviest = _heaviest(findings)[0]
    rest = without(findings, heaviest.title)
    if state(rest) == state(points):
        return []
    return [
        f"\u201c{heaviest.title}\u201d is wrong: without it the score is {rest} ({state(rest)})"
    ]


def actions(findings: Sequence[Finding]) -> list[str]:
    """Propose the most urgent actions, each with the names it concerns."""
    named = {tactic for finding in findings for tactic in tactics_of(finding)}
    proposed = [
        _action(tactic, [f for f in findings if tactic in tactics_of(f)])
        for tactic in _URGENCY
        if tactic in named
    ]
    return list(dict.fromkeys(proposed))[:MAX_ACTIONS] or [_look(findings)]


def _action(tactic: str, findings: Sequence[Finding]) -> str:
    names = _names(findings)
    for template in TACTICS[tactic].actions:
        wanted = [key for key in names if f"{{{key}}}" in template]
        if all(names[key] for key in wanted):
            return template.format(**names)
    return TACTICS[tactic].actions[-1]


def _names(findings: Sequence[Finding]) -> dict[str, str]:
    entities = [entity for finding in findings for entity in finding.entities[:12]]
    return {
        "hosts": listed(hosts(entities)),
        "users": listed(people(entities)),
        "addresses": listed(outside(entities)),
    }


def _look(findings: Sequence[Finding]) -> str:
    names = _names(findings)
    about = names["users"] or names["hosts"] or names["addresses"]
    return (
        f"look at the records of {about} and decide" if about else "look at the records and decide"
    )
