"""Counts over a set of rules: what there is, where it looks, what it compares."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from trailhound.rules.check import is_mapped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from trailhound.rules.library import Library
    from trailhound.rules.sigma.rule import Correlation, SigmaRule

MAX_LINES = 20


class Statistics(msgspec.Struct):
    """Counts, each table largest first."""

    rules: int
    correlations: int
    skipped: int
    with_source: int
    comparisons: int
    distinct_comparisons: int
    products: dict[str, int]
    categories: dict[str, int]
    services: dict[str, int]
    levels: dict[str, int]
    statuses: dict[str, int]
    operations: dict[str, int]
    unmapped: dict[str, int]
    """Log sources that no reader gives, with the rules that ask for them."""


def statistics(library: Library) -> Statistics:
    """Count the rules of a library."""
    rules = library.rules
    predicates = [predicate for rule in rules for predicate in rule.predicates]
    both: list[SigmaRule | Correlation] = [*rules, *library.correlations]
    unmapped = [str(rule.logsource) for rule in rules if not is_mapped(rule.logsource)]
    return Statistics(
        rules=len(rules),
        correlations=len(library.correlations),
        skipped=len(library.skipped),
        with_source=len(rules) - len(unmapped),
        comparisons=len(predicates),
        distinct_comparisons=len(set(predicates)),
        products=_counted(rule.logsource.product or "(any)" for rule in rules),
        categories=_counted(rule.logsource.category or "(none)" for rule in rules),
        services=_counted(rule.logsource.service or "(none)" for rule in rules),
        levels=_counted(rule.severity.word for rule in both),
        statuses=_counted(rule.info.status or "(none)" for rule in both),
        operations=_counted(predicate.op.value for predicate in predicates),
        unmapped=_counted(unmapped),
    )


def _counted(words: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(words).items(), key=lambda pair: (-pair[1], pair[0])))


def statistics_lines(counted: Statistics) -> Iterator[str]:
    """Say the counts in lines for a person."""
    yield f"rules         {counted.rules}, and {counted.correlations} correlations"
    yield f"not usable    {counted.skipped} (`trailhound rules check` says why)"
    share = counted.with_source / counted.rules if counted.rules else 0.0
    some = f"{counted.with_source} of {counted.rules} rules ({share:.1%})"
    yield f"log source    {some} look in logs we read"
    yield f"comparisons   {counted.comparisons}, {counted.distinct_comparisons} different"
    for title, table in _tables(counted):
        if not table:
            continue
        yield ""
        yield title
        yield from (f"  {count:6}  {word}" for word, count in list(table.items())[:MAX_LINES])
        if len(table) > MAX_LINES:
            rest = list(table.values())[MAX_LINES:]
            yield f"  {sum(rest):6}  in {len(rest)} more"


def _tables(counted: Statistics) -> list[tuple[str, dict[str, int]]]:
    return [
        ("by product", counted.products),
        ("by category", counted.categories),
        ("by service", counted.services),
        ("by level", counted.levels),
        ("by status", counted.statuses),
        ("by comparison", counted.operations),
        ("log sources no log we read fits", counted.unmapped),
    ]


def hit_lines(library: Library, hits: Mapping[str, int]) -> Iterator[str]:
    """Say how many records each rule matched, most first."""
    titles = {rule.info.id: rule.info.title for rule in library.rules}
    yield ""
    yield f"{len(hits)} rules match {sum(hits.values())} times"
    for identity, count in sorted(hits.items(), key=lambda pair: (-pair[1], pair[0])):
        yield f"  {count:8}  {identity}  {titles.get(identity, '')}"
