"""A rule in plain words: where it looks, what must hold, what else could cause it, who wrote it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trailhound.model.finding import Nature
from trailhound.rules.sigma.condition import frozen
from trailhound.rules.sigma.explain import in_words
from trailhound.rules.sigma.firings import span_text
from trailhound.rules.sigma.logsource import bindings
from trailhound.rules.sigma.rule import (
    Correlation,
    CorrelationType,
    Op,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from trailhound.rules.sigma.logsource import Binding
    from trailhound.rules.sigma.rule import (
        LogSource,
        Predicate,
        SigmaRule,
        Tree,
    )

MAX_VALUES = 40
"""Parts of one list shown; a rule may list thousands of hashes."""

_NATURES = {
    Nature.IOC: "a trace that something happened",
    Nature.IOA: "a step of an attack",
}
_COMPARED = {
    "gt": "over",
    "gte": "at least",
    "lt": "under",
    "lte": "at most",
    "eq": "exactly",
    "neq": "not",
}
_MEASURED = {
    CorrelationType.EVENT_COUNT: "the number of matches",
    CorrelationType.VALUE_COUNT: "the number of different values of {field}",
    CorrelationType.VALUE_SUM: "the sum of {field}",
    CorrelationType.VALUE_AVG: "the average of {field}",
    CorrelationType.VALUE_PERCENTILE: "percentile {percentile:g} of {field}",
    CorrelationType.TEMPORAL: "the number of different rules that match",
    CorrelationType.TEMPORAL_ORDERED: "the number of rules that match in this order",
}


def describe(rule: SigmaRule | Correlation) -> Iterator[str]:
    """Give the lines that explain a rule."""
    info = rule.info
    yield info.title
    yield f"{info.id}, {info.source}:{rule.line}"
    nature = f"{rule.nature.value}: {_NATURES[rule.nature]}"
    yield f"level {rule.severity.word}, status {info.status or 'not given'}, {nature}"
    if rule.support_only:
        yield "It only supports other findings, unless a scan runs with --profile hunt."
    if info.description:
        yield ""
        yield info.description
    yield ""
    yield from _correlation(rule) if isinstance(rule, Correlation) else _rule(rule)
    yield ""
    yield from _list("Other causes", info.falsepositives, "none given")
    yield from _list("Techniques", rule.techniques, "none given")
    yield f"Author: {info.author or 'not given'}"
    yield f"Licence: {info.licence or 'not given'}"
    yield from _list("References", info.references, "none given")


def _list(title: str, values: Sequence[str], none: str) -> Iterator[str]:
    if len(values) < 2:
        yield f"{title}: {values[0] if values else none}"
        return
    yield f"{title}:"
    yield from (f"  {value}" for value in values)


def _rule(rule: SigmaRule) -> Iterator[str]:
    yield f"It looks in {rule.logsource}:"
    yield from _places(rule.logsource)
    if not rule.emit:
        yield "Only correlations use it: it makes no findings of its own."
    yield ""
    yield "It matches a record when"
    yield from _tree(frozen(rule.tree), lambda n: _comparison(rule.predicates[n]))


def _places(source: LogSource) -> Iterator[str]:
    found = bindings(source)
    if not found:
        yield "  nowhere: no log we read fits"
    for binding in found:
        yield f"  {_place(binding)}"
        renamed = [f"{name} is {native}" for name, native in sorted(binding.fields.items())]
        if renamed:
            yield f"    there, {', '.join(renamed)}"


def _place(binding: Binding) -> str:
    route = [
        f"{name} {' or '.join(sorted(values))}" for name, values in sorted(binding.route.items())
    ]
    return f"{binding.kind}, where {' and '.join(route)}" if route else binding.kind


def _comparison(predicate: Predicate) -> str:
    exact = predicate.cased and predicate.op is not Op.REGEX
    return in_words(predicate) + (" (upper and lower case differ)" if exact else "")


def _tree(tree: Tree, leaf: Callable[[int], str]) -> Iterator[str]:
    """Give a tree as indented lines; a stack, because a rule may nest as deep as it likes."""
    pending: list[tuple[int, str, Tree]] = [(1, "", tree)]
    while pending:
        depth, before, node = pending.pop()
        pad = "  " * depth
        if node[0] == "p":
            yield f"{pad}{before}{leaf(node[1])}"
        elif node[0] == "not":
            pending.append((depth, f"{before}not: ", node[1]))
        elif node[0] in ("and", "or"):
            yield f"{pad}{before}{'all' if node[0] == 'and' else 'any'} of these:"
            parts = node[1:]
            if len(parts) > MAX_VALUES:
                pending.append((depth + 1, f"and {len(parts) - MAX_VALUES} more", ("",)))
            pending += [(depth + 1, "", part) for part in reversed(parts[:MAX_VALUES])]
        else:
            yield f"{pad}{before}{_CONSTANTS.get(node[0], '')}"


_CONSTANTS = {"true": "always", "false": "never"}


def _correlation(rule: Correlation) -> Iterator[str]:
    yield f"It looks at the matches of {len(rule.rules)} rules:"
    yield from (f"  {name}" for name in rule.rules)
    if rule.group_by:
        yield f"that have the same {', '.join(map(str, rule.group_by))}"
    for alias, fields in sorted(rule.aliases.items()):
        yield f"  {alias} is " + ", ".join(f"{f} of {name}" for name, f in sorted(fields.items()))
    yield f"within {span_text(rule.timespan)}, and fires when"
    yield from _bounds(rule)


def _bounds(rule: Correlation) -> Iterator[str]:
    if rule.expression is not None:
        yield from _tree(frozen(rule.expression), lambda n: f"{rule.rules[n]} matches")
    elif not rule.bounds:
        order = " in this order" if rule.type is CorrelationType.TEMPORAL_ORDERED else ""
        yield f"  all of them match{order}"
    what = _MEASURED[rule.type].format(field=rule.field, percentile=rule.percentile)
    yield from (f"  {what} is {_COMPARED[op]} {bound:g}" for op, bound in rule.bounds)
