"""Runs rules over batches: columns to classes, classes to signatures, signatures to rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trailhound.rules.sigma.matcher import compare_fields, keys_of
from trailhound.rules.sigma.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from trailhound.model.batch import Batch, Column
    from trailhound.rules.sigma.matcher import FieldMatcher
    from trailhound.rules.sigma.plan import Hit, Memo, Plan, Why
    from trailhound.rules.sigma.rule import SigmaRule


@dataclass(frozen=True, slots=True)
class Match:
    """One rule on the rows of one batch.

    `rows` are ascending. `whys` has, for each of them, the predicates that made it match, in the
    rule's order, with the batch's native field names.
    """

    rule: int
    rows: list[int]
    whys: list[Why]


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
        plan = self.scope(batch.kind).plan(batch.route)
        if plan is None:
            return
        found: dict[int, tuple[list[int], list[Why]]] = {}
        for row, hits in _hits(batch, plan):
            for live, why in hits:
                if live not in found:
                    found[live] = ([], [])
                rows, whys = found[live]
                rows.append(row)
                whys.append(why)
        for live, (rows, whys) in sorted(found.items()):
            yield Match(plan.live[live].rule, rows, whys)


def _hits(batch: Batch, plan: Plan) -> Iterable[tuple[int, tuple[Hit, ...]]]:
    """Give the rows on which some rule matches, with all that match there."""
    memo, varying = _signatures(batch, plan)
    if not varying:
        hits = memo[()]
        return [(row, hits) for row in range(batch.rows)] if hits else ()
    looked_up = map(memo.__getitem__, zip(*varying, strict=True))
    return [(row, hits) for row, hits in enumerate(looked_up) if hits]


def _signatures(batch: Batch, plan: Plan) -> tuple[Memo, list[Iterable[int]]]:
    """Give the classes of the columns that vary; the memo knows those of all others.

    In most batches most columns are empty, and a column that is the same in every row costs one
    look-up.
    """
    pairs = [(p.field, p.value) for _, p in plan.comparisons]
    names = [*(name for name, _ in plan.columns), *(name for pair in pairs for name in pair)]
    native = batch.columns(tuple(dict.fromkeys(names)))
    fixed: list[int | None] = []
    varying: list[Iterable[int]] = []
    for name, matcher in plan.columns:
        fixed.append(_fixed(native[name], matcher))
        if fixed[-1] is None:
            varying.append(map(matcher.__getitem__, keys_of(native[name])))
    for (left, right), (_, predicate) in zip(pairs, plan.comparisons, strict=True):
        varying.append(
            map(int, compare_fields(predicate, keys_of(native[left]), keys_of(native[right])))
        )
        fixed.append(None)
    if plan.keywords is not None:
        classes = plan.keywords.rows(batch)
        fixed.append(0 if classes is None else None)
        if classes is not None:
            varying.append(classes)
    return plan.memo(tuple(fixed)), varying


def _fixed(column: Column, matcher: FieldMatcher) -> int | None:
    """Give the class of a column that holds one value in all rows, None for any other."""
    first = column[0] if column else None
    if column.count(first) < len(column) or not (first is None or isinstance(first, str)):
        return None
    return matcher[first]
