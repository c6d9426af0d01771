"""From matches to findings: one per rule, who it is about, and day; mergeable over workers.

A rule may match a million rows. Its findings stay small: an exact count, the first and last time,
and a sample of pointers that is the same however the evidence was cut into pieces.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from hashlib import blake2b
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
from trailhound.rules.sigma.explain import Shown, explain
from trailhound.rules.sigma.sample import Place, Placed, Sample, kept

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from trailhound.model.batch import Batch
    from trailhound.rules.sigma.engine import Match
    from trailhound.rules.sigma.rule import SigmaRule

DAY = 86_400_000_000
MAX_ENTITIES = 40
"""Entities a finding names."""

MAX_COUNTED = 500
"""Entities counted for a finding in one worker, to choose those from."""

MAX_KEYS = 1_000
"""Findings of one rule; beyond it the later ones fold into one a day without key entities."""

MAX_SEEN = 10_000
"""Events of a finding that are known one by one, so that none is counted twice."""

MAX_GROWING = 20_000
"""Findings of one rule in one worker, to choose those from."""

CONFIDENCE = {"stable": 0.8, "test": 0.6, "experimental": 0.4}

_NOBODY = frozenset({"system", "local service", "network service", "localsystem", "nobody", "root"})
"""Accounts that every host has: they name nobody, so the host alone is the key."""

Key = tuple[Entity, ...]
Slot = tuple[Key, int]
"""Whom a finding is about, and the start of its day."""


class Partial(msgspec.Struct):
    """What one worker knows of a finding.

    `pointers` are (place, pointer), in order; `seen` are the numbers of the events counted, up to
    `MAX_SEEN`, as 64-bit integers.
    """

    count: int
    first: int
    last: int
    entities: dict[Entity, int]
    pointers: list[Placed]
    because: tuple[Reason, ...]
    because_of: Place
    seen: bytes = b""


@dataclass(slots=True)
class _Growing:
    """A partial in the making."""

    first: int
    last: int
    because: tuple[Reason, ...]
    because_of: Place
    count: int = 0
    entities: dict[Entity, int] = field(default_factory=dict)
    sample: Sample = field(default_factory=Sample)
    seen: set[int] = field(default_factory=set)

    def count_in(self, time: int, entities: Sequence[Entity], number: int) -> None:
        """Count an event, unless it was counted before: logs are collected twice, in two forms."""
        if number in self.seen:
            return
        if len(self.seen) < MAX_SEEN:
            self.seen.add(number)
        self.count += 1
        self.first, self.last = earliest(self.first, time), max(self.last, time)
        counts = self.entities
        for entity in entities:
            known = counts.get(entity)
            if known is not None or len(counts) < MAX_COUNTED:
                counts[entity] = (known or 0) + 1

    def partial(self) -> Partial:
        return Partial(
            self.count, self.first, self.last, self.entities, self.sample.pointers(),
            self.because, self.because_of, array("Q", self.seen).tobytes(),
        )  # fmt: skip


class Collected(msgspec.Struct):
    """All findings in the making: rule index to key and window to partial."""

    rules: dict[int, list[tuple[Key, int, Partial]]] = {}

    @property
    def size(self) -> int:
        """Number of findings in the making."""
        return sum(map(len, self.rules.values()))


class Collector:
    """Takes matches of one worker."""

    def __init__(self, rules: Sequence[SigmaRule]) -> None:
        self._rules = rules
        self._growing: dict[int, dict[Slot, _Growing]] = {}

    @property
    def size(self) -> int:
        """Number of findings in the making."""
        return sum(map(len, self._growing.values()))

    def add(self, batch: Batch, matches: Sequence[Match]) -> None:
        """Fold in the matches of one batch, which holds just the rows that matched."""
        if not matches:
            return
        facts = _Facts(batch)
        for match in matches:
            self._add_match(match, facts)

    def _add_match(self, match: Match, facts: _Facts) -> None:
        slots = self._growing.setdefault(match.rule, {})
        shown = Shown(facts.batch, match.whys, self._rules[match.rule].show)
        for row, why in zip(match.rows, match.whys, strict=True):
            slot, place = facts.slots[row], facts.places[row]
            growing = slots.get(slot)
            if growing is None and len(slots) >= MAX_GROWING:
                slot = ((), slot[1])
                growing = slots.get(slot)
            if growing is None:
                because = explain(facts.batch, row, why)
                growing = slots[slot] = _Growing(place[0], place[0], because, place)
            elif place < growing.because_of:
                growing.because, growing.because_of = explain(facts.batch, row, why), place
            growing.count_in(place[0], facts.entities[row], facts.numbers[row])
            if growing.sample.wants(place):
                growing.sample.add(place, facts.pointer(row, shown.of(row, why)))

    def collected(self) -> Collected:
        """Give what was collected, ready to be merged or sent."""
        return Collected(
            {
                rule: [(*slot, growing.partial()) for slot, growing in slots.items()]
                for rule, slots in self._growing.items()
            }
        )


class _Facts:
    """What findings need to know of each row of a batch, worked out once for all its matches."""

    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        self.entities = row_entities(batch, range(batch.rows))
        times = batch.times().tolist()
        keys = [key_of(entities) for entities in self.entities]
        self.slots: list[Slot] = [
            (key, time // DAY * DAY if time != NO_TIME else 0)
            for key, time in zip(keys, times, strict=True)
        ]
        names = [batch.source_of(row) for row in range(batch.rows)]
        self.places: list[Place] = list(zip(times, names, batch.offsets.tolist(), strict=True))
        self._uids = batch.uids(range(batch.rows))
        self.numbers = list(map(event_number, self._uids, times))

    def pointer(self, row: int, fields: dict[str, str]) -> Pointer:
        time, source, offset = self.places[row]
        return Pointer(source, self._uids[row], offset, _time(time), fields)


def event_number(uid: str, time: int) -> int:
    """Give a short name of an event, the same in every process.

    The time belongs to it: record numbers start again when a log is cleared.
    """
    name = f"{uid}\n{time}".encode("utf-8", "surrogatepass")
    digest = blake2b(name, digest_size=8).digest()
    return int.from_bytes(digest, "little")


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


def merge(parts: Iterable[Collected]) -> dict[tuple[int, Key, int], Partial]:
    """Merge what workers collected; within the limits of one worker, however work was divided."""
    by_rule: dict[int, dict[Slot, Partial]] = {}
    for part in parts:
        for rule, entries in part.rules.items():
            merged = by_rule.setdefault(rule, {})
            for key, window, partial in entries:
                _add(merged, (key, window), partial)
    return {
        (rule, *slot): partial
        for rule, merged in by_rule.items()
        for slot, partial in _folded(merged).items()
    }


def _add(merged: dict[Slot, Partial], slot: Slot, partial: Partial) -> None:
    known = merged.get(slot)
    merged[slot] = _merged(known, partial) if known else partial


def _folded(merged: dict[Slot, Partial]) -> dict[Slot, Partial]:
    """Keep the findings that began first; the rest of each day become one."""
    if len(merged) <= MAX_KEYS:
        return merged
    ordered = sorted(merged.items(), key=lambda item: (item[1].because_of, item[0]))
    kept_ones = dict(ordered[:MAX_KEYS])
    for (_, window), partial in ordered[MAX_KEYS:]:
        _add(kept_ones, ((), window), partial)
    return kept_ones


def _numbers(partial: Partial) -> set[int]:
    numbers = array("Q")
    numbers.frombytes(partial.seen)
    return set(numbers)


def _merged(one: Partial, two: Partial) -> Partial:
    entities = dict(one.entities)
    for entity, count in two.entities.items():
        entities[entity] = entities.get(entity, 0) + count
    early = min(
        (one.because_of, one.because), (two.because_of, two.because), key=lambda pair: pair[0]
    )
    seen, more = _numbers(one), _numbers(two)
    return Partial(
        one.count + two.count - len(seen & more),
        earliest(one.first, two.first),
        max(one.last, two.last),
        entities,
        kept([*one.pointers, *two.pointers]),
        early[1],
        early[0],
        array("Q", sorted(seen | more)[:MAX_SEEN]).tobytes(),
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
