"""A second opinion on Sigma: pySigma's parse tree, evaluated the plainest way there is.

Meaning: text ignores case unless cased; null is no value, or one without text; the empty text is
only the latter; of a list, any element may match; a keyword is looked for in every value of the
record.
"""

from __future__ import annotations

import ipaddress
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sigma.collection import SigmaCollection
from sigma.conditions import (
    ConditionAND,
    ConditionFieldEqualsValueExpression,
    ConditionNOT,
    ConditionOR,
    ConditionValueExpression,
)
from sigma.rule import SigmaRule
from sigma.types import (
    CompareOperators,
    SigmaBool,
    SigmaCasedString,
    SigmaCIDRExpression,
    SigmaCompareExpression,
    SigmaExists,
    SigmaExpansion,
    SigmaFieldReference,
    SigmaNull,
    SigmaNumber,
    SigmaRegularExpression,
    SigmaRegularExpressionFlag,
    SigmaString,
    SigmaTimestampPart,
    SpecialChars,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    Lookup = Callable[[str], Any]

COMPARED = {
    CompareOperators.LT: lambda a, b: a < b,
    CompareOperators.LTE: lambda a, b: a <= b,
    CompareOperators.GT: lambda a, b: a > b,
    CompareOperators.GTE: lambda a, b: a >= b,
}
FLAGS = {
    SigmaRegularExpressionFlag.IGNORECASE: re.IGNORECASE,
    SigmaRegularExpressionFlag.MULTILINE: re.MULTILINE,
    SigmaRegularExpressionFlag.DOTALL: re.DOTALL,
}
WILD = {SpecialChars.WILDCARD_MULTI: ".*", SpecialChars.WILDCARD_SINGLE: "."}


def trees(text: str) -> list[Any]:
    """Parse one rule document with pySigma; one tree per condition."""
    return every_tree(text)[0]


def every_tree(text: str) -> list[list[Any]]:
    """Parse a file of rules; their trees in order."""
    rules = [rule for rule in SigmaCollection.from_yaml(text).rules if isinstance(rule, SigmaRule)]
    return [[one.parsed for one in rule.detection.parsed_condition] for rule in rules]


def holds(tree: Any, lookup: Lookup, texts: list[str]) -> bool:
    """Evaluate a tree. `lookup` gives a field's native value, `texts` are all of a record."""
    if isinstance(tree, ConditionAND):
        return all(holds(part, lookup, texts) for part in tree.args)
    if isinstance(tree, ConditionOR):
        return any(holds(part, lookup, texts) for part in tree.args)
    if isinstance(tree, ConditionNOT):
        return not holds(tree.args[0], lookup, texts)
    if isinstance(tree, ConditionFieldEqualsValueExpression):
        return fits(tree.value, values_of(lookup(tree.field)), lookup)
    assert isinstance(tree, ConditionValueExpression), tree
    return any(is_in(tree.value, text) for text in texts)


def values_of(value: Any) -> list[str | None]:
    """List a field's values as text; None where it has none."""
    if isinstance(value, list):
        return [as_text(one) for one in value if one is not None] or [None]
    return [as_text(value)]


def as_text(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return None if value is None else str(value)


def fits(wanted: Any, values: list[str | None], lookup: Lookup) -> bool:
    if isinstance(wanted, SigmaExpansion):
        return any(fits(one, values, lookup) for one in wanted.values)
    if isinstance(wanted, SigmaNull):
        return any(not value for value in values)
    if isinstance(wanted, SigmaExists):
        return any(value is not None for value in values) == bool(wanted)
    if isinstance(wanted, SigmaFieldReference):
        others = values_of(lookup(wanted.field))
        return any(refers(wanted, a, b) for a in values for b in others if a and b)
    return any(fits_one(wanted, value) for value in values)


def fits_one(wanted: Any, value: str | None) -> bool:  # noqa: PLR0911 - one per type
    if isinstance(wanted, SigmaString):
        return fits_text(wanted, value)
    if not value:
        return False
    if isinstance(wanted, SigmaBool):
        return value.lower() == str(bool(wanted)).lower()
    if isinstance(wanted, SigmaTimestampPart):
        return part_of(wanted, value)
    if isinstance(wanted, SigmaNumber):
        return value == as_text(wanted.number)
    if isinstance(wanted, SigmaRegularExpression):
        return regex_of(wanted).search(value) is not None
    if isinstance(wanted, SigmaCIDRExpression):
        return is_inside(wanted.cidr, value)
    assert isinstance(wanted, SigmaCompareExpression), wanted
    return is_number(value) and COMPARED[wanted.op](float(value), float(wanted.number.number))


def fits_text(wanted: SigmaString, value: str | None) -> bool:
    if value is None:
        return False
    if not wanted.s:
        return not value
    return pattern_of(wanted).fullmatch(value) is not None


PATTERNS: dict[tuple[Any, ...], re.Pattern[str]] = {}


def pattern_of(wanted: SigmaString) -> re.Pattern[str]:
    key = (isinstance(wanted, SigmaCasedString), *wanted.s)
    if key not in PATTERNS:
        PATTERNS[key] = made_pattern(wanted)
    return PATTERNS[key]


def made_pattern(wanted: SigmaString) -> re.Pattern[str]:
    body = "".join(WILD[part] if part in WILD else re.escape(str(part)) for part in wanted.s)
    cased = isinstance(wanted, SigmaCasedString)
    return re.compile(body, re.DOTALL | (0 if cased else re.IGNORECASE))


def regex_of(wanted: SigmaRegularExpression) -> re.Pattern[str]:
    r"""As in PCRE, `\w`, `\d`, `\s` and `\b` know ASCII only."""
    flags = sum(FLAGS[flag] for flag in wanted.flags)
    pattern = wanted.regexp.original
    return re.compile(pattern, flags | (re.ASCII if pattern.isascii() else 0))


def refers(wanted: SigmaFieldReference, value: str, other: str) -> bool:
    value, other = value.lower(), other.lower()
    if wanted.starts_with and wanted.ends_with:
        return other in value
    if wanted.starts_with:
        return value.startswith(other)
    return value.endswith(other) if wanted.ends_with else value == other


def is_inside(network: str, value: str) -> bool:
    try:
        address = ipaddress.ip_address(value)
    except ValueError:
        return False
    wanted = ipaddress.ip_network(network, strict=False)
    return address.version == wanted.version and address in wanted


def is_number(value: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?", value) is not None


def part_of(wanted: SigmaTimestampPart, value: str) -> bool:
    try:
        moment = datetime.fromisoformat(value).astimezone(UTC)
    except ValueError:
        return False
    part = wanted.timestamp_part.name.lower()
    number = moment.isocalendar().week if part == "week" else getattr(moment, part)
    return number == int(wanted.number)


def is_in(wanted: Any, text: str) -> bool:
    """Tell whether a keyword occurs anywhere in a text."""
    if isinstance(wanted, SigmaExpansion):
        return any(is_in(one, text) for one in wanted.values)
    if isinstance(wanted, SigmaString):
        return pattern_of(wanted).search(text) is not None
    if isinstance(wanted, SigmaNumber):
        return str(wanted.number) in text
    return fits_one(wanted, text)


def leaves(tree: Any) -> list[Any]:
    """List the comparisons of a tree."""
    if isinstance(tree, ConditionAND | ConditionOR | ConditionNOT):
        return [leaf for part in tree.args for leaf in leaves(part)]
    return [tree]
