"""Incidents and findings as parts of the HTML report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trailhound.report.charts import score_bar, score_table
from trailhound.report.markup import Html, items, join, pairs, table, tag
from trailhound.report.phrases import listed, shown_entity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from trailhound.model.entity import Entity
    from trailhound.model.finding import Finding, Pointer, Reason, RuleInfo
    from trailhound.model.incident import Incident
    from trailhound.report.markup import Text
    from trailhound.report.phrases import Moments

POINTERS = 20
"""Records shown of one finding."""
FIELDS = 20
"""Fields shown of one record."""


def incident_article(
    number: int, one: Incident, findings: Mapping[str, Finding], left_out: int, moments: Moments
) -> Html:
    """Tell one incident in full, with the findings given; `left_out` says how many are not."""
    told = [finding_article(f, moments) for name in one.findings if (f := findings.get(name))]
    more = tag("p", f"{left_out:,} more findings are not in this report: the JSON output has all.")
    return tag(
        "article",
        tag("h3", f"[{number}] {one.title}"),
        _verdict(one, moments),
        tag("p", one.summary),
        score_bar(one.score, one.parts),
        score_table(one.parts),
        _steps(one, moments),
        _entities(one.entities),
        _named("Could be wrong if", one.doubts),
        _named("Do now", one.actions),
        tag("h4", "Findings") if told else "",
        *told,
        more if left_out else "",
        id=f"incident-{number}",
    )


def _verdict(one: Incident, moments: Moments) -> Html:
    mark = tag("span", f"{one.severity.word.upper()} {one.score}", class_="mark")
    nature = "attack in progress (ioa)" if one.nature.value == "ioa" else "trace of one (ioc)"
    when = f"{moments.full(one.start)} to {moments.full(one.end)} {moments.zone}"
    return tag("p", mark, f" of 100 . {nature} . {when} . id {one.id}")


def _steps(one: Incident, moments: Moments) -> Html:
    rows = [(moments.full(s.time), s.nature.value, s.kind, s.text, s.finding) for s in one.steps]
    heads = (f"Time ({moments.zone})", "Nature", "Kind", "What happened", "Finding")
    return table("Timeline of steps", heads, rows) if rows else Html("")


def _entities(entities: Sequence[Entity]) -> Html:
    rows = [(e.type.value, shown_entity(e), e.role.value) for e in entities]
    return table("Who and what", ("Kind", "Name", "Part"), rows) if rows else Html("")


def _named(heading: str, texts: Sequence[str]) -> Html:
    return join((tag("h4", heading), items(texts))) if texts else Html("")


def finding_article(one: Finding, moments: Moments) -> Html:
    """Tell one finding: what, why, by whose rule, and where to look."""
    return tag(
        "article",
        tag("h4", one.title),
        pairs(_facts(one, moments)),
        _because(one.because),
        _rule(one.rule) if one.rule else "",
        _entities(one.entities),
        _evidence(one, moments),
        class_="finding",
    )


def _facts(one: Finding, moments: Moments) -> list[tuple[str, Text]]:
    return [
        ("Severity", f"{one.severity.word}, {one.nature.value}, confidence {one.confidence:.2f}"),
        ("Seen", (f"{one.evidence.count:,} events, {moments.full(one.evidence.first)} to "
                 f"{moments.full(one.evidence.last)} {moments.zone}")),
        ("Techniques", listed(one.techniques, 20)),
        ("Detector", f"{one.detector.kind.value} {one.detector.id} {one.detector.version}".strip()),
        ("Finding", one.id + (" (supports others only)" if one.supporting else "")),
    ]  # fmt: skip


def _because(reasons: Sequence[Reason]) -> Html:
    rows = [
        (r.text or r.feature, r.feature, _value(r.value, r.unit), _value(r.usual, r.unit),
         _value(r.flips_at, r.unit))
        for r in reasons
    ]  # fmt: skip
    heads = ("Because", "Field", "Here", "Usual", "Would change at")
    return table("Why", heads, rows) if rows else Html("")


def _value(value: str | float | bool | None, unit: str | None) -> str:  # noqa: FBT001 - data
    return "" if value is None else f"{value} {unit or ''}".rstrip()


def _rule(rule: RuleInfo) -> Html:
    facts: list[tuple[str, Text]] = [
        ("Rule", f"{rule.title} ({rule.language} {rule.id})"),
        ("Author", rule.author or "unknown"),
        ("Licence", rule.licence),
        ("Level", ", ".join(filter(None, (rule.level, rule.status)))),
        ("Description", rule.description),
        ("Innocent causes", "; ".join(rule.falsepositives[:20])),
        ("References", "; ".join(rule.references[:20])),
        ("Rule set", rule.source),
    ]
    return pairs(facts)


def _evidence(one: Finding, moments: Moments) -> Html:
    pointers = one.evidence.pointers[:POINTERS]
    heads = (f"Time ({moments.zone})", "Where", "Fields that mattered")
    rows = [
        (moments.full(p.time), f"{p.source} @ {p.offset} [{p.event_uid}]", _fields(p))
        for p in pointers
    ]
    rest = one.evidence.count - len(pointers)
    more = f"{rest:,} more events are not shown here. All kept records: trailhound show {one.id}"
    made = table("Evidence", heads, rows) if rows else Html("")
    return join((made, tag("p", more, class_="dim") if rest > 0 else ""))


def _fields(pointer: Pointer) -> Html:
    named: list[tuple[str, Text]] = list(pointer.fields.items())
    rest = len(named) - FIELDS
    more: list[tuple[str, Text]] = [("...", f"{rest} more fields")] if rest > 0 else []
    return pairs([*named[:FIELDS], *more])
