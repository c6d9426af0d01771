"""What is shown first: incidents by score; rules that hit so widely that they are normal here."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import msgspec

from trailhound.correlate import advice
from trailhound.correlate.grouping import groups
from trailhound.correlate.story import incident
from trailhound.model.entity import EntityType
from trailhound.model.finding import Severity
from trailhound.model.incident import LOOK_AT
from trailhound.model.result import Folded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trailhound.model.finding import Finding
    from trailhound.model.incident import Incident

WIDE_SHARE = 0.2
HIGH_SHARE = 0.5
"""A high rule must be twice as common before it counts as normal: a worm is common, too."""

WIDE_HITS = 1_000
FEWEST_HOSTS = 5
"""Below this number of hosts a share says nothing."""

MAX_ABOVE_FOLD = 20
"""A ceiling, not a quota; critical ones are never cut."""


def triage(findings: Sequence[Finding]) -> tuple[list[Incident], list[Folded], list[Finding]]:
    """Give incidents (highest score first), folded rules, and the findings that were not folded."""
    folded = _folded(findings)
    names = {one.detector for one in folded}
    kept = [f for f in findings if f.detector.id not in names or f.severity >= Severity.CRITICAL]
    made = [incident(group) for group in groups(kept)]
    made.sort(key=lambda one: (-one.score, one.start or 0, one.id))
    return [_placed(one, rank) for rank, one in enumerate(_distinct(made))], folded, kept


def _placed(one: Incident, rank: int) -> Incident:
    above = one.score >= LOOK_AT and (rank < MAX_ABOVE_FOLD or one.severity >= Severity.CRITICAL)
    return msgspec.structs.replace(one, above_fold=above)


def _distinct(incidents: Sequence[Incident]) -> list[Incident]:
    """Tell incidents of one host and day apart by a suffix, in their stable order."""
    seen: dict[str, int] = {}
    made = []
    for one in incidents:
        seen[one.id] = seen.get(one.id, 0) + 1
        suffix = f"-{seen[one.id]}" if seen[one.id] > 1 else ""
        made.append(msgspec.structs.replace(one, id=one.id + suffix))
    return made


def state(one: Incident) -> str:
    """Give the words for where an incident stands: `needs you`, `to look at`, `weak`."""
    return advice.state(one.score)


def _folded(findings: Sequence[Finding]) -> list[Folded]:
    hosts = {e.value for f in findings for e in f.entities if e.type is EntityType.HOST}
    hits: dict[str, int] = defaultdict(int)
    on: dict[str, set[str]] = defaultdict(set)
    first: dict[str, Finding] = {}
    for finding in findings:
        name = finding.detector.id
        first.setdefault(name, finding)
        hits[name] += finding.evidence.count
        on[name] |= {e.value for e in finding.entities if e.type is EntityType.HOST}
    made = [
        _fold(first[name], hits[name], len(on[name]), len(hosts))
        for name in first
        if _is_wide(first[name], hits[name], len(on[name]), len(hosts))
    ]
    return sorted(made, key=lambda one: (-one.hits, one.title, one.detector))


def _is_wide(finding: Finding, hits: int, hosts: int, all_hosts: int) -> bool:
    if finding.severity >= Severity.CRITICAL:
        return False
    share, fewest = (WIDE_SHARE, FEWEST_HOSTS)
    if finding.severity >= Severity.HIGH:
        share, fewest = (HIGH_SHARE, 2 * FEWEST_HOSTS)
    return (hosts >= fewest and hosts >= share * all_hosts) or hits > WIDE_HITS


def _fold(finding: Finding, hits: int, hosts: int, all_hosts: int) -> Folded:
    why = f"{hits} hits" + (f" on {hosts} of {all_hosts} hosts" if hosts else "")
    allow = f"trailhound allow add --rule {finding.detector.id} --reason 'normal here'"
    return Folded(finding.title, finding.detector.id, hits, hosts, why, allow)
