"""One detection item (`field|modifier|modifier: values`) to a tree of predicates.

Modifiers of the Sigma 2 specification: all, base64, base64offset, cased, cidr, contains, endswith,
exists, expand, fieldref, gt, gte, lt, lte, neq, re (i, m, s), startswith, utf16, utf16be, utf16le,
wide, windash, and the time parts minute, hour, day, week, month, year.
"""

from __future__ import annotations

import base64
import ipaddress
import re
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise, product
from math import isfinite, nan
from typing import TYPE_CHECKING, Any

from trailhound.rules.sigma import pattern as sigma_pattern
from trailhound.rules.sigma.condition import join, negate
from trailhound.rules.sigma.pattern import DASHES, Wild, around, comparison, literal
from trailhound.rules.sigma.regex import check_regex
from trailhound.rules.sigma.rule import Op, Predicate, Tree

if TYPE_CHECKING:
    from trailhound.rules.sigma.pattern import Pattern

Intern = Callable[[Predicate], Tree]
"""Registers a predicate with its rule and gives its leaf."""

Expand = Mapping[str, Sequence[str]]
"""Values of placeholders, by name."""

MAX_VARIANTS = 2_000
MAX_TEXT = 8_000
"""Characters of one value: what is longer makes neither pattern engine quick."""
MAX_DASHES = 3
"""Dashes of one value that are spelt out in all ways: texts are found faster than patterns."""
_DASH = re.compile(r"\B[-/]\b")
_PLACEHOLDER = re.compile(r"%([^%\s]+)%")
_ENCODINGS = {
    "wide": "utf-16-le",
    "utf16le": "utf-16-le",
    "utf16be": "utf-16-be",
    "utf16": "utf-16",
}
_COMPARE = {"lt": Op.LT, "lte": Op.LTE, "gt": Op.GT, "gte": Op.GTE}
_TIME_PARTS = {op.value: op for op in (Op.MINUTE, Op.HOUR, Op.DAY, Op.WEEK, Op.MONTH, Op.YEAR)}
_ENDS = {"contains": (True, True), "startswith": (False, True), "endswith": (True, False)}
_FIELD_OPS = {
    "contains": Op.FIELD_CONTAINS,
    "startswith": Op.FIELD_STARTSWITH,
    "endswith": Op.FIELD_ENDSWITH,
}
_KNOWN = frozenset(
    {"all", "base64", "base64offset", "cased", "cidr", "exists", "expand", "fieldref", "neq", "re"}
    | {"i", "m", "s", "windash", *_ENCODINGS, *_COMPARE, *_TIME_PARTS, *_ENDS}
)


class ModifierError(ValueError):
    """What is wrong with a detection item, for a person."""


def item_tree(key: str, value: Any, intern: Intern, expand: Expand) -> Tree:
    """Compile one item. `key` is the field with its modifiers, or only modifiers for keywords."""
    field, *modifiers = key.split("|")
    unknown = [word for word in modifiers if word not in _KNOWN]
    if unknown:
        raise ModifierError(f"unknown modifier {unknown[0]!r}")
    values = value if isinstance(value, list) else [value]
    if not values:
        raise ModifierError("an empty list of values")
    trees = [_value_tree(field, modifiers, one, intern, expand) for one in values]
    tree = join("and" if "all" in modifiers else "or", trees)
    return negate(tree) if "neq" in modifiers else tree


def _value_tree(
    field: str, modifiers: list[str], value: Any, intern: Intern, expand: Expand
) -> Tree:
    if isinstance(value, (dict, list)):
        raise ModifierError("a value must be a string, a number, true, false or null")
    special = next((m for m in modifiers if m in _SPECIAL), None)
    if special:
        return _SPECIAL[special](field, modifiers, value, intern)
    if value is None:
        return intern(Predicate(field, Op.EMPTY))
    text = _text(value)
    if len(text) > MAX_TEXT:
        raise ModifierError(f"a value over {MAX_TEXT} characters")
    patterns = _patterns(text, modifiers, expand)
    cased = "cased" in modifiers
    return join("or", [intern(_predicate(field, one, cased=cased)) for one in patterns])


def _predicate(field: str, pattern: Pattern, *, cased: bool) -> Predicate:
    if not field:  # a keyword is looked for anywhere in a value
        pattern = around(pattern, before=True, after=True)
    op, text = comparison(pattern)
    return Predicate(field, op, text, cased)


def _text(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _patterns(text: str, modifiers: list[str], expand: Expand) -> list[Pattern]:
    """Apply the text modifiers in the order written."""
    found: list[Pattern] = [sigma_pattern.parse(text)]
    if "expand" in modifiers:
        found = [sigma_pattern.parse(one) for one in _expanded(text, expand)]
    encoding = ""
    for word in modifiers:
        if word in _ENCODINGS:
            encoding = _ENCODINGS[word]
        elif word in ("base64", "base64offset"):
            found = [
                made for one in found for made in _base64(one, encoding, offsets=word != "base64")
            ]
            encoding = ""
        elif word == "windash":
            found = [made for one in found for made in _windash(one)]
        elif word in _ENDS:
            before, after = _ENDS[word]
            found = [around(one, before=before, after=after) for one in found]
        if len(found) > MAX_VARIANTS:
            raise ModifierError(f"over {MAX_VARIANTS} variants of one value")
    return [_encoded(one, encoding) for one in found] if encoding else found


def _expanded(text: str, expand: Expand) -> list[str]:
    names = _PLACEHOLDER.findall(text)
    missing = [name for name in names if not expand.get(name)]
    if missing:
        raise ModifierError(f"placeholder %{missing[0]}% has no values in the expand table")
    choices = [expand[name] for name in names]
    made = []
    for choice in product(*choices):
        values = iter(choice)
        made.append(_PLACEHOLDER.sub(lambda _match, it=values: next(it), text))  # type: ignore[misc]
    return made


def _windash(pattern: Pattern) -> list[Pattern]:
    """Give each variant of the option dashes; `/` and the long dashes are as good to Windows."""
    pieces: list[tuple[str | Wild, ...]] = []
    for part in pattern:
        if isinstance(part, Wild):
            pieces.append((part,))
            continue
        ends = [0, *(n for m in _DASH.finditer(part) for n in m.span()), len(part)]
        for n, (start, stop) in enumerate(pairwise(ends)):
            pieces.append(DASHES if n % 2 else (part[start:stop],))
    if sum(piece is DASHES for piece in pieces) > MAX_DASHES:
        pieces = [(Wild.DASH,) if piece is DASHES else piece for piece in pieces]
    return [_merged(choice) for choice in product(*pieces)]


def _merged(parts: Sequence[str | Wild]) -> Pattern:
    merged: list[str | Wild] = []
    for part in parts:
        if isinstance(part, str) and merged and isinstance(merged[-1], str):
            merged[-1] += part
        elif part != "":
            merged.append(part)
    return tuple(merged)


def _bytes(pattern: Pattern, encoding: str) -> bytes:
    text = literal(pattern)
    if text is None:
        raise ModifierError("wildcards cannot be encoded")
    return text.encode(encoding or "utf-8")


def _base64(pattern: Pattern, encoding: str, *, offsets: bool) -> list[Pattern]:
    data = _bytes(pattern, encoding)
    if not offsets:
        return [(base64.b64encode(data).decode(),)]
    variants: list[Pattern] = []
    for offset, start in enumerate((0, 2, 3)):  # characters that the bytes before could change
        encoded = base64.b64encode(b" " * offset + data).decode()
        spare = (0, 3, 2)[(len(data) + offset) % 3]  # characters that the bytes after could change
        variants.append((encoded[start : len(encoded) - spare],))
    return variants


def _encoded(pattern: Pattern, encoding: str) -> Pattern:
    """Text that stays encoded is compared as Latin-1, byte by byte; wildcards stay."""
    if Wild.DASH in pattern:
        raise ModifierError(f"windash with over {MAX_DASHES} dashes cannot be encoded")
    return tuple(
        part if isinstance(part, Wild) else part.encode(encoding).decode("latin-1")
        for part in pattern
    )


def _regex(field: str, modifiers: list[str], value: Any, intern: Intern) -> Tree:
    flags = "".join(flag for flag in "ims" if flag in modifiers)
    problem = check_regex(_text(value), flags)
    if problem:
        raise ModifierError(problem)
    return intern(Predicate(field, Op.REGEX, _text(value), "i" not in flags, flags))


def _cidr(field: str, _modifiers: list[str], value: Any, intern: Intern) -> Tree:
    try:
        network = ipaddress.ip_network(_text(value), strict=False)
    except ValueError as error:
        raise ModifierError(f"not a network: {value!r}") from error
    return intern(Predicate(field, Op.CIDR, str(network)))


def _compare(field: str, modifiers: list[str], value: Any, intern: Intern) -> Tree:
    word = next(m for m in modifiers if m in _COMPARE)
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        number = nan
    if not isfinite(number):
        raise ModifierError(f"{word} needs a number, not {value!r}")
    return intern(Predicate(field, _COMPARE[word], repr(number)))


def _time_part(field: str, modifiers: list[str], value: Any, intern: Intern) -> Tree:
    word = next(m for m in modifiers if m in _TIME_PARTS)
    try:
        return intern(Predicate(field, _TIME_PARTS[word], str(int(value))))
    except (TypeError, ValueError) as error:
        raise ModifierError(f"{word} needs a whole number, not {value!r}") from error


def _exists(field: str, _modifiers: list[str], value: Any, intern: Intern) -> Tree:
    if not isinstance(value, bool):
        raise ModifierError(f"exists needs true or false, not {value!r}")
    leaf = intern(Predicate(field, Op.PRESENT))
    return leaf if value else negate(leaf)


def _fieldref(field: str, modifiers: list[str], value: Any, intern: Intern) -> Tree:
    if not isinstance(value, str) or not field:
        raise ModifierError("fieldref compares a field with the name of another field")
    op = next((_FIELD_OPS[m] for m in modifiers if m in _FIELD_OPS), Op.FIELD_EQUALS)
    return intern(Predicate(field, op, value, "cased" in modifiers))


_SPECIAL: dict[str, Callable[[str, list[str], Any, Intern], Tree]] = {
    "re": _regex,
    "cidr": _cidr,
    "exists": _exists,
    "fieldref": _fieldref,
    **dict.fromkeys(_COMPARE, _compare),
    **dict.fromkeys(_TIME_PARTS, _time_part),
}


def detection_tree(detection: Any, intern: Intern, expand: Expand) -> Tree:
    """Compile one named detection: a map (and), a list of maps (or), or keywords."""
    if isinstance(detection, dict):
        if not detection:
            raise ModifierError("an empty detection")
        items = [item_tree(str(key), value, intern, expand) for key, value in detection.items()]
        return join("and", items)
    if isinstance(detection, list):
        if not detection:
            raise ModifierError("an empty detection")
        return join("or", [_element(one, intern, expand) for one in detection])
    if isinstance(detection, (str, int, float)):
        return item_tree("", detection, intern, expand)
    raise ModifierError("an empty detection")


def _element(element: Any, intern: Intern, expand: Expand) -> Tree:
    if isinstance(element, dict):
        return detection_tree(element, intern, expand)
    return item_tree("", element, intern, expand)
