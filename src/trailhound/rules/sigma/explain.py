"""Why a row matched, in data and in plain English."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trailhound.model.finding import Reason
from trailhound.rules.sigma.keywords import record_texts
from trailhound.rules.sigma.rule import FIELD_OPS, Op

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trailhound.model.batch import Batch, Value
    from trailhound.rules.sigma.rule import Predicate

MAX_REASONS = 12
MAX_FIELDS = 14
MAX_TEXT = 600
_WORDS = {
    Op.EQUALS: "is",
    Op.CONTAINS: "contains",
    Op.STARTSWITH: "starts with",
    Op.ENDSWITH: "ends with",
    Op.WILDCARD: "fits the pattern",
    Op.REGEX: "fits the expression",
    Op.CIDR: "is inside",
    Op.EMPTY: "has no value",
    Op.PRESENT: "is present",
    Op.LT: "is below",
    Op.LTE: "is at most",
    Op.GT: "is above",
    Op.GTE: "is at least",
    Op.FIELD_EQUALS: "equals the field",
    Op.FIELD_CONTAINS: "contains the field",
    Op.FIELD_STARTSWITH: "starts with the field",
    Op.FIELD_ENDSWITH: "ends with the field",
}


def explain(batch: Batch, row: int, predicates: Sequence[Predicate]) -> tuple[Reason, ...]:
    """Give one reason per predicate that made the row match."""
    chosen = predicates[:MAX_REASONS]
    names = tuple(dict.fromkeys(p.field for p in chosen if p.field))
    columns = batch.columns(names)
    return tuple(_reason(batch, row, p, columns[p.field][row] if p.field else None) for p in chosen)


def _reason(batch: Batch, row: int, predicate: Predicate, value: Value) -> Reason:
    if not predicate.field:
        found = _around(batch, row, predicate.value)
        op = predicate.op.value
        return Reason("(any value)", found, op, predicate.value, text=in_words(predicate))
    expected = predicate.value if predicate.op not in (Op.EMPTY, Op.PRESENT) else None
    return Reason(
        predicate.field, as_shown(value), predicate.op.value, expected, text=in_words(predicate)
    )


def in_words(predicate: Predicate) -> str:
    """Say a comparison in plain English."""
    words = _WORDS.get(predicate.op, f"has the {predicate.op.value}")
    subject = predicate.field or "a value"
    if predicate.op in (Op.EMPTY, Op.PRESENT):
        return f"{subject} {words}"
    value = predicate.value if predicate.op in FIELD_OPS else repr(predicate.value)
    return f"{subject} {words} {value}"


def _around(batch: Batch, row: int, keyword: str) -> str:
    wanted = keyword.lower()
    for text in record_texts(batch, row):
        place = text.lower().find(wanted)
        if place >= 0:
            start = max(place - 80, 0)
            return text[start : place + len(keyword) + 80]
    return ""


def as_shown(value: Value) -> str | int | float | bool | None:
    """Give a value short enough to be shown; lists are joined."""
    if isinstance(value, list):
        value = ", ".join(str(item) for item in value)
    if isinstance(value, str) and len(value) > MAX_TEXT:
        return f"{value[:MAX_TEXT]}... ({len(value)} characters)"
    return value


def shown(
    batch: Batch, row: int, predicates: Sequence[Predicate], more: Sequence[str]
) -> dict[str, str]:
    """Give the native fields worth showing for a row: what matched, then what the author lists."""
    names = tuple(dict.fromkeys([*(p.field for p in predicates if p.field), *more]))[:MAX_FIELDS]
    columns = batch.columns(names)
    values = ((name, as_shown(columns[name][row])) for name in names)
    return {name: str(value) for name, value in values if value not in (None, "")}
