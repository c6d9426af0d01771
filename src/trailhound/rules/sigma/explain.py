"""Why a row matched, in data and in plain English."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trailhound.model.finding import Reason
from trailhound.rules.sigma.keywords import record_texts
from trailhound.rules.sigma.rule import FIELD_OPS, Op

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trailhound.model.batch import Batch, Column, Value
    from trailhound.rules.sigma.plan import Why
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
    Op.BLANK: "is there without text",
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
_VALUELESS = (Op.EMPTY, Op.BLANK, Op.PRESENT)


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
    expected = predicate.value if predicate.op not in _VALUELESS else None
    return Reason(
        predicate.field, as_shown(value), predicate.op.value, expected, text=in_words(predicate)
    )


def in_words(predicate: Predicate) -> str:
    """Say a comparison in plain English."""
    words = _WORDS.get(predicate.op, f"has the {predicate.op.value}")
    subject = predicate.field or "a value"
    if predicate.op in _VALUELESS:
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


class Shown:
    """The native fields worth showing: what matched, then what the rule's author lists.

    All are decoded at once, when the first row is asked for.
    """

    def __init__(self, batch: Batch, whys: Sequence[Why], more: Sequence[str]) -> None:
        self._batch, self._whys, self._more = batch, whys, more
        self._names: dict[int, tuple[str, ...]] = {}
        self._columns: dict[str, Column] = {}

    def of(self, row: int, why: Why) -> dict[str, str]:
        """Give the fields of a row that matched for this reason."""
        if not self._names:
            self._decode()
        columns = self._columns
        values = ((name, as_shown(columns[name][row])) for name in self._names[id(why)])
        return {name: str(value) for name, value in values if value not in (None, "")}

    def _decode(self) -> None:
        """Rows that matched alike share their reason, so there are few different lists of names."""
        for why in self._whys:
            if id(why) not in self._names:
                fields = [p.field for p in why if p.field]
                self._names[id(why)] = tuple(dict.fromkeys([*fields, *self._more]))[:MAX_FIELDS]
        names = dict.fromkeys(name for names in self._names.values() for name in names)
        self._columns = self._batch.columns(tuple(names))
