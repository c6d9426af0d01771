"""Incidents and findings as parts of the HTML report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trailhound.report.charts import score_bar, score_table
from trailhound.report.markup import Html, items, join, moment, pairs, table, tag, word
from trailhound.report.phrases import listed, shown_entity
from trailhound.report.verdict import counted, place, why

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from trailhound.model.entity import Entity
    from trailhound.model.finding import Finding, Pointer, Reason, RuleInfo
    from trailhound.model.incident import Incident
    from trailhound.report.markup import Text
    from trailhound.report.phrases import Moments

POINTERS = 20
"""Records shown of one finding."""
FIELDS = 20
"""Fields shown of one record."""

_NATURE = {"ioa": "steps of an attack (ioa)", "ioc": "trace of a compromise (ioc)"}


def incident_article(
    number: int, one: Incident, findings: Mapping[str, Finding], left_out: int, moments: Moments
) -> Html:
    """Tell one incident in full, with the findings given; `left_out` says how many are not."""
    told = [finding_details(f, moments) for name in one.findings if (f := findings.get(name))]
    more = tag("p", f"{left_out:,} more findings are not in this report: the JSON output has all.")
    return tag(
        "article",
        tag("h3", f"[{number}] {one.title}"),
        _verdict(one, moments),
        tag("p", one.summary),
        _advice(one),
        tag("h4", "Steps"),
        _steps(one, findings, moments),
        tag("h4", "Who and what"),
        _entities(one.entities),
        tag("h4", "Why this score"),
        tag("p", f"{why(one)}."),
        score_bar(one.score, one.parts),
        tag("details", tag("summary", "All parts of the score"), score_table(one.parts)),
        tag("h4", "Findings") if told else "",
        *told,
        more if left_out else "",
        id=f"incident-{number}",
    )


def severity(one: Incident | Finding) -> Html:
    """Name a severity, in its colour."""
    return tag("span", one.severity.word.upper(), class_=f"word {one.severity.word}")


def _verdict(one: Incident, moments: Moments) -> Html:
    score = tag("strong", f" {one.score} of 100")
    when = _period(one.start, one.end, moments)
    told = (severity(one), score, f" \u00b7 {_NATURE[one.nature.value]} \u00b7 ", when)
    return tag("p", *told, tag("span", f" \u00b7 id {one.id}", class_="dim"))


def _period(first: int | None, last: int | None, moments: Moments) -> Html:
    start, end = moments.full(first), moments.full(last)
    return join((
        moment(start),
        *((" to ", moment(end)) if end not in (start, "no time") else ()),
        f" {moments.zone}" if first is not None else "",
    ))  # fmt: skip


def _advice(one: Incident) -> Html:
    made = [_named("Do now", one.actions), _named("Could be wrong if", one.doubts)]
    return tag("div", *made, class_="advice") if any(made) else Html("")


def _named(heading: str, texts: Sequence[str]) -> Html:
    return tag("div", tag("h4", heading), items(texts)) if texts else Html("")


def _steps(one: Incident, findings: Mapping[str, Finding], moments: Moments) -> Html:
    rows = [
        (moment(moments.full(step.time)), place(found.entities) if found else "",
         word(step.kind),
         step.nature.value if step.nature is not one.nature else "",
         _link(step.text, step.finding) if found else step.text)
        for step in one.steps
        for found in [findings.get(step.finding)]
    ]  # fmt: skip
    heads = (f"Time ({moments.zone})", "Where", "Kind", "Nature", "What happened")
    return (
        table("In order of time, each with the way to its finding", heads, rows)
        if rows
        else Html("")
    )


def _link(text: str, finding: str) -> Html:
    return tag("a", text, href=f"#f-{finding}")


def _entities(entities: Sequence[Entity]) -> Html:
    named: dict[str, list[str]] = {}
    for one in entities:
        named.setdefault(one.type.value, []).append(f"{shown_entity(one)} ({one.role.value})")
    return pairs((kind, items(names)) for kind, names in named.items())


def finding_details(one: Finding, moments: Moments) -> Html:
    """Tell one finding, folded: what, why, by whose rule, and where to look."""
    head = (
        moment(moments.full(one.time)), " ", severity(one), " ",
        tag("strong", one.title), f" {place(one.entities)}",
    )  # fmt: skip
    body = tag(
        "div",
        pairs(_facts(one, moments)),
        _because(one.because),
        _entities(one.entities),
        _rule(one.rule) if one.rule else "",
        _evidence(one, moments),
    )
    return tag("details", tag("summary", *head), body, class_="finding", id=f"f-{one.id}")


def _facts(one: Finding, moments: Moments) -> list[tuple[str, Text]]:
    seen = _period(one.evidence.first, one.evidence.last, moments)
    detector = f"{one.detector.kind.value} {one.detector.id} {one.detector.version}".strip()
    return [
        ("Severity", f"{one.severity.word}, {one.nature.value}, confidence {one.confidence:.2f}"),
        ("Seen", join((f"{counted(one.evidence.count, 'event')}, ", seen))),
        ("Techniques", listed(one.techniques, 20)),
        ("Detector", "" if one.rule else detector),
        ("Finding", one.id + (" (supports others only)" if one.supporting else "")),
    ]


def _because(reasons: Sequence[Reason]) -> Html:
    rows = [
        (r.text or r.feature, "" if r.feature in r.text else r.feature, _value(r.value, r.unit),
         _value(r.usual, r.unit), _value(r.flips_at, r.unit))
        for r in reasons
    ]  # fmt: skip
    heads = ("Because", "Field", "Here", "Usual", "Would change at")
    return table("Why", heads, rows) if rows else Html("")


def _value(value: str | float | bool | None, unit: str | None) -> str:  # noqa: FBT001 - data
    return "" if value is None else f"{value} {unit or ''}".rstrip()


def _rule(rule: RuleInfo) -> Html:
    facts: list[tuple[str, Text]] = [
        ("Rule", f"{rule.title} ({rule.language} {rule.id})"),
        ("Description", rule.description),
        ("Innocent causes", "; ".join(rule.falsepositives[:20])),
        ("Author", ", ".join(filter(None, (rule.author or "unknown", rule.licence)))),
        ("Level", ", ".join(filter(None, (rule.level, rule.status)))),
        ("References", "; ".join(rule.references[:20])),
        ("Rule set", rule.source),
    ]
    return pairs(facts)


def _evidence(one: Finding, moments: Moments) -> Html:
    pointers = one.evidence.pointers[:POINTERS]
    rest = one.evidence.count - len(pointers)
    more = f"{rest:,} more events are not shown here. All kept records: trailhound show {one.id}"
    return join((
        tag("h4", "Evidence") if pointers else "",
        _records(pointers, moments),
        tag("p", more, class_="dim") if rest > 0 else "",
    ))  # fmt: skip


def _records(pointers: Iterable[Pointer], moments: Moments) -> Html:
    return join(
        tag(
            "div",
            moment(moments.full(p.time)),
            f" {p.source} @ {p.offset} [{p.event_uid}]",
            _fields(p),
            class_="record",
        )
        for p in pointers
    )


def _fields(pointer: Pointer) -> Html:
    named: list[tuple[str, Text]] = list(pointer.fields.items())
    rest = len(named) - FIELDS
    more: list[tuple[str, Text]] = [("...", f"{rest} more fields")] if rest > 0 else []
    return pairs([*named[:FIELDS], *more])
