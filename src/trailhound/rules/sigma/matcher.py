"""One native field: which predicates does a value satisfy?

Each distinct value is looked at once. The set of predicates it satisfies is its *class*; most
values share few classes, and everything after this works on class numbers. Class 0 is "none".
"""

from __future__ import annotations

import ipaddress
from datetime import UTC, datetime
from math import isfinite, nan
from typing import TYPE_CHECKING, Any

from trailhound.rules.sigma.patterns import Expression, compile_set
from trailhound.rules.sigma.regex import escaped
from trailhound.rules.sigma.rule import PATTERN_OPS, Op
from trailhound.text.timestamp import NO_TIME, parse_time

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from trailhound.model.batch import Column
    from trailhound.rules.sigma.patterns import PatternSet
    from trailhound.rules.sigma.rule import Predicate

Key = str | tuple[str, ...] | None
"""A value as the cache knows it: text, several texts (a list; any may match), or no value."""

MAX_VALUES = 20_000
"""Distinct values remembered per field; beyond it the memory is emptied, never the result."""

MAX_LENGTH = 1_000
"""Longer texts are not remembered: they repeat seldom and would fill the memory."""

_TEXTS = ({str}, {str, type(None)}, {type(None)})


def keys_of(column: Column) -> list[Key]:
    """Turn native values into cache keys; columns of plain text, the usual case, pass unchanged."""
    if set(map(type, column)) in _TEXTS:
        return column  # type: ignore[return-value]
    return [value if isinstance(value, str) else _key(value) for value in column]


def _key(value: Any) -> Key:
    if value is None:
        return None
    if isinstance(value, list):
        texts = tuple(text for text in (_text(item) for item in value) if text is not None)
        return texts[0] if len(texts) == 1 else (texts or None)
    return _text(value)


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return str(value)


def folded(text: str) -> str:
    """Give a text as it is compared where case is ignored: a long s is an s, as in patterns."""
    low = text.lower()
    return low if low.isascii() else low.replace("\u017f", "s")


class FieldMatcher(dict[Key, int]):
    """Value to class number. Missing values are classified on first sight.

    `add` everything before the first look-up; patterns are compiled then.
    """

    def __init__(self, cache: Path | None) -> None:
        super().__init__()
        self._cache = cache
        self._equals: dict[str, list[int]] = {}
        self._equals_cased: dict[str, list[int]] = {}
        self._patterns: list[tuple[Expression, int]] = []
        self._tests: list[tuple[Callable[[str | None], bool], int]] = []
        self._networks: list[tuple[Any, int]] = []
        self._set: PatternSet | None = None
        self._ready = False
        self.classes: list[frozenset[int]] = [frozenset()]
        self._numbers: dict[frozenset[int], int] = {frozenset(): 0}

    def add(self, predicate: Predicate, number: int) -> None:
        """Take one predicate on this field; `number` is how the caller knows it."""
        if predicate.op is Op.EQUALS:
            table = self._equals_cased if predicate.cased else self._equals
            text = predicate.value if predicate.cased else folded(predicate.value)
            table.setdefault(text, []).append(number)
        elif predicate.op in PATTERN_OPS:
            self._patterns.append((expression_of(predicate), number))
        elif predicate.op is Op.CIDR:
            self._networks.append((ipaddress.ip_network(predicate.value), number))
        else:
            self._tests.append((_TESTS[predicate.op](predicate.value), number))
        self._ready = False

    def __missing__(self, key: Key) -> int:
        if not self._ready:
            self._prepare()
        if len(self) >= MAX_VALUES:
            self.clear()
        found = self._of_many(key) if isinstance(key, tuple) else self._of_one(key)
        number = self._numbers.get(found)
        if number is None:
            number = self._numbers[found] = len(self.classes)
            self.classes.append(found)
        if key is None or len(key) <= MAX_LENGTH:
            self[key] = number
        return number

    def _prepare(self) -> None:
        self.clear()
        expressions = [expression for expression, _ in self._patterns]
        self._set = compile_set(expressions, self._cache) if expressions else None
        self._ready = True

    def _of_many(self, key: tuple[str, ...]) -> frozenset[int]:
        """Elements are remembered one by one: lists differ, what they hold repeats."""
        return frozenset().union(*{self.classes[self[one]] for one in key})

    def _of_one(self, text: str | None) -> frozenset[int]:
        hits = [number for test, number in self._tests if test(text)]
        if text:
            hits += self._equals.get(folded(text), ())
            hits += self._equals_cased.get(text, ())
            if self._networks:
                hits += self._in_networks(text)
            if self._set is not None:
                patterns = self._patterns
                hits += [patterns[n][1] for n in self._set.scan(text.encode("utf-8", "replace"))]
        return frozenset(hits)

    def _in_networks(self, text: str) -> list[int]:
        try:
            address = ipaddress.ip_address(text.strip("[]").partition("%")[0])
        except ValueError:
            return []
        address = getattr(address, "ipv4_mapped", None) or address
        return [
            number
            for network, number in self._networks
            if network.version == address.version and address in network
        ]


def expression_of(predicate: Predicate) -> Expression:
    """Give the regular expression of a text predicate."""
    if predicate.op is Op.REGEX:
        return Expression(
            predicate.value, predicate.cased, "s" in predicate.flags, "m" in predicate.flags
        )
    if predicate.op is Op.WILDCARD:
        return Expression(predicate.value, predicate.cased)
    head = r"\A" if predicate.op is Op.STARTSWITH else ""
    tail = r"\z" if predicate.op is Op.ENDSWITH else ""
    return Expression(head + escaped(predicate.value) + tail, predicate.cased)


def _number(text: str | None) -> float | None:
    try:
        number = float(text) if text else nan
    except ValueError:
        return None
    return number if isfinite(number) else None  # `inf` and `nan` are words, not numbers


def _compare(test: Callable[[float, float], bool]) -> Callable[[str], Callable[[str | None], bool]]:
    def bind(bound: str) -> Callable[[str | None], bool]:
        limit = float(bound)
        return lambda text: (number := _number(text)) is not None and test(number, limit)

    return bind


def _time_part(part: Callable[[datetime], int]) -> Callable[[str], Callable[[str | None], bool]]:
    def bind(wanted: str) -> Callable[[str | None], bool]:
        number = int(wanted)

        def test(text: str | None) -> bool:
            micros = parse_time(text)
            if micros == NO_TIME:
                return False
            return part(datetime.fromtimestamp(micros / 1_000_000, UTC)) == number

        return test

    return bind


_TESTS: dict[Op, Callable[[str], Callable[[str | None], bool]]] = {
    Op.EMPTY: lambda _: lambda text: not text,
    Op.BLANK: lambda _: lambda text: text == "",
    Op.PRESENT: lambda _: lambda text: text is not None,
    Op.LT: _compare(lambda number, limit: number < limit),
    Op.LTE: _compare(lambda number, limit: number <= limit),
    Op.GT: _compare(lambda number, limit: number > limit),
    Op.GTE: _compare(lambda number, limit: number >= limit),
    Op.MINUTE: _time_part(lambda moment: moment.minute),
    Op.HOUR: _time_part(lambda moment: moment.hour),
    Op.DAY: _time_part(lambda moment: moment.day),
    Op.WEEK: _time_part(lambda moment: moment.isocalendar().week),
    Op.MONTH: _time_part(lambda moment: moment.month),
    Op.YEAR: _time_part(lambda moment: moment.year),
}


def compare_fields(predicate: Predicate, left: Sequence[Key], right: Sequence[Key]) -> list[bool]:
    """Evaluate a `fieldref` predicate row by row; a row without one of the values has no match."""
    test = _FIELD_TESTS[predicate.op]
    fold = (lambda text: text) if predicate.cased else folded
    return [
        any(test(fold(a), fold(b)) for a in _each(one) for b in _each(other))
        for one, other in zip(left, right, strict=True)
    ]


def _each(key: Key) -> tuple[str, ...]:
    return key if isinstance(key, tuple) else (key,) if key else ()


_FIELD_TESTS: dict[Op, Callable[[str, str], bool]] = {
    Op.FIELD_EQUALS: lambda a, b: a == b,
    Op.FIELD_CONTAINS: lambda a, b: b in a,
    Op.FIELD_STARTSWITH: lambda a, b: a.startswith(b),
    Op.FIELD_ENDSWITH: lambda a, b: a.endswith(b),
}
