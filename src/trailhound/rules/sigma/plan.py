"""Plans: for one route, the rules that can match there and the columns they need."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from trailhound.rules.sigma.condition import (
    holds,
    reasons,
)
from trailhound.rules.sigma.rule import Predicate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trailhound.rules.sigma.keywords import KeywordMatcher
    from trailhound.rules.sigma.matcher import FieldMatcher
    from trailhound.rules.sigma.rule import Tree

MAX_MEMO = 20_000
MAX_ROUTED = 3
Number = int
"""A predicate, numbered over all rules of a kind."""

Why = tuple[Predicate, ...]
"""The predicates that made a row match, in the rule's order."""

Hit = tuple[int, Why]
"""A live rule (by position) that matches, and why."""


@dataclass(frozen=True, slots=True)
class LiveRule:
    """A rule on one route: its tree over predicate numbers, routed fields already decided.

    `routed` are the predicates that the route alone made true: part of why the rule matches.
    `packed` is the tree as `holds` likes it best, `leaves` are the predicates in it.
    """

    rule: int
    tree: Tree
    trigger: frozenset[Number] | None
    routed: tuple[Number, ...]
    packed: Tree
    leaves: frozenset[Number]


class Memo(dict[tuple[int, ...], tuple[Hit, ...]]):
    """Classes of the columns that vary to what matches; each combination is evaluated once.

    `fixed` has a class for each part of a signature that does not vary, None for each that does.
    """

    def __init__(self, plan: Plan, fixed: tuple[int | None, ...]) -> None:
        super().__init__()
        self._plan, self._fixed = plan, fixed

    def __missing__(self, varying: tuple[int, ...]) -> tuple[Hit, ...]:
        rest = iter(varying)
        signature = tuple(next(rest) if one is None else one for one in self._fixed)
        hits = self._plan.hits(signature)
        found = tuple((live, self._plan.why(live, signature)) for live in self._plan.evaluate(hits))
        self._plan.make_room()
        self[varying] = found
        return found


@dataclass(slots=True)
class Plan:
    """How to evaluate the rows of one route.

    `columns` pairs native field names with their matchers, in signature order; the field
    comparisons follow, then the keywords.
    """

    live: list[LiveRule]
    columns: list[tuple[str, FieldMatcher]]
    comparisons: list[tuple[Number, Predicate]]
    keywords: KeywordMatcher | None
    predicates: Sequence[Predicate]
    _memos: dict[tuple[int | None, ...], Memo] = field(init=False, default_factory=dict)
    _remembered: int = field(init=False, default=0)
    _by_trigger: dict[Number, list[int]] = field(init=False)
    _always: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self._by_trigger = {}
        self._always = [n for n, live in enumerate(self.live) if live.trigger is None]
        for n, live in enumerate(self.live):
            for number in live.trigger or ():
                self._by_trigger.setdefault(number, []).append(n)

    def memo(self, fixed: tuple[int | None, ...]) -> Memo:
        """Give what is remembered about signatures that share these classes."""
        memo = self._memos.get(fixed)
        if memo is None:
            self.make_room()
            memo = self._memos[fixed] = Memo(self, fixed)
        return memo

    def make_room(self) -> None:
        """Forget everything when too much is remembered; call before each new entry."""
        self._remembered += 1
        if self._remembered > MAX_MEMO:
            for memo in self._memos.values():
                memo.clear()
            self._memos.clear()
            self._remembered = 1

    def hits(self, signature: Sequence[int]) -> frozenset[Number]:
        """Give the predicates a row with this signature satisfies."""
        found = [m.classes[c] for (_, m), c in zip(self.columns, signature, strict=False) if c]
        rest = signature[len(self.columns) :]
        found += [
            frozenset((n,)) for (n, _), hit in zip(self.comparisons, rest, strict=False) if hit
        ]
        if self.keywords is not None and rest[-1]:
            found.append(self.keywords.classes[rest[-1]])
        return frozenset().union(*found)

    def evaluate(self, hits: frozenset[Number]) -> tuple[int, ...]:
        """Give the live rules (by position) that hold."""
        candidates = {n for number in hits for n in self._by_trigger.get(number, ())}
        candidates.update(self._always)
        return tuple(n for n in sorted(candidates) if holds(self.live[n].packed, hits))

    def because(self, live: int, signature: Sequence[int]) -> list[Number]:
        """Give the predicates that made a live rule match."""
        found = reasons(self.live[live].tree, self.hits(signature))
        return [*found, *self.live[live].routed[:MAX_ROUTED]]

    def why(self, live: int, signature: Sequence[int]) -> Why:
        """Give the same as predicates."""
        return tuple(self.predicates[number] for number in self.because(live, signature))
