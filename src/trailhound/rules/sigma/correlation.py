"""Correlations: several matches of rules, together in time, say more than each.

The matches of the rules a correlation names are kept as small records (`Occurrence`) while batches
pass, in whatever order and worker; afterwards each correlation looks at its records sorted by time.
Overlapping windows of one group that fulfil the condition are one firing. A correlation may name
correlations: a firing is an occurrence, at the time of its last record.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter, deque
from fractions import Fraction
from math import isnan, nan
from typing import TYPE_CHECKING

import msgspec

from trailhound.model.batch import NO_TIME
from trailhound.model.entity import Entity
from trailhound.model.errors import RuleError, Where
from trailhound.model.finding import Pointer
from trailhound.readers.mapping import row_entities
from trailhound.rules.sigma.condition import frozen, holds
from trailhound.rules.sigma.explain import Shown, as_shown
from trailhound.rules.sigma.logsource import bindings
from trailhound.rules.sigma.rule import CorrelationType

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from trailhound.model.batch import Batch
    from trailhound.rules.sigma.engine import Match
    from trailhound.rules.sigma.plan import Why
    from trailhound.rules.sigma.rule import Correlation, SigmaRule

MAX_OCCURRENCES = 2_000_000
"""Records kept over all rules in one worker: beyond it correlations are incomplete, and say so."""
MAX_EVIDENCE = 100
MAX_NUMBER = 1e30
"""Larger numbers are made to overflow a sum, not measured."""

Group = tuple[str, ...]


class Occurrence(msgspec.Struct, array_like=True, gc=False):
    """One match of a rule some correlation names. `values` are native field values by name."""

    time: int
    source: str
    offset: int
    uid: str
    values: dict[str, str]
    shown: dict[str, str]
    entities: tuple[Entity, ...]


class Firing(msgspec.Struct):
    """One time a correlation held: its group, the records of the window, the deciding number."""

    group: Group
    occurrences: list[tuple[str, Occurrence]]
    """(rule reference, record), by time; at most the last `MAX_EVIDENCE` of them."""
    count: int
    first: int
    last: int
    value: float


class Watcher:
    """Keeps the matches that correlations need; one per worker."""

    def __init__(self, rules: Sequence[SigmaRule], fields: Mapping[int, frozenset[str]]) -> None:
        self._rules = rules
        self._fields = fields
        self._room = MAX_OCCURRENCES
        self.found: dict[int, list[Occurrence]] = {}
        self.incomplete = False

    def add(self, batch: Batch, matches: Iterable[Match]) -> None:
        """Take the matches of one batch."""
        chosen = [match for match in matches if match.rule in self._fields]
        if not chosen:
            return
        times = batch.times().tolist()
        for match in chosen:
            pairs = zip(match.rows, match.whys, strict=True)
            timed = [(row, why) for row, why in pairs if times[row] != NO_TIME][: self._room]
            self.incomplete = self.incomplete or len(timed) < len(match.rows)
            self._room -= len(timed)
            self.found.setdefault(match.rule, []).extend(
                self._occurrences(batch, match.rule, timed, times)
            )

    def _occurrences(
        self, batch: Batch, number: int, timed: list[tuple[int, Why]], times: list[int]
    ) -> Iterator[Occurrence]:
        rule = self._rules[number]
        rows = [row for row, _ in timed]
        native = _native(rule, batch, self._fields[number])
        columns = batch.columns(tuple(set(native.values())))
        shown = Shown(batch, [why for _, why in timed], rule.show)
        facts = zip(timed, batch.uids(rows), row_entities(batch, rows), strict=True)
        for (row, why), uid, entities in facts:
            values = {
                field: str(value)
                for field, name in native.items()
                if (value := as_shown(columns[name][row])) not in (None, "")
            }
            fields = shown.of(row, why) | values
            yield Occurrence(
                times[row],
                batch.source_of(row),
                int(batch.offsets[row]),
                uid,
                values,
                fields,
                entities,
            )


def needed_fields(
    rules: Sequence[SigmaRule], correlations: Sequence[Correlation]
) -> dict[int, frozenset[str]]:
    """Give, per rule (by position), the fields that correlations group by or look at."""
    places = _places(rules) if correlations else {}
    needed: dict[int, set[str]] = {}
    for correlation in correlations:
        fields = {*correlation.group_by, *correlation.fields}
        for reference in correlation.rules:
            for place in places.get(reference, ()):
                wanted = {_alias(correlation, reference, field) for field in fields}
                needed.setdefault(place, set()).update(wanted)
    return {place: frozenset(fields) for place, fields in needed.items()}


def _places(rules: Sequence[SigmaRule]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for place, rule in enumerate(rules):
        for reference in {rule.info.id, rule.name} - {""}:
            places.setdefault(reference, []).append(place)
    return places


def _alias(correlation: Correlation, reference: str, field: str) -> str:
    return correlation.aliases.get(field, {}).get(reference, field)


def _native(rule: SigmaRule, batch: Batch, fields: Iterable[str]) -> dict[str, str]:
    for binding in bindings(rule.logsource):
        if binding.kind == batch.kind and binding.fits(batch.route):
            return {field: binding.fields.get(field, field) for field in fields}
    return {field: field for field in fields}


def order(
    rules: Sequence[SigmaRule], correlations: Sequence[Correlation]
) -> tuple[list[Correlation], list[RuleError]]:
    """Sort correlations so that each comes after those it names; bad references become errors."""
    known = set(_places(rules))
    waiting = list(correlations)
    ordered: list[Correlation] = []
    while waiting:
        ready = [c for c in waiting if all(reference in known for reference in c.rules)]
        if not ready:
            break
        ordered += ready
        known |= {name for c in ready for name in (c.info.id, c.name) if name}
        waiting = [c for c in waiting if c not in ready]
    return ordered, [_unresolved(correlation, known) for correlation in waiting]


def _unresolved(correlation: Correlation, known: set[str]) -> RuleError:
    missing = next(reference for reference in correlation.rules if reference not in known)
    return RuleError(
        f"the correlation names {missing!r}, which is no usable rule (or the two name each other)",
        where=Where(correlation.info.source, correlation.line),
    )


def evaluate(
    rules: Sequence[SigmaRule],
    correlations: Sequence[Correlation],
    found: Mapping[int, Sequence[Occurrence]],
) -> dict[int, list[Firing]]:
    """Evaluate ordered correlations; gives the firings by their position."""
    occurrences: dict[str, list[Occurrence]] = {}
    for reference, places in _places(rules).items():
        occurrences[reference] = [one for place in places for one in _once(found.get(place, ()))]
    fired: dict[int, list[Firing]] = {}
    for position, correlation in enumerate(correlations):
        fired[position] = list(_fire(correlation, occurrences))
        as_occurrences = [_as_occurrence(correlation, firing) for firing in fired[position]]
        for name in {correlation.info.id, correlation.name} - {""}:
            occurrences[name] = as_occurrences
    return fired


def _once(found: Sequence[Occurrence]) -> list[Occurrence]:
    """Keep each event once: logs are collected twice, in two forms; the first place stays."""
    ordered = sorted(found, key=lambda one: (one.time, one.source, one.offset), reverse=True)
    return list({(one.uid, one.time): one for one in ordered}.values())


def _fire(
    correlation: Correlation, occurrences: Mapping[str, Sequence[Occurrence]]
) -> Iterator[Firing]:
    groups: dict[Group, list[tuple[str, Occurrence]]] = {}
    for reference in dict.fromkeys(correlation.rules):
        names = [_alias(correlation, reference, field) for field in correlation.group_by]
        for one in occurrences.get(reference, ()):
            group = tuple(one.values.get(name, "") for name in names)
            if "" not in group:  # a record without a group value belongs to no group
                folded = tuple(value.lower() for value in group)
                groups.setdefault(folded, []).append((reference, one))
    for records in groups.values():
        records.sort(key=lambda pair: (pair[1].time, pair[1].source, pair[1].offset))
        shown_group = tuple(
            records[0][1].values.get(_alias(correlation, records[0][0], field), "")
            for field in correlation.group_by
        )
        upper = not _LASTING.issuperset(op for op, _ in correlation.bounds)
        yield from (_complete if upper else _episodes)(correlation, shown_group, records)


_LASTING = frozenset({"gt", "gte"})
"""Bounds that a window which fulfils them does not lose by further records."""


def _complete(
    correlation: Correlation, group: Group, records: list[tuple[str, Occurrence]]
) -> Iterator[Firing]:
    """Judge whole windows: "fewer than five" cannot be told before a window is over.

    A window starts with the first record after the one before it, and is judged as it stands when
    the evidence ends in it.
    """
    rest = deque(records)
    while rest:
        window: list[tuple[str, Occurrence]] = []
        measure = _MEASURES[correlation.type](correlation)
        holds = False
        end = rest[0][1].time + correlation.timespan
        while rest and rest[0][1].time < end:
            window.append(rest.popleft())
            measure.add(*window[-1])
            holds = holds or measure.holds()
        value = measure.value()
        if holds and _within(value, correlation.bounds):
            first, last = window[0][1].time, window[-1][1].time
            yield Firing(group, window[-MAX_EVIDENCE:], len(window), first, last, value)


def _episodes(
    correlation: Correlation, group: Group, records: list[tuple[str, Occurrence]]
) -> Iterator[Firing]:
    """Slide the window over one group; join the windows that fire and overlap."""
    window: deque[tuple[str, Occurrence]] = deque()
    measure = _MEASURES[correlation.type](correlation)
    current: Firing | None = None
    for record in records:
        window.append(record)
        measure.add(*record)
        while window[0][1].time <= record[1].time - correlation.timespan:
            measure.remove(*window.popleft())
        value = measure.value()
        if not _within(value, correlation.bounds) or not measure.holds():
            continue
        first = window[0][1].time
        if current is not None and first <= current.last:
            _extend(current, record, value)
        else:
            if current is not None:
                yield current
            kept = list(window)[-MAX_EVIDENCE:]
            current = Firing(group, kept, len(window), first, record[1].time, value)
    if current is not None:
        yield current


def _extend(firing: Firing, record: tuple[str, Occurrence], value: float) -> None:
    """Add the records since the last fulfilled window; the number shown is the largest."""
    firing.occurrences.append(record)
    if len(firing.occurrences) > MAX_EVIDENCE:
        del firing.occurrences[MAX_EVIDENCE // 2]  # keep the start and the end of the episode
    firing.count += 1
    firing.last = record[1].time
    firing.value = max(firing.value, value)


_BOUND_TESTS: dict[str, Callable[[float, float], bool]] = {
    "gt": lambda value, bound: value > bound,
    "gte": lambda value, bound: value >= bound,
    "lt": lambda value, bound: value < bound,
    "lte": lambda value, bound: value <= bound,
    "eq": lambda value, bound: value == bound,
    "neq": lambda value, bound: value != bound,
}


def _within(value: float, bounds: Sequence[tuple[str, float]]) -> bool:
    """Tell whether a value fulfils all bounds; no value (nan) fulfils none, not even `neq`."""
    return not (bounds and isnan(value)) and all(_BOUND_TESTS[op](value, b) for op, b in bounds)


class _Measure:
    """What a window is worth. The number of records is the plainest one."""

    def __init__(self, correlation: Correlation) -> None:
        self._correlation = correlation
        self._count = 0

    def add(self, reference: str, record: Occurrence) -> None:
        del reference, record
        self._count += 1

    def remove(self, reference: str, record: Occurrence) -> None:
        del reference, record
        self._count -= 1

    def value(self) -> float:
        return float(self._count)

    def holds(self) -> bool:
        """Tell whether the window fulfils what no number says (all rules there, in order)."""
        return True

    def field(self, reference: str, record: Occurrence) -> str | None:
        """Give the record's value of the field the condition names."""
        return record.values.get(_alias(self._correlation, reference, self._correlation.fields[0]))


class _Distinct(_Measure):
    """Number of different values of the field, or combinations of the fields.

    A record that lacks one of them is not counted.
    """

    def __init__(self, correlation: Correlation) -> None:
        super().__init__(correlation)
        self._values: Counter[tuple[str, ...]] = Counter()

    def add(self, reference: str, record: Occurrence) -> None:
        value = self._value(reference, record)
        if value is not None:
            self._values[value] += 1

    def remove(self, reference: str, record: Occurrence) -> None:
        value = self._value(reference, record)
        if value is not None:
            self._values[value] -= 1
            if not self._values[value]:
                del self._values[value]

    def value(self) -> float:
        return float(len(self._values))

    def _value(self, reference: str, record: Occurrence) -> tuple[str, ...] | None:
        names = [_alias(self._correlation, reference, name) for name in self._correlation.fields]
        values = [value.lower() for name in names if (value := record.values.get(name)) is not None]
        return tuple(values) if len(values) == len(names) else None


class _Sum(_Measure):
    """The sum of the field, exact and kept up to date: a window may hold a million records."""

    def __init__(self, correlation: Correlation) -> None:
        super().__init__(correlation)
        self._total = Fraction()

    def add(self, reference: str, record: Occurrence) -> None:
        number = _number(self.field(reference, record))
        if number is not None:
            self._total += Fraction(number)
            self._count += 1

    def remove(self, reference: str, record: Occurrence) -> None:
        number = _number(self.field(reference, record))
        if number is not None:
            self._total -= Fraction(number)
            self._count -= 1

    def value(self) -> float:
        return float(self._total) if self._count else nan


class _Average(_Sum):
    """The mean of the field."""

    def value(self) -> float:
        return float(self._total / self._count) if self._count else nan


class _Percentile(_Measure):
    """The percentile of the field, between the nearest two numbers by linear interpolation."""

    def __init__(self, correlation: Correlation) -> None:
        super().__init__(correlation)
        self._numbers: list[float] = []

    def add(self, reference: str, record: Occurrence) -> None:
        number = _number(self.field(reference, record))
        if number is not None:
            insort(self._numbers, number)

    def remove(self, reference: str, record: Occurrence) -> None:
        number = _number(self.field(reference, record))
        if number is not None:
            del self._numbers[bisect_left(self._numbers, number)]

    def value(self) -> float:
        numbers = self._numbers
        if not numbers:
            return nan
        place = self._correlation.percentile / 100 * (len(numbers) - 1)
        low = int(place)
        high = min(low + 1, len(numbers) - 1)
        return numbers[low] + (numbers[high] - numbers[low]) * (place - low)


class _Temporal(_Measure):
    """Number of different rules in the window; all of them, or what the expression asks."""

    def __init__(self, correlation: Correlation) -> None:
        super().__init__(correlation)
        self._rules: Counter[str] = Counter()
        self._asked = correlation.expression and frozen(correlation.expression)

    def add(self, reference: str, record: Occurrence) -> None:
        del record
        self._rules[reference] += 1

    def remove(self, reference: str, record: Occurrence) -> None:
        del record
        self._rules[reference] -= 1

    def value(self) -> float:
        return float(sum(count > 0 for count in self._rules.values()))

    def holds(self) -> bool:
        rules = self._correlation.rules
        present = frozenset(n for n, reference in enumerate(rules) if self._rules[reference] > 0)
        if self._asked is not None:
            return holds(self._asked, present)
        return bool(self._correlation.bounds) or len(present) == len(rules)


class _Ordered(_Measure):
    """The rules in the order they are named, all within the window."""

    def __init__(self, correlation: Correlation) -> None:
        super().__init__(correlation)
        self._starts: list[int | None] = [None] * len(correlation.rules)
        self._complete = False

    def add(self, reference: str, record: Occurrence) -> None:
        self._complete = False
        rules = self._correlation.rules
        for step in reversed(range(len(rules))):
            if rules[step] != reference:
                continue
            start = record.time if step == 0 else self._starts[step - 1]
            if start is None or record.time - start >= self._correlation.timespan:
                continue
            self._starts[step] = start
            self._complete = self._complete or step == len(rules) - 1

    def remove(self, reference: str, record: Occurrence) -> None:
        """A start too old is found out when it is used."""

    def value(self) -> float:
        return float(len(self._correlation.rules))

    def holds(self) -> bool:
        return self._complete


_MEASURES: dict[CorrelationType, Callable[[Correlation], _Measure]] = {
    CorrelationType.EVENT_COUNT: _Measure,
    CorrelationType.VALUE_COUNT: _Distinct,
    CorrelationType.VALUE_SUM: _Sum,
    CorrelationType.VALUE_AVG: _Average,
    CorrelationType.VALUE_PERCENTILE: _Percentile,
    CorrelationType.TEMPORAL: _Temporal,
    CorrelationType.TEMPORAL_ORDERED: _Ordered,
}


def _number(text: str | None) -> float | None:
    """Read a number; `nan` and `inf` are words somebody wrote there, not numbers."""
    try:
        number = float(text) if text else nan
    except ValueError:
        return None
    return number if abs(number) <= MAX_NUMBER else None


def _as_occurrence(correlation: Correlation, firing: Firing) -> Occurrence:
    """Let another correlation see a firing as one record."""
    last = firing.occurrences[-1][1]
    values = last.values | dict(zip(correlation.group_by, firing.group, strict=True))
    return Occurrence(
        firing.last, last.source, last.offset, last.uid, values, last.shown, entities_of(firing)
    )


def entities_of(firing: Firing) -> tuple[Entity, ...]:
    """Give the entities of a firing's records, the most frequent first."""
    counted: Counter[Entity] = Counter(e for _, one in firing.occurrences for e in one.entities)
    return tuple(sorted(counted, key=lambda e: (-counted[e], e)))


def pointers_of(firing: Firing) -> tuple[Pointer, ...]:
    """Give the way back to each record of a firing."""
    return tuple(Pointer(o.source, o.uid, o.offset, o.time, o.shown) for _, o in firing.occurrences)
