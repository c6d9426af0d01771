"""Which findings belong together: the same host or the same person, no more than a day apart.

A person's account for administration (`adm-a.meyer`) is the same person. An outside address links
nothing: the offices and the provider of a whole company share one, so it would join the innocent.

Only findings that could ask for a person by themselves link others. Supporting ones join a group
that is already there; two groups never become one because of a weak signal on a busy server.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from trailhound.model.entity import EntityType
from trailhound.model.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from trailhound.model.entity import Entity
    from trailhound.model.finding import Finding

DAY = 86_400_000_000

SHARED = frozenset({"root", "administrator", "admin", "guest", "ubuntu", "ec2-user"})
"""Accounts that many hosts have and anybody may use: worth naming, but no link between hosts."""

_ADMINISTRATION = re.compile(
    r"adm(?:in)?[-_.](?P<behind>\w[\w.-]{2,})|(?P<before>[\w.-]{2,}\w)[-_.]adm(?:in)?"
)
"""How organisations name a second account: `adm-a.meyer`, `admin_meyer`, `a.meyer-adm`."""

_NOBODY = frozenset({"system", "localsystem", "local service", "network service", "nobody", "-"})
_NOBODY_STARTS = ("s-1-", "dwm-", "umfd-")
_LINKING = (EntityType.HOST, EntityType.USER, EntityType.MAILBOX)


def is_strong(finding: Finding) -> bool:
    """Tell whether a finding may ask for a person by itself."""
    return finding.severity >= Severity.MEDIUM and not finding.supporting


def link_keys(finding: Finding) -> list[str]:
    """Give what links a finding to others: its hosts and people, by short name."""
    keys = [key for entity in finding.entities[:8] if (key := _link_key(entity))]
    return list(dict.fromkeys(keys))


def _link_key(entity: Entity) -> str:
    if entity.type not in _LINKING:
        return ""
    if entity.type is EntityType.HOST:
        return f"host:{short_host(entity.value)}"
    name = person(short_user(entity.value))
    return f"user:{name}" if names_somebody(name) else ""


def person(account: str) -> str:
    """Give the person's own account for one that is theirs for administration."""
    match = _ADMINISTRATION.fullmatch(account)
    return (match["behind"] or match["before"]) if match else account


def names_somebody(name: str) -> bool:
    """Tell whether an account name is one person's, not one that every host has."""
    return not (
        name in SHARED or name in _NOBODY or name.endswith("$") or name.startswith(_NOBODY_STARTS)
    )


def short_host(name: str) -> str:
    """Give a host's first label; addresses stay whole."""
    return name if name.replace(".", "").isdigit() or ":" in name else name.partition(".")[0]


def short_user(name: str) -> str:
    r"""Give the account alone: `ACME\a.meyer` and `a.meyer@acme.example` are one person."""
    return name.rpartition("\\")[2].partition("@")[0]


def groups(findings: Sequence[Finding]) -> list[list[Finding]]:
    """Group findings; each is in exactly one group, groups and members in order of time."""
    strong = [finding for finding in findings if is_strong(finding)]
    weak = [finding for finding in findings if not is_strong(finding)]
    parent = list(range(len(strong)))
    for members in _by_key(strong).values():
        for one, two in _neighbours(members, strong):
            _union(parent, one, two)
    grouped: dict[int, list[Finding]] = {}
    for place, finding in enumerate(strong):
        grouped.setdefault(_root(parent, place), []).append(finding)
    _join_weak(grouped, weak)
    ordered = [sorted(group, key=_when) for group in grouped.values()]
    return sorted(ordered, key=lambda group: (_when(group[0]), group[0].id))


def _when(finding: Finding) -> tuple[int, str]:
    return finding.time or 0, finding.id


def _by_key(findings: Sequence[Finding]) -> dict[str, list[int]]:
    by_key: dict[str, list[int]] = {}
    for place, finding in enumerate(findings):
        for key in link_keys(finding) or [f"alone:{finding.id}"]:
            by_key.setdefault(key, []).append(place)
    return by_key


def _neighbours(members: Sequence[int], findings: Sequence[Finding]) -> Iterable[tuple[int, int]]:
    """Give pairs next to each other in time and at most a day apart."""
    ordered = sorted(members, key=lambda place: _when(findings[place]))
    for one, two in pairwise(ordered):
        end = findings[one].evidence.last or findings[one].time or 0
        if (findings[two].time or 0) - end <= DAY:
            yield one, two


def _root(parent: list[int], place: int) -> int:
    while parent[place] != place:
        parent[place] = parent[parent[place]]
        place = parent[place]
    return place


def _union(parent: list[int], one: int, two: int) -> None:
    first, second = sorted((_root(parent, one), _root(parent, two)))
    parent[second] = first


def _join_weak(grouped: dict[int, list[Finding]], weak: Sequence[Finding]) -> None:
    """Put each weak finding into the first group near it in time, else with its like."""
    spans = {number: _span(group) for number, group in grouped.items()}
    places = _places(grouped)
    next_free = max(spans, default=-1) + 1
    alone: dict[str, int] = {}
    for finding in weak:
        keys = link_keys(finding)
        near = [n for key in keys for n in places.get(key, ()) if _near(finding, spans[n])]
        if near:
            grouped[min(near)].append(finding)
            continue
        number = alone.setdefault(keys[0] if keys else finding.id, next_free + len(alone))
        grouped.setdefault(number, []).append(finding)


def _places(grouped: dict[int, list[Finding]]) -> dict[str, list[int]]:
    """Give for each linking key the groups that have it."""
    places: dict[str, list[int]] = {}
    for number, group in grouped.items():
        for key in {key for finding in group for key in link_keys(finding)}:
            places.setdefault(key, []).append(number)
    return places


def _span(group: Sequence[Finding]) -> tuple[int, int]:
    return min(_when(f)[0] for f in group), max(f.evidence.last or f.time or 0 for f in group)


def _near(finding: Finding, span: tuple[int, int]) -> bool:
    time = finding.time or 0
    return span[0] - DAY <= time <= span[1] + DAY
