"""Documents to compiled rules and correlations."""

from __future__ import annotations

import re
from math import isfinite, nan
from typing import TYPE_CHECKING, Any

from trailhound.model.errors import RuleError, Where
from trailhound.model.finding import Nature, RuleInfo, Severity
from trailhound.rules.sigma.condition import ConditionError, join, parse_condition
from trailhound.rules.sigma.document import line_of
from trailhound.rules.sigma.modifiers import ModifierError, detection_tree
from trailhound.rules.sigma.rule import (
    MONTH_SECONDS,
    YEAR_SECONDS,
    Correlation,
    CorrelationType,
    LogSource,
    Op,
    SigmaRule,
)
from trailhound.rules.sigma.series import whole_documents

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trailhound.rules.sigma.modifiers import Expand
    from trailhound.rules.sigma.rule import (
        Predicate,
        Tree,
    )

MAX_PREDICATES = 10_000

_TECHNIQUE = re.compile(r"attack\.(t\d{4}(?:\.\d{3})?)\Z", re.IGNORECASE)
_SPAN = re.compile(r"(\d{1,6})\s*([smhdwMy])\Z")
_UNITS = {
    "s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800, "M": MONTH_SECONDS, "y": YEAR_SECONDS
}  # fmt: skip
_BOUNDS = ("gt", "gte", "lt", "lte", "eq", "neq")
_SUPPORT_LEVELS = (Severity.INFORMATIONAL, Severity.LOW)
_IOC_FIELD = re.compile(
    r"hash|md5|sha1|sha256|imphash|domain|queryname|query|destinationip|destinationhostname|dst_ip|"
    r"src_ip|c-uri|url|cs-host|filename|targetfilename|image|imageloaded|originalfilename",
    re.IGNORECASE,
)


def parse_file(
    text: bytes, source: str, expand: Expand, *, licence: str = ""
) -> tuple[list[SigmaRule | Correlation], list[RuleError]]:
    """Compile every document of a rule file; one that cannot be used gives an error instead."""
    made: list[SigmaRule | Correlation] = []
    errors: list[RuleError] = []
    try:
        for document, line in whole_documents(text, source, errors):
            try:
                made.append(_Compiler(text, source, line, expand, licence).compile(document))
            except RuleError as error:
                errors.append(error)
    except RuleError as error:
        errors.append(error)
    return made, errors


class _Compiler:
    """Compiles one document; holds what errors need to be located."""

    def __init__(self, text: bytes, source: str, line: int, expand: Expand, licence: str) -> None:
        self._text, self._source, self._line = text, source, line
        self._expand, self._licence = expand, licence
        self._predicates: dict[Predicate, int] = {}

    def compile(self, document: dict[str, Any]) -> SigmaRule | Correlation:
        info = self._info(document)
        if "correlation" in document:
            return self._correlation(document, info)
        return self._rule(document, info)

    def _fail(self, what: str, key: str, todo: str = "") -> RuleError:
        where = Where(self._source, line_of(self._text, key, self._line))
        return RuleError(what, where=where, todo=todo)

    def _info(self, document: dict[str, Any]) -> RuleInfo:
        title = document.get("title")
        if not isinstance(title, str) or not title.strip():
            raise self._fail("the rule has no title", "title")
        identity = str(document.get("id") or document.get("name") or f"{self._source}:{self._line}")
        return RuleInfo(
            language="sigma",
            id=identity,
            title=title.strip(),
            author=_line(document.get("author")),
            level=str(document.get("level") or "medium"),
            status=str(document.get("status") or ""),
            tags=_texts(document.get("tags")),
            references=_texts(document.get("references")),
            falsepositives=_texts(document.get("falsepositives")),
            source=self._source,
            licence=_line(document.get("license")) or self._licence,
            description=_line(document.get("description")),
        )

    def _severity(self, info: RuleInfo) -> Severity:
        try:
            return Severity.parse(info.level)
        except ValueError as error:
            raise self._fail(str(error), "level") from error

    def _support_only(self, info: RuleInfo, severity: Severity) -> bool:
        hunting = "detection.threat-hunting" in info.tags
        return severity in _SUPPORT_LEVELS or info.status == "experimental" or hunting

    def _rule(self, document: dict[str, Any], info: RuleInfo) -> SigmaRule:
        detection = document.get("detection")
        if not isinstance(detection, dict):
            raise self._fail("the rule has no detection", "detection")
        conditions = detection.get("condition")
        if conditions is None:
            raise self._fail("the detection has no condition", "detection")
        named = {
            str(name): self._detection(str(name), value)
            for name, value in detection.items()
            if name not in ("condition", "timeframe")
        }
        tree = self._conditions(conditions, named)
        severity = self._severity(info)
        predicates = tuple(self._predicates)
        return SigmaRule(
            info=info,
            severity=severity,
            nature=self._nature(document, tree, predicates),
            logsource=self._logsource(document),
            predicates=predicates,
            tree=tree,
            name=str(document.get("name") or ""),
            show=_texts(document.get("fields")),
            techniques=techniques(info.tags),
            support_only=self._support_only(info, severity),
            line=self._line,
        )

    def _logsource(self, document: dict[str, Any]) -> LogSource:
        raw = document.get("logsource")
        if not isinstance(raw, dict) or not raw:
            raise self._fail("the rule has no log source", "logsource")
        words = [str(raw.get(key) or "").lower() for key in ("category", "product", "service")]
        if not any(words):
            raise self._fail("the log source names no category, product or service", "logsource")
        return LogSource(*words)

    def _detection(self, name: str, value: Any) -> Tree:
        try:
            return detection_tree(value, self._intern, self._expand)
        except ModifierError as error:
            raise self._fail(f"detection {name!r}: {error}", name) from error

    def _conditions(self, conditions: Any, named: dict[str, Tree]) -> Tree:
        texts = conditions if isinstance(conditions, list) else [conditions]
        try:
            return join("or", [parse_condition(str(text), named) for text in texts])
        except ConditionError as error:
            raise self._fail(f"condition: {error}", "condition") from error

    def _intern(self, predicate: Predicate) -> Tree:
        number = self._predicates.setdefault(predicate, len(self._predicates))
        if number >= MAX_PREDICATES:
            raise ModifierError(f"over {MAX_PREDICATES} comparisons in one rule")
        return ("p", number)

    def _nature(
        self, document: dict[str, Any], tree: Tree, predicates: Sequence[Predicate]
    ) -> Nature:
        """Equalities on hashes, names and addresses find traces; anything else, attacks."""
        declared = self._declared(document)
        if declared is not None:
            return declared
        positive = [predicates[n] for n in _positive(tree)]
        traces = all(p.op in (Op.EQUALS, Op.CIDR) or _is_hash(p) for p in positive)
        named = all(p.field and _IOC_FIELD.search(p.field) for p in positive)
        return Nature.IOC if positive and traces and named else Nature.IOA

    def _declared(self, document: dict[str, Any]) -> Nature | None:
        nature = document.get("nature")
        if nature is not None and nature not in ("ioc", "ioa"):
            raise self._fail(f"nature must be ioc or ioa, not {nature!r}", "nature")
        return Nature(nature) if nature else None

    def _correlation(self, document: dict[str, Any], info: RuleInfo) -> Correlation:
        raw = document["correlation"]
        if not isinstance(raw, dict):
            raise self._fail("correlation must be a map", "correlation")
        kind = self._type(raw)
        condition = raw.get("condition")
        severity = self._severity(info)
        rules = _texts(raw.get("rules"))
        if not rules:
            raise self._fail("the correlation names no rules", "correlation")
        return Correlation(
            info=info,
            severity=severity,
            type=kind,
            rules=rules,
            group_by=_texts(raw.get("group-by")),
            timespan=self._timespan(raw),
            bounds=self._bounds(condition, kind),
            fields=self._fields(condition, kind),
            percentile=self._percentile(condition),
            aliases=self._aliases(raw),
            expression=self._expression(condition, rules),
            generate=bool(raw.get("generate", document.get("generate", False))),
            name=str(document.get("name") or ""),
            techniques=techniques(info.tags),
            support_only=self._support_only(info, severity),
            nature=self._declared(document) or Nature.IOA,
            line=self._line,
        )

    def _type(self, raw: dict[str, Any]) -> CorrelationType:
        try:
            return CorrelationType(str(raw.get("type")))
        except ValueError as error:
            allowed = ", ".join(CorrelationType)
            raise self._fail(
                f"unknown correlation type {raw.get('type')!r}", "type", f"use one of {allowed}"
            ) from error

    def _timespan(self, raw: dict[str, Any]) -> int:
        match = _SPAN.match(str(raw.get("timespan") or raw.get("timeframe") or ""))
        if match is None or not int(match[1]):
            raise self._fail("the correlation needs a timespan such as 10m, 1h, 7d", "timespan")
        return int(match[1]) * _UNITS[match[2]] * 1_000_000

    def _bounds(self, condition: Any, kind: CorrelationType) -> tuple[tuple[str, float], ...]:
        temporal = kind in (CorrelationType.TEMPORAL, CorrelationType.TEMPORAL_ORDERED)
        if not isinstance(condition, dict):
            if temporal:
                return ()
            raise self._fail(f"{kind} needs a condition such as gte: 10", "condition")
        bounds = tuple((op, self._number(condition, op)) for op in _BOUNDS if op in condition)
        if not bounds and not temporal:
            raise self._fail(f"{kind} needs one of {', '.join(_BOUNDS)}", "condition")
        return bounds

    def _number(self, condition: dict[str, Any], key: str) -> float:
        try:
            number = float(condition[key])
        except (TypeError, ValueError, OverflowError):
            number = nan
        if not isfinite(number):
            raise self._fail(f"{key} needs a number, not {condition[key]!r}", key)
        return number

    def _fields(self, condition: Any, kind: CorrelationType) -> tuple[str, ...]:
        fields = _texts(condition.get("field")) if isinstance(condition, dict) else ()
        if not all(fields) or (not fields and kind.startswith("value_")):
            raise self._fail(f"{kind} needs the field it looks at", "condition")
        if len(fields) > 1 and kind is not CorrelationType.VALUE_COUNT:
            raise self._fail(f"{kind} looks at one field, not at a list of them", "field")
        return fields

    def _percentile(self, condition: Any) -> float:
        given = isinstance(condition, dict) and "percentile" in condition
        value = self._number(condition, "percentile") if given else 50.0
        if not 0 <= value <= 100:
            raise self._fail("percentile must lie between 0 and 100", "percentile")
        return value

    def _aliases(self, raw: dict[str, Any]) -> dict[str, dict[str, str]]:
        aliases = raw.get("aliases") or {}
        if not isinstance(aliases, dict) or not all(isinstance(v, dict) for v in aliases.values()):
            raise self._fail("aliases map an alias to {rule: field}", "aliases")
        return {
            str(alias): {str(rule): str(field) for rule, field in fields.items()}
            for alias, fields in aliases.items()
        }

    def _expression(self, condition: Any, rules: tuple[str, ...]) -> Tree | None:
        if not isinstance(condition, str):
            return None
        named: dict[str, Tree] = {rule: ("p", n) for n, rule in enumerate(rules)}
        try:
            return parse_condition(condition, named)
        except ConditionError as error:
            raise self._fail(f"condition: {error}", "condition") from error


def techniques(tags: Sequence[str]) -> tuple[str, ...]:
    """Give the ATT&CK technique ids among a rule's tags."""
    found = (_TECHNIQUE.match(tag) for tag in tags)
    return tuple(match[1].upper() for match in found if match)


def _positive(tree: Tree, *, negated: bool = False) -> list[int]:
    kind = tree[0]
    if kind == "p":
        return [] if negated else [tree[1]]
    if kind == "not":
        return _positive(tree[1], negated=not negated)
    return [n for part in tree[1:] for n in _positive(part, negated=negated)]


def _is_hash(predicate: Predicate) -> bool:
    """`Hashes|contains: 'SHA256=...'` is an equality on one hash of the list."""
    return predicate.op is Op.CONTAINS and "hash" in predicate.field.lower()


def _texts(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    values = value if isinstance(value, list) else [value]
    return tuple(" ".join(str(one).split()) for one in values if one is not None)


def _line(value: Any) -> str:
    if isinstance(value, list):
        value = ", ".join(map(str, value))
    return " ".join(str(value).split()) if value is not None else ""
