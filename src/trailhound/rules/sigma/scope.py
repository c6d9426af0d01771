"""All rules of one log kind: their predicates numbered, and a plan for each route."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from trailhound.rules.sigma.condition import frozen, packed, reasons, simplify, triggers
from trailhound.rules.sigma.keywords import KeywordMatcher
from trailhound.rules.sigma.logsource import bindings
from trailhound.rules.sigma.matcher import FieldMatcher, folded
from trailhound.rules.sigma.plan import LiveRule, Plan
from trailhound.rules.sigma.rule import FALSE, FIELD_OPS, Op, Predicate

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from trailhound.rules.sigma.logsource import Binding
    from trailhound.rules.sigma.plan import Number
    from trailhound.rules.sigma.rule import SigmaRule, Tree

EVENT_ID = "EventID"
ROUTED_BY_EVENT_ID = ("windows",)
"""Kinds whose events all have an event id, which no binding renames."""


Renamed = tuple[tuple[str, str], ...]
"""How a binding renames fields."""


class Scope:
    """All rules of one log kind: numbers their predicates and makes a plan per route."""

    def __init__(self, rules: Sequence[SigmaRule], kind: str, cache: Path | None) -> None:
        self._rules, self._kind = rules, kind
        self._cache = cache
        self._trees: dict[int, Tree] = {}
        self._bound = [(n, b) for n, rule in enumerate(rules) for b in _bindings(rule, kind)]
        self._numbers: dict[Predicate, Number] = {}
        self.predicates: list[Predicate] = []
        self._matchers: dict[str, FieldMatcher] = {}
        self._keywords: dict[tuple[Number, ...], KeywordMatcher] = {}
        self._numbered: dict[tuple[int, Renamed], tuple[Number, ...]] = {}
        self._askers: dict[tuple[int, Renamed, tuple[str, ...]], list[tuple[int, Predicate]]] = {}
        self._lives: dict[tuple[int, Renamed, tuple[tuple[int, bool], ...]], LiveRule | None] = {}
        self._plans: dict[tuple[tuple[str, str], ...], Plan | None] = {}
        self._by_route: dict[tuple[str, str], list[int]] = {}
        self._anywhere: list[int] = []
        for place, (rule, binding) in enumerate(self._bound):
            self._number_rule(rule, binding)
            self._index(place, rule, binding)
        self._by_field: dict[str, list[Number]] = {}
        for number, predicate in enumerate(self.predicates):
            if predicate.op not in FIELD_OPS:
                self._by_field.setdefault(predicate.field, []).append(number)

    @property
    def rules_bound(self) -> set[int]:
        """Rules that look at this kind."""
        return {rule for rule, _ in self._bound}

    def matchers(self) -> Iterable[FieldMatcher]:
        """Give the matchers made so far."""
        return self._matchers.values()

    def plan(self, route: dict[str, str]) -> Plan | None:
        """Give the plan of a route, None when no rule can match there."""
        key = tuple(sorted(route.items()))
        if key not in self._plans:
            self._plans[key] = self._make(route)
        return self._plans[key]

    def _number_rule(self, rule: int, binding: Binding) -> None:
        key = (rule, _fields_key(binding))
        if key not in self._numbered:
            predicates = self._rules[rule].predicates
            self._numbered[key] = tuple(self._number(_bound(p, binding)) for p in predicates)

    def _number(self, predicate: Predicate) -> Number:
        number = self._numbers.get(predicate)
        if number is None:
            number = self._numbers[predicate] = len(self.predicates)
            self.predicates.append(predicate)
        return number

    def _index(self, place: int, rule: int, binding: Binding) -> None:
        """File a bound rule under its most telling route value: plans ask only likely rules."""
        key, values = _telling(binding)
        if key != EVENT_ID and self._kind in ROUTED_BY_EVENT_ID:
            asked = event_ids(self._rules[rule])
            key, values = (key, values) if asked is None else (EVENT_ID, asked)
        if not key:
            self._anywhere.append(place)
        for value in values:
            self._by_route.setdefault((key, value), []).append(place)

    def _likely(self, route: dict[str, str]) -> list[tuple[int, Binding]]:
        if self._kind in ROUTED_BY_EVENT_ID and EVENT_ID not in route:
            return self._bound
        places = list(self._anywhere)
        for key, value in route.items():
            places += self._by_route.get((key, value.lower()), ())
        return [self._bound[place] for place in sorted(places)]

    def _make(self, route: dict[str, str]) -> Plan | None:
        live = [
            made
            for rule, binding in self._likely(route)
            if binding.fits(route) and (made := self._live(rule, binding, route))
        ]
        return self._plan(live) if live else None

    def _live(self, rule: int, binding: Binding, route: dict[str, str]) -> LiveRule | None:
        """Decide what the route alone decides; routes that decide alike share the outcome."""
        fields = _fields_key(binding)
        known = {
            n: truth
            for n, predicate in self._asking(rule, fields, tuple(route))
            if (truth := _decided(predicate, route)) is not None
        }
        key = (rule, fields, tuple(known.items()))
        if key not in self._lives:
            self._lives[key] = self._decide(rule, self._numbered[rule, fields], known)
        return self._lives[key]

    def _asking(
        self, rule: int, fields: Renamed, route: tuple[str, ...]
    ) -> list[tuple[int, Predicate]]:
        """Give the predicates of a rule that look at a field of the route, and their places."""
        key = (rule, fields, route)
        if key not in self._askers:
            numbers = enumerate(self._numbered[rule, fields])
            places = ((n, self.predicates[number]) for n, number in numbers)
            self._askers[key] = [(n, p) for n, p in places if p.field in route]
        return self._askers[key]

    def _decide(
        self, rule: int, numbers: Sequence[Number], known: dict[int, bool]
    ) -> LiveRule | None:
        if rule not in self._trees:
            self._trees[rule] = frozen(self._rules[rule].tree)
        tree = simplify(self._trees[rule], known.get) if known else self._trees[rule]
        if tree == FALSE:
            return None
        renumbered = _renumber(tree, numbers)
        true = reasons(self._trees[rule], frozenset(n for n, truth in known.items() if truth))
        return LiveRule(
            rule, renumbered, triggers(renumbered), tuple(numbers[n] for n in true),
            packed(renumbered), leaves(renumbered),
        )  # fmt: skip

    def _plan(self, live: list[LiveRule]) -> Plan:
        used = sorted(frozenset().union(*(one.leaves for one in live)))
        fields: dict[str, None] = {}
        comparisons: list[tuple[Number, Predicate]] = []
        words: list[Number] = []
        for number in used:
            predicate = self.predicates[number]
            if predicate.op in FIELD_OPS:
                comparisons.append((number, predicate))
            elif predicate.field:
                fields[predicate.field] = None
            else:
                words.append(number)
        columns = [(name, self._matcher(name)) for name in fields]
        keywords = self._keyword_matcher(tuple(words))
        return Plan(live, columns, comparisons, keywords, self.predicates)

    def _matcher(self, name: str) -> FieldMatcher:
        """Give the matcher of a field with every predicate on it, so that plans share it."""
        matcher = self._matchers.get(name)
        if matcher is None:
            matcher = self._matchers[name] = FieldMatcher(self._cache)
            for number in self._by_field[name]:
                matcher.add(self.predicates[number], number)
        return matcher

    def _keyword_matcher(self, words: tuple[Number, ...]) -> KeywordMatcher | None:
        """Give the matcher of just these keywords: a common word must not slow other routes."""
        if words and words not in self._keywords:
            self._keywords[words] = KeywordMatcher(self._cache)
            for number in words:
                self._keywords[words].add(self.predicates[number], number)
        return self._keywords.get(words)


def _bindings(rule: SigmaRule, kind: str) -> Iterable[Binding]:
    return (binding for binding in bindings(rule.logsource) if binding.kind == kind)


def _fields_key(binding: Binding) -> Renamed:
    """Bindings that rename alike share their numbers."""
    return tuple(sorted(binding.fields.items()))


def _bound(predicate: Predicate, binding: Binding) -> Predicate:
    """Put the native field's name in the place of the rule's."""
    name = binding.fields.get(predicate.field, predicate.field)
    value = predicate.value
    if predicate.op in FIELD_OPS:
        value = binding.fields.get(value, value)
    if (name, value) == (predicate.field, predicate.value):
        return predicate
    return Predicate(name, predicate.op, value, predicate.cased, predicate.flags)


def _decided(predicate: Predicate, route: dict[str, str]) -> bool | None:
    """Tell what the route alone says about a predicate."""
    if predicate.field not in route or predicate.op in FIELD_OPS:
        return None
    return _holds_for(predicate, route[predicate.field])


@lru_cache(maxsize=65_536)
def _holds_for(predicate: Predicate, value: str) -> bool:
    if predicate.op is Op.EQUALS and not predicate.cased:
        return folded(predicate.value) == folded(value)
    probe = FieldMatcher(None)
    probe.add(predicate, 1)
    return bool(probe.classes[probe[value]])


def _telling(binding: Binding) -> tuple[str, Iterable[str]]:
    """Give the field of a route that tells most, and its values; "" for a binding without one."""
    key = EVENT_ID if EVENT_ID in binding.route else next(iter(binding.route), "")
    return key, binding.route.get(key, ())


def event_ids(rule: SigmaRule) -> frozenset[str] | None:
    """Give the event ids one of which a rule asks for, None when it may match any."""
    asked = {
        number
        for number, predicate in enumerate(rule.predicates)
        if predicate.field == EVENT_ID and predicate.op is Op.EQUALS
    }
    found = triggers(rule.tree, asked)
    return None if found is None else frozenset(rule.predicates[n].value.lower() for n in found)


def _renumber(tree: Tree, numbers: Sequence[Number]) -> Tree:
    if tree[0] == "p":
        return ("p", numbers[tree[1]])
    return (tree[0], *(_renumber(part, numbers) for part in tree[1:]))


def leaves(tree: Tree) -> frozenset[Number]:
    """Give the predicates a tree uses."""
    if tree[0] == "p":
        return frozenset((tree[1],))
    return frozenset(n for part in tree[1:] for n in leaves(part))
