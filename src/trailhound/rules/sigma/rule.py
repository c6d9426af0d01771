"""What a Sigma rule becomes: predicates on fields and one condition tree over them.

Trees are nested tuples, so that a compiled rule is plain data: `("p", n)` is the n-th predicate,
`("and", t, ...)`, `("or", t, ...)`, `("not", t)`, `("true",)`, `("false",)`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import msgspec

from trailhound.model.finding import Nature, RuleInfo, Severity

Tree = tuple[Any, ...]
TRUE: Tree = ("true",)
FALSE: Tree = ("false",)

YEAR_SECONDS = 31_556_952
"""The mean year of the calendar, as pySigma has it."""
MONTH_SECONDS = YEAR_SECONDS // 12


class Op(StrEnum):
    """How a predicate compares. Text comparisons ignore case unless the predicate is cased."""

    EQUALS = "equals"
    CONTAINS = "contains"
    STARTSWITH = "startswith"
    ENDSWITH = "endswith"
    WILDCARD = "wildcard"
    """Value is a regular expression made from a Sigma pattern with inner `*` or `?`."""
    REGEX = "regex"
    CIDR = "cidr"
    EMPTY = "empty"
    """No value (`null`): the field is missing, null or, as many logs write that, without text."""
    BLANK = "blank"
    """The empty string (`''`): the field is there, without text."""
    PRESENT = "present"
    """The field is there and not null."""
    LT = "lt"
    LTE = "lte"
    GT = "gt"
    GTE = "gte"
    FIELD_EQUALS = "field_equals"
    FIELD_CONTAINS = "field_contains"
    FIELD_STARTSWITH = "field_startswith"
    FIELD_ENDSWITH = "field_endswith"
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


FIELD_OPS = frozenset({Op.FIELD_EQUALS, Op.FIELD_CONTAINS, Op.FIELD_STARTSWITH, Op.FIELD_ENDSWITH})
PATTERN_OPS = frozenset({Op.CONTAINS, Op.STARTSWITH, Op.ENDSWITH, Op.WILDCARD, Op.REGEX})


class Predicate(msgspec.Struct, frozen=True, array_like=True):
    """One comparison. `field` is "" for a keyword, which looks at every value of the record.

    `flags` holds the regular expression flags of the rule (`i`, `m`, `s`).
    """

    field: str
    op: Op
    value: str = ""
    cased: bool = False
    flags: str = ""


class LogSource(msgspec.Struct, frozen=True, array_like=True):
    """The rule's log source; "" means not given."""

    category: str = ""
    product: str = ""
    service: str = ""

    def __str__(self) -> str:
        """Give `product/category/service` with only what is given."""
        return "/".join(part for part in (self.product, self.category, self.service) if part)


class SigmaRule(msgspec.Struct, frozen=True):
    """One compiled rule.

    `name` is what correlations refer to it by (besides its id); `support_only` rules never ask
    for a person by themselves; `show` are the fields its author wants shown.
    """

    info: RuleInfo
    severity: Severity
    nature: Nature
    logsource: LogSource
    predicates: tuple[Predicate, ...]
    tree: Tree
    name: str = ""
    show: tuple[str, ...] = ()
    techniques: tuple[str, ...] = ()
    support_only: bool = False
    emit: bool = True
    """False when only correlations use it (`generate: false`)."""
    line: int = 1


class CorrelationType(StrEnum):
    """The correlation types of the specification."""

    EVENT_COUNT = "event_count"
    VALUE_COUNT = "value_count"
    TEMPORAL = "temporal"
    TEMPORAL_ORDERED = "temporal_ordered"
    VALUE_SUM = "value_sum"
    VALUE_AVG = "value_avg"
    VALUE_PERCENTILE = "value_percentile"


class Correlation(msgspec.Struct, frozen=True):
    """One correlation rule.

    `rules` are ids or names of rules or correlations; `aliases` maps an alias to {rule: field};
    `timespan` is in microseconds; `bounds` are (op, number) pairs that must all hold;
    `fields` are what a condition looks at, several only to count their combinations;
    `expression` is an extended temporal condition over rule names, or None; `percentile` is 0..100.
    """

    info: RuleInfo
    severity: Severity
    type: CorrelationType
    rules: tuple[str, ...]
    group_by: tuple[str, ...]
    timespan: int
    bounds: tuple[tuple[str, float], ...] = ()
    fields: tuple[str, ...] = ()
    percentile: float = 50.0
    aliases: dict[str, dict[str, str]] = {}
    expression: Tree | None = None
    generate: bool = False
    name: str = ""
    techniques: tuple[str, ...] = ()
    support_only: bool = False
    nature: Nature = Nature.IOA
    line: int = 1

    @property
    def field(self) -> str:
        """Name what the condition looks at, for a person."""
        return " with ".join(self.fields)
