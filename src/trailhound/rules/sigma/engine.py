"""Runs rules over batches: columns to classes, classes to signatures, signatures to rules."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import repeat
from typing import TYPE_CHECKING

from trailhound.rules.sigma.matcher import compare_fields, keys_of
from trailhound.rules.sigma.plan import Scope

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from trailhound.model.batch import Batch
    from trailhound.rules.sigma.plan import Plan
    from trailhound.rules.sigma.rule import Predicate, SigmaRule


@dataclass(frozen=True, slots=True)
class Match:
    """One rule on the rows of one batch.

    `rows` are ascending; `predicates` are those that made the first row match, in the rule's order,
    with the batch's native field names.
    """

    rule: int
    rows: list[int]
    predicates: tuple[Predicate, ...]


class SigmaEngine:
    """All rules of a scan. Not thread-safe: one per worker."""

    def __init__(self, rules: Sequence[SigmaRule], cache: Path | None = None) -> None:
        self.rules = rules
        self._cache = cache
        self._scopes: dict[str, Scope] = {}

    def scope(self, kind: str) -> Scope:
        """Give the rules of a kind."""
        if kind not in self._scopes:
            self._scopes[kind] = Scope(self.rules, kind, self._cache)
        return self._scopes[kind]

    def kinds(self) -> list[str]:
        """Give the log kinds met so far."""
        return sorted(self._scopes)

    def run(self, batch: Batch) -> Iterator[Match]:
        """Give the matches of a batch, by rule."""
        scope = self.scope(batch.kind)
        plan = scope.plan(batch.route)
        if plan is None:
            return
        signatures = _signatures(batch, plan)
        found: dict[int, list[int]] = {}
        first: dict[int, tuple[int, ...]] = {}
        memo = plan.memo
        for row, signature in enumerate(signatures):
            for live in memo[signature]:
                if live not in found:
                    found[live], first[live] = [], signature
                found[live].append(row)
        for live, rows in sorted(found.items()):
            numbers = plan.because(live, first[live])
            reasons = tuple(scope.predicates[n] for n in numbers)
            yield Match(plan.live[live].rule, rows, reasons)


def _signatures(batch: Batch, plan: Plan) -> Iterator[tuple[int, ...]]:
    """Give one class number per column for each row."""
    needed = [name for name, _ in plan.columns]
    pairs = [(p.field, p.value) for _, p in plan.comparisons]
    extra = [name for pair in pairs for name in pair if name not in needed]
    native = batch.columns(tuple(dict.fromkeys([*needed, *extra])))
    parts: list[Iterator[int]] = [
        map(matcher.__getitem__, keys_of(native[name])) for name, matcher in plan.columns
    ]
    for (left, right), (_, predicate) in zip(pairs, plan.comparisons, strict=True):
        parts.append(
            map(int, compare_fields(predicate, keys_of(native[left]), keys_of(native[right])))
        )
    if plan.keywords is not None:
        parts.append(iter(plan.keywords.rows(batch)))
    return zip(*parts, strict=True) if parts else repeat((), batch.rows)
