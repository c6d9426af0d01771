"""The condition of a rule: words, parentheses, `1 of x*`, to one tree over the named detections.

An operator-precedence parser with explicit stacks: nesting in a hostile rule costs memory, not the
interpreter's stack, and is bounded anyway.
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from itertools import combinations
from typing import TYPE_CHECKING

from trailhound.rules.sigma.rule import FALSE, TRUE

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Mapping

    from trailhound.rules.sigma.rule import Tree

MAX_TOKENS = 5_000
MAX_DEPTH = 50
MAX_COMBINATIONS = 1_000

_TOKEN = re.compile(r"\s*(?:(\()|(\))|([^\s()]+))")
_QUANTIFIER = re.compile(r"(?:\d{1,4}|any|all)\Z", re.IGNORECASE)
_PRECEDENCE = {"or": 1, "and": 2, "not": 3}


class ConditionError(ValueError):
    """What is wrong with a condition, for a person."""


def parse_condition(text: str, detections: Mapping[str, Tree]) -> Tree:
    """Parse a condition; ConditionError says what is wrong."""
    tokens = _tokens(text)
    output: list[Tree] = []
    operators: list[str] = []
    position, expect_value, depth = 0, True, 0
    while position < len(tokens):
        word = tokens[position]
        low = word.lower()
        if expect_value and low == "not":
            operators.append("not")
        elif expect_value and word == "(":
            operators.append("(")
            depth += 1
            if depth > MAX_DEPTH:
                raise ConditionError(f"parentheses nested over {MAX_DEPTH} deep")
        elif expect_value and word != ")":
            tree, used = _operand(tokens[position:], detections)
            output.append(tree)
            position += used - 1
            expect_value = False
        elif not expect_value and low in ("and", "or"):
            _reduce(output, operators, _PRECEDENCE[low])
            operators.append(low)
            expect_value = True
        elif not expect_value and word == ")":
            _reduce(output, operators, 0)
            if not operators:
                raise ConditionError("a closing parenthesis without an opening one")
            operators.pop()
            depth -= 1
        else:
            raise ConditionError(f"unexpected {word!r}")
        position += 1
    return _finish(output, operators, incomplete=expect_value)


def _finish(output: list[Tree], operators: list[str], *, incomplete: bool) -> Tree:
    if incomplete:
        raise ConditionError("the condition ends where a detection is expected")
    _reduce(output, operators, 0)
    if operators:
        raise ConditionError("an opening parenthesis is never closed")
    return output[0]


def _tokens(text: str) -> list[str]:
    if "|" in text:
        raise ConditionError("aggregations with '|' are not part of Sigma 2: write a correlation")
    tokens = [next(filter(None, match.groups())) for match in _TOKEN.finditer(text.strip())]
    if not tokens:
        raise ConditionError("the condition is empty")
    if len(tokens) > MAX_TOKENS:
        raise ConditionError(f"over {MAX_TOKENS} words")
    return tokens


def _reduce(output: list[Tree], operators: list[str], precedence: int) -> None:
    """Apply the operators on top of the stack that bind at least as strongly."""
    while operators and operators[-1] != "(" and _PRECEDENCE[operators[-1]] >= max(precedence, 1):
        operator = operators.pop()
        right = output.pop()
        if operator == "not":
            output.append(negate(right))
        else:
            left = output.pop()
            output.append(join(operator, [left, right]))


def _operand(tokens: list[str], detections: Mapping[str, Tree]) -> tuple[Tree, int]:
    """Read `name` or `1 of pattern`; give its tree and how many words it took."""
    if len(tokens) >= 3 and tokens[1].lower() == "of" and _QUANTIFIER.match(tokens[0]):
        return _quantified(tokens[0].lower(), tokens[2], detections), 3
    name = tokens[0]
    if name not in detections:
        raise ConditionError(f"there is no detection named {name!r}")
    return detections[name], 1


def _quantified(quantity: str, pattern: str, detections: Mapping[str, Tree]) -> Tree:
    them = pattern.lower() == "them"
    chosen = [
        tree
        for name, tree in detections.items()
        if (not name.startswith("_") if them else fnmatchcase(name, pattern))
    ]
    if not chosen:
        raise ConditionError(f"no detection fits {pattern!r}")
    if quantity == "all":
        return join("and", chosen)
    count = 1 if quantity == "any" else int(quantity)
    if count <= 1:
        return join("or", chosen) if count else TRUE
    if count > len(chosen):
        return FALSE
    ways = list(zip(range(MAX_COMBINATIONS + 1), combinations(chosen, count), strict=False))
    if len(ways) > MAX_COMBINATIONS:
        raise ConditionError(f"{count} of {len(chosen)} detections has too many combinations")
    return join("or", [join("and", list(way)) for _, way in ways])


def join(operator: str, trees: list[Tree]) -> Tree:
    """Join trees with `and` or `or`, flattening and dropping constants."""
    neutral, deciding = (TRUE, FALSE) if operator == "and" else (FALSE, TRUE)
    parts: dict[Tree, None] = {}
    for tree in trees:
        if tree == deciding:
            return deciding
        if tree != neutral:
            parts |= dict.fromkeys(tree[1:] if tree[0] == operator else (tree,))
    if not parts:
        return neutral
    return next(iter(parts)) if len(parts) == 1 else (operator, *parts)


def negate(tree: Tree) -> Tree:
    """Negate a tree."""
    if tree == TRUE:
        return FALSE
    if tree == FALSE:
        return TRUE
    return tree[1] if tree[0] == "not" else ("not", tree)


def simplify(tree: Tree, known: Callable[[int], bool | None]) -> Tree:
    """Replace predicates whose truth is known and fold the tree."""
    kind = tree[0]
    if kind == "p":
        truth = known(tree[1])
        return tree if truth is None else TRUE if truth else FALSE
    if kind == "not":
        return negate(simplify(tree[1], known))
    if kind in ("and", "or"):
        return join(kind, [simplify(part, known) for part in tree[1:]])
    return tree


def packed(tree: Tree) -> Tree:
    """Fold the leaves of each `and` and `or` into sets, which compare at native speed.

    Gives trees with the further nodes `("all", set, t, ...)` and `("any", set, t, ...)`, which only
    `holds` understands.
    """
    kind = tree[0]
    if kind == "not":
        return ("not", packed(tree[1]))
    if kind not in ("and", "or"):
        return tree
    leaves = frozenset(part[1] for part in tree[1:] if part[0] == "p")
    rest = tuple(packed(part) for part in tree[1:] if part[0] != "p")
    return ("all" if kind == "and" else "any", leaves, *rest)


def holds(tree: Tree, hits: frozenset[int]) -> bool:  # noqa: PLR0911  # one per kind of node
    """Evaluate a tree, packed or not, given the predicates that hit."""
    kind = tree[0]
    if kind == "all":
        return hits.issuperset(tree[1]) and all(holds(part, hits) for part in tree[2:])
    if kind == "any":
        return not hits.isdisjoint(tree[1]) or any(holds(part, hits) for part in tree[2:])
    if kind == "p":
        return tree[1] in hits
    if kind == "and":
        return all(holds(part, hits) for part in tree[1:])
    if kind == "or":
        return any(holds(part, hits) for part in tree[1:])
    if kind == "not":
        return not holds(tree[1], hits)
    return bool(kind == "true")


def reasons(tree: Tree, hits: frozenset[int]) -> list[int]:
    """Give the predicates that made a tree true, in the rule's order."""
    kind = tree[0]
    if kind == "p":
        return [tree[1]] if tree[1] in hits else []
    if kind in ("and", "or"):
        satisfied = [part for part in tree[1:] if kind == "and" or holds(part, hits)]
        return list(dict.fromkeys(n for part in satisfied for n in reasons(part, hits)))
    return []


def triggers(tree: Tree, among: Container[int] | None = None) -> frozenset[int] | None:
    """Give a smallest set of predicates, of those `among`, one of which must hit; None: none."""
    kind = tree[0]
    if kind == "p":
        return frozenset((tree[1],)) if among is None or tree[1] in among else None
    if kind == "and":
        found = [t for part in tree[1:] if (t := triggers(part, among)) is not None]
        return min(found, key=len) if found else None
    if kind == "or":
        parts = [triggers(part, among) for part in tree[1:]]
        return None if None in parts else frozenset().union(*(p for p in parts if p is not None))
    return frozenset() if kind == "false" else None


def frozen(tree: object) -> Tree:
    """Give a tree as tuples again: message formats know only lists."""
    if isinstance(tree, (list, tuple)):
        return tuple(frozen(part) if isinstance(part, (list, tuple)) else part for part in tree)
    raise TypeError(tree)
