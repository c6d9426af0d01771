"""From matches to findings: one per rule, who it is about, and day; mergeable over workers.

A rule may match a million rows. Its findings stay small: an exact count, the first and last time,
and a sample of pointers that is the same however the evidence was cut into pieces.
"""

from __future__ import annotations

from bisect import insort
from operator import itemgetter
from typing import TYPE_CHECKING

import msgspec

from trailhound.model.batch import NO_TIME
from trailhound.model.entity import Entity, EntityType, Role
from trailhound.model.finding import (
    Detector,
    DetectorKind,
    Evidence,
    Finding,
    Pointer,
    Reason,
    finding_id,
)
from trailhound.readers.mapping import row_entities
from trailhound.rules.sigma.explain import explain, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from trailhound.model.batch import Batch
    from trailhound.rules.sigma.engine import Match
    from trailhound.rules.sigma.rule import SigmaRule

DAY = 86_400_000_000
MAX_POINTERS = 100
MAX_ENTITIES = 40
MAX_KEYS = 1_000
"""Findings of one rule in one worker; beyond it further ones fold into one without key entities."""

CONFIDENCE = {"stable": 0.8, "test": 0.6, "experimental": 0.4}

_NOBODY = frozenset({"system", "local service", "network service", "localsystem", "nobody", "root"})
"""Accounts that every host has: they name nobody, so the host alone is the key."""

Key = tuple[Entity, ...]
Place = tuple[int, str, int]
"""(time, source, offset): the order in which evidence is preferred."""


class Partial(msgspec.Struct):
    """A finding in the making. `pointers` are (place, pointer), in order."""

    count: int
    first: int
    last: int
    entities: dict[Entity, int]
    pointers: list[tuple[Place, Pointer]]
    because: tuple[Reason, ...]
    because_of: Place


class Collected(msgspec.Struct):
    """All findings in the making: rule index to key and window to partial."""

    rules: dict[int, list[tuple[Key, int, Partial]]] = {}


class Collector:
    """Takes matches of one worker."""

    def __init__(self, rules: Sequence[SigmaRule]) -> None:
        self._rules = rules
        self._partials: dict[int, dict[tuple[Key, int], Partial]] = {}

    def add(self, batch: Batch, matches: Sequence[Match]) -> None:
        """Fold in the matches of one batch, which holds just the rows that matched."""
        if not matches:
            return
        entities = row_entities(batch, range(batch.rows))
        times = batch.times().tolist()
        uids = _Uids(batch)
        for match in matches:
            self._add_match(batch, match, entities, times, uids)

    def _add_match(
        self,
        batch: Batch,
        match: Match,
        entities: dict[int, list[Entity]],
        times: list[int],
        uids: _Uids,
    ) -> None:
        rule = self._rules[match.rule]
        partials = self._partials.setdefault(match.rule, {})
        for row in match.rows:
            time = times[row]
            key = key_of(entities[row])
            window = (time // DAY) * DAY if time != NO_TIME else 0
            partial = partials.get((key, window))
            if partial is None and len(partials) >= MAX_KEYS:
                key = ()
                partial = partials.get((key, window))
            place = (time, batch.source_of(row), int(batch.offsets[row]))
            if partial is None:
                because = explain(batch, row, match.predicates)
                partial = partials[key, window] = Partial(0, time, time, {}, [], because, place)
            partial.count += 1
            partial.first, partial.last = earliest(partial.first, time), max(partial.last, time)
            for entity in entities[row]:
                if entity in partial.entities or len(partial.entities) < MAX_ENTITIES:
                    partial.entities[entity] = partial.entities.get(entity, 0) + 1
            if wanted(partial.pointers, place):
                fields = shown(batch, row, match.predicates, rule.show)
                pointer = Pointer(
                    place[1], uids.of(row), place[2], None if time == NO_TIME else time, fields
                )
                insert(partial.pointers, (place, pointer))
                if place < partial.because_of:
                    partial.because, partial.because_of = (
                        explain(batch, row, match.predicates),
                        place,
                    )

    def collected(self) -> Collected:
        """Give what was collected, ready to be merged or sent."""
        return Collected(
            {
                rule: [(key, window, partial) for (key, window), partial in partials.items()]
                for rule, partials in self._partials.items()
            }
        )


class _Uids:
    """Computes identities once per row and batch."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._known: dict[int, str] = {}

    def of(self, row: int) -> str:
        if row not in self._known:
            self._known[row] = self._batch.uids([row])[0]
        return self._known[row]


def key_of(entities: Sequence[Entity]) -> Key:
    """Choose whom a finding is about: the host and the real user on it, else an address."""
    host = next((e for e in entities if e.type is EntityType.HOST), None)
    user = next(
        (e for e in entities if e.type in (EntityType.USER, EntityType.MAILBOX) and _real(e)), None
    )
    chosen = [e for e in (host, user) if e is not None]
    if not chosen:
        chosen = [e for e in entities if e.type is EntityType.IP][:1] or list(entities[:1])
    return tuple(Entity(e.type, e.value, Role.RELATED) for e in chosen)


def _real(user: Entity) -> bool:
    name = user.value
    return not (
        name in _NOBODY or name.endswith("$") or name.startswith(("dwm-", "umfd-", "s-1-5-"))
    )


def earliest(first: int, second: int) -> int:
    """Give the earlier of two times, one of which may be NO_TIME."""
    return max(first, second) if NO_TIME in (first, second) else min(first, second)


def wanted(pointers: Sequence[tuple[Place, Pointer]], place: Place) -> bool:
    """Tell whether a pointer would be kept: there is room, it is earlier, or its source is new."""
    if len(pointers) < MAX_POINTERS or place < pointers[-1][0]:
        return True
    sources = {known[1] for known, _ in pointers}
    return place[1] not in sources and len(sources) < MAX_POINTERS


def insert(pointers: list[tuple[Place, Pointer]], pair: tuple[Place, Pointer]) -> None:
    """Add a wanted pointer in its place; the sample is cut only when it is full."""
    insort(pointers, pair, key=itemgetter(0))
    if len(pointers) > MAX_POINTERS:
        pointers[:] = kept(pointers)


def kept(pointers: Iterable[tuple[Place, Pointer]]) -> list[tuple[Place, Pointer]]:
    """Keep the earliest pointers and at least one of each source."""
    ordered = sorted(pointers, key=lambda pair: pair[0])
    if len(ordered) <= MAX_POINTERS:
        return ordered
    seen: set[str] = set()
    firsts = [pair for pair in ordered if not (pair[0][1] in seen or seen.add(pair[0][1]))]  # type: ignore[func-returns-value]
    chosen = firsts[:MAX_POINTERS]
    names = {id(pair) for pair in chosen}
    rest = [pair for pair in ordered if id(pair) not in names]
    return sorted(chosen + rest[: MAX_POINTERS - len(chosen)], key=lambda pair: pair[0])


def merge(parts: Iterable[Collected]) -> dict[tuple[int, Key, int], Partial]:
    """Merge what workers collected; the result does not depend on how work was divided."""
    merged: dict[tuple[int, Key, int], Partial] = {}
    for part in parts:
        for rule, entries in part.rules.items():
            for key, window, partial in entries:
                known = merged.get((rule, key, window))
                merged[rule, key, window] = _merged(known, partial) if known else partial
    return merged


def _merged(one: Partial, two: Partial) -> Partial:
    entities = dict(one.entities)
    for entity, count in two.entities.items():
        entities[entity] = entities.get(entity, 0) + count
    early = min(
        (one.because_of, one.because), (two.because_of, two.because), key=lambda pair: pair[0]
    )
    return Partial(
        one.count + two.count,
        earliest(one.first, two.first),
        max(one.last, two.last),
        entities,
        kept([*one.pointers, *two.pointers]),
        early[1],
        early[0],
    )


def findings(
    rules: Sequence[SigmaRule], merged: dict[tuple[int, Key, int], Partial], tenant: str = ""
) -> list[Finding]:
    """Turn merged partials into findings, ordered by time and id."""
    made = [
        _finding(rules[n], key, window, partial, tenant)
        for (n, key, window), partial in merged.items()
    ]
    return sorted(made, key=lambda finding: (finding.time or 0, finding.id))


def _finding(rule: SigmaRule, key: Key, window: int, partial: Partial, tenant: str) -> Finding:
    return Finding(
        id=finding_id(rule.info.id, key, window),
        time=_time(partial.first),
        title=rule.info.title,
        severity=rule.severity,
        nature=rule.nature,
        confidence=CONFIDENCE.get(rule.info.status, 0.5),
        detector=Detector(DetectorKind.RULE, rule.info.id),
        entities=ordered_entities(key, partial.entities),
        evidence=Evidence(
            partial.count,
            _time(partial.first),
            _time(partial.last),
            tuple(pointer for _, pointer in partial.pointers),
        ),
        because=partial.because,
        techniques=rule.techniques,
        rule=rule.info,
        tenant=tenant,
        supporting=rule.support_only,
    )


def ordered_entities(key: Key, counted: dict[Entity, int]) -> tuple[Entity, ...]:
    """Order entities: whom it is about first, then the most frequent."""
    about = {(e.type, e.value) for e in key}
    ordered = sorted(
        counted,
        key=lambda e: ((e.type, e.value) not in about, -counted[e], e.type, e.value, e.role),
    )
    return tuple(ordered[:MAX_ENTITIES]) or key


def _time(micros: int) -> int | None:
    return None if micros == NO_TIME else micros
