"""Firings of correlations as findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trailhound.model.entity import Entity, EntityType, Role
from trailhound.model.finding import (
    Detector,
    DetectorKind,
    Evidence,
    Finding,
    Reason,
    finding_id,
)
from trailhound.rules.sigma.collect import CONFIDENCE, DAY, MAX_ENTITIES, key_of
from trailhound.rules.sigma.correlation import entities_of, pointers_of
from trailhound.rules.sigma.rule import MONTH_SECONDS, YEAR_SECONDS, CorrelationType

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from trailhound.rules.sigma.correlation import Firing
    from trailhound.rules.sigma.rule import Correlation

_WHAT = {
    CorrelationType.EVENT_COUNT: "{value} matching events within {span}",
    CorrelationType.VALUE_COUNT: "{value} different values of {field} within {span}",
    CorrelationType.VALUE_SUM: "{field} adds up to {value} within {span}",
    CorrelationType.VALUE_AVG: "{field} is {value} on average within {span}",
    CorrelationType.VALUE_PERCENTILE: "percentile {percentile} of {field} is {value} within {span}",
    CorrelationType.TEMPORAL: "{value} of {rules} different rules matched within {span}",
    CorrelationType.TEMPORAL_ORDERED: "all {rules} steps happened in this order within {span}",
}


def correlation_findings(
    correlations: Sequence[Correlation], fired: Mapping[int, Sequence[Firing]], tenant: str = ""
) -> list[Finding]:
    """Turn firings into findings: one per correlation, group and day, revised by later episodes."""
    made: dict[str, Finding] = {}
    for position, firings in fired.items():
        for firing in firings:
            finding = _finding(correlations[position], firing, tenant)
            known = made.get(finding.id)
            made[finding.id] = _joined(known, finding) if known else finding
    return sorted(made.values(), key=lambda finding: (finding.time or 0, finding.id))


def _finding(correlation: Correlation, firing: Firing, tenant: str) -> Finding:
    entities = entities_of(firing)
    key = [Entity(EntityType.RESOURCE, value.lower()) for value in firing.group] or list(
        key_of(entities)
    )
    about = {value.lower() for value in firing.group}
    ordered = sorted(entities, key=lambda entity: entity.value not in about)
    rule = correlation.info
    return Finding(
        id=finding_id(rule.id, key, firing.first // DAY * DAY),
        time=firing.first,
        title=rule.title,
        severity=correlation.severity,
        nature=correlation.nature,
        confidence=CONFIDENCE.get(rule.status, 0.5),
        detector=Detector(DetectorKind.RULE, rule.id),
        entities=tuple(ordered[:MAX_ENTITIES])
        or tuple(Entity(e.type, e.value, Role.RELATED) for e in key),
        evidence=Evidence(firing.count, firing.first, firing.last, pointers_of(firing)),
        because=_because(correlation, firing),
        techniques=correlation.techniques,
        rule=rule,
        tenant=tenant,
        supporting=correlation.support_only,
    )


def _because(correlation: Correlation, firing: Firing) -> tuple[Reason, ...]:
    bound = correlation.bounds[0] if correlation.bounds else (None, None)
    text = _WHAT[correlation.type].format(
        value=f"{firing.value:g}",
        field=correlation.field,
        span=span_text(correlation.timespan),
        percentile=f"{correlation.percentile:g}",
        rules=len(correlation.rules),
    )
    first = Reason(
        correlation.field or correlation.type.value,
        round(firing.value, 3),
        bound[0],
        bound[1],
        flips_at=bound[1],
        text=text,
    )
    groups = [
        Reason(field, value, "grouped by", text=f"all with {field} {value!r}")
        for field, value in zip(correlation.group_by, firing.group, strict=True)
    ]
    return (first, *groups)


_SPANS = (
    ("years", YEAR_SECONDS),
    ("months", MONTH_SECONDS),
    ("days", 86_400),
    ("hours", 3_600),
    ("minutes", 60),
)


def span_text(micros: int) -> str:
    """Give a time span in the largest unit that fits, e.g. `15 minutes`."""
    seconds = micros // 1_000_000
    for unit, size in _SPANS:
        if seconds >= size and seconds % size == 0:
            count = seconds // size
            return f"{count} {unit if count > 1 else unit[:-1]}"
    return f"{seconds} seconds"


def _joined(one: Finding, two: Finding) -> Finding:
    early, late = sorted(
        (one, two), key=lambda finding: (finding.time or 0, finding.evidence.last or 0)
    )
    pointers = (*early.evidence.pointers, *late.evidence.pointers)
    evidence = Evidence(
        one.evidence.count + two.evidence.count,
        early.evidence.first,
        max(one.evidence.last or 0, two.evidence.last or 0),
        pointers[:100],
    )
    entities = tuple(dict.fromkeys((*early.entities, *late.entities)))[:MAX_ENTITIES]
    return Finding(
        id=early.id, time=early.time, title=early.title,
        severity=early.severity, nature=early.nature,
        confidence=early.confidence, detector=early.detector, entities=entities, evidence=evidence,
        because=early.because, techniques=early.techniques, rule=early.rule, tenant=early.tenant,
        supporting=early.supporting,
    )  # fmt: skip
