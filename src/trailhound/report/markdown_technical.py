"""The body of the technical report in Markdown: incidents with every finding, then what was read.

Size is bounded as in HTML: what is left out is said where it is left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from trailhound.model.result import Judged
from trailhound.report import markdown_text as md
from trailhound.report.attack import techniques_of
from trailhound.report.phrases import shown_entity
from trailhound.report.verdict import counted, counts, place, sentence, why

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from trailhound.model.finding import Finding, Pointer
    from trailhound.model.incident import Incident
    from trailhound.model.result import InputReport, Result
    from trailhound.report.phrases import Moments

FINDINGS = 200
"""Findings told in full."""
POINTERS, FIELDS = 5, 12
"""Records of a finding, and fields of a record."""
ENTITIES = 30


def technical(result: Result, moments: Moments, shown: list[str]) -> list[str]:
    """Give the lines below the title; `shown` are the pictures."""
    stats = result.stats
    above = [one for one in result.incidents if one.above_fold]
    facts = (
        f"{moments.days(stats.first, stats.last) or 'no time known'} ({moments.zone})",
        f"{counted(stats.files, 'source')}, {counted(stats.events, 'event')}",
        counted(len(result.findings), "finding"),
        f"rules for these logs: {stats.rules:,} of {stats.rules_total:,}",
        f"redacted: {result.redacted}" if result.redacted else "",
    )
    return [
        f"**{md.plain(sentence(' / '.join(counts(result))))}**", "",
        *md.bullets(filter(None, facts)),
        *_overview(above, moments),
        *(md.heading(2, "When, how and where") if shown else []), *shown,
        *_incidents(above, result.findings, moments),
        *_weak([one for one in result.incidents if not one.above_fold], moments),
        *_coverage(result, moments),
    ]  # fmt: skip


def _overview(above: Sequence[Incident], moments: Moments) -> list[str]:
    heads = ("", "What happened", "Severity", "Score", f"From ({moments.zone})", "To", "Id")
    rows = [
        (number, one.title, one.severity.word, one.score, moments.full(one.start),
         moments.full(one.end), one.id)
        for number, one in enumerate(above, 1)
    ]  # fmt: skip
    calm = md.paragraph("Nothing asks for a person in what could be judged.")
    return [*md.heading(2, "What asks for a person"), *(md.table(heads, rows) or calm)]


def _incidents(
    above: Sequence[Incident], findings: Sequence[Finding], moments: Moments
) -> list[str]:
    known, room, lines = {one.id: one for one in findings}, FINDINGS, []
    for number, one in enumerate(above, 1):
        ordered = dict.fromkeys([*(step.finding for step in one.steps), *one.findings])
        mine = [known[name] for name in ordered if name in known]
        lines += _incident(number, one, mine[: max(room, 0)], moments)
        left_out = len(mine) - max(room, 0)
        room -= len(mine)
        lines += md.paragraph(f"{left_out:,} more findings are not shown.") if left_out > 0 else []
    return [*(md.heading(2, "The incidents") if lines else []), *lines]


def _incident(
    number: int, one: Incident, findings: Sequence[Finding], moments: Moments
) -> list[str]:
    steps = [(moments.full(step.time), step.kind, step.nature.value, step.text, step.finding)
             for step in one.steps]  # fmt: skip
    heads = (f"Time ({moments.zone})", "Kind", "Nature", "What happened", "Finding")
    parts = [(part.name, f"{part.points:g}", part.text) for part in one.parts]
    return [
        *md.heading(3, f"{number}. {one.title}"),
        *md.paragraph(f"{one.severity.word.capitalize()}, {one.score} of 100, id {one.id}."),
        *md.paragraph(one.summary),
        *(["Do now:", "", *md.bullets(one.actions)] if one.actions else []),
        *(["Could be wrong if:", "", *md.bullets(one.doubts)] if one.doubts else []),
        *md.table(heads, steps),
        *md.paragraph(f"{why(one)}."),
        *md.table(("Part of the score", "Points", "How"), parts),
        *(line for finding in findings for line in _finding(finding, moments)),
    ]


def _finding(one: Finding, moments: Moments) -> list[str]:
    rule = one.rule
    who = ", ".join(filter(None, (rule.author or "unknown author", rule.licence))) if rule else ""
    reasons = [(r.text or r.feature, _value(r.value), _value(r.usual), _value(r.flips_at))
               for r in one.because]  # fmt: skip
    attack = "; ".join(
        f"{t.uid} {t.name}" if t.name != t.uid else t.uid for t in techniques_of(one)
    )
    first, last = moments.full(one.evidence.first), moments.full(one.evidence.last)
    seen = f"{counted(one.evidence.count, 'event')}, {first} to {last}"
    return [
        *md.heading(4, f"{one.title} {place(one.entities)}".strip()),
        *md.pairs((
            ("Judged", f"{one.severity.word}, {one.nature.value}, confidence {one.confidence:.2f}"),
            ("Seen", seen),
            ("ATT&CK", attack),
            ("Rule", f"{rule.title} ({rule.language} {rule.id}) by {who}" if rule else ""),
            ("Innocent causes", "; ".join(rule.falsepositives[:20]) if rule else ""),
            ("Finding", one.id),
        )),
        *md.table(("Because", "Here", "Usual", "Would change at"), reasons),
        *md.bullets(_entities(one)),
        *_evidence(one.evidence.pointers, one.evidence.count, moments),
    ]  # fmt: skip


def _value(value: str | float | bool | None) -> str:  # noqa: FBT001 - data
    return "" if value is None else str(value)


def _entities(one: Finding) -> Iterable[str]:
    told = [f"{e.type.value}: {shown_entity(e)} ({e.role.value})" for e in one.entities]
    more = len(told) - ENTITIES
    return [*told[:ENTITIES], *([f"and {more} more"] if more > 0 else [])]


def _evidence(pointers: Sequence[Pointer], count: int, moments: Moments) -> list[str]:
    rows = [(moments.full(p.time), f"{p.source} @ {p.offset}", _fields(p), p.event_uid)
            for p in pointers[:POINTERS]]  # fmt: skip
    rest = count - len(rows)
    more = md.paragraph(f"{rest:,} more events are not shown here.") if rest > 0 else []
    return [*md.table((f"Time ({moments.zone})", "Record", "Fields", "Event"), rows), *more]


def _fields(pointer: Pointer) -> str:
    named = [f"{name}: {value}" for name, value in pointer.fields.items()]
    more = [f"{len(named) - FIELDS} more fields"] if len(named) > FIELDS else []
    return "; ".join([*named[:FIELDS], *more])


def _weak(weak: Sequence[Incident], moments: Moments) -> list[str]:
    rows = [(one.title, one.severity.word, one.score, moments.full(one.start), one.id)
            for one in weak]  # fmt: skip
    heads = ("What", "Severity", "Score", f"From ({moments.zone})", "Id")
    return [*md.heading(2, "Weak signals"), *(md.table(heads, rows) or md.paragraph("None."))]


def _coverage(result: Result, moments: Moments) -> list[str]:
    missing = [one for one in result.not_judged if one.state is not Judged.JUDGED]
    gaps = [(one.indicator, one.state.value, one.missing, one.switch_on) for one in missing]
    folded = [(one.title, one.why, one.allow) for one in result.folded]
    assumed = [(one.what, one.value, one.why) for one in result.assumed]
    sources = [_source(one, moments) for one in result.inputs]
    skipped = [(one.file, one.line, one.reason) for one in result.skipped_rules]
    heads = ("Source", "Format", "State", "Events", "Bytes", f"From ({moments.zone})", "To", "Odd")
    chapters = (
        ("Usual here", md.table(("Rule", "Why it is folded", "To hide it"), folded)),
        ("What could not be judged",
         md.table(("Indicator class", "State", "What is missing", "How to switch it on"), gaps)),
        ("Assumed", md.table(("What", "Taken for", "Because"), assumed)),
        ("What was read", md.table(heads, sources)),
        ("Not read", md.bullets(result.not_read)),
        ("Rules that could not be used", md.table(("File", "Line", "Reason"), skipped)),
    )  # fmt: skip
    return [line for name, lines in chapters if lines for line in (*md.heading(2, name), *lines)]


def _source(one: InputReport, moments: Moments) -> Sequence[md.Cell]:
    odd = ", ".join(f"{kind} ({count:,})" for kind, count in sorted(one.oddity_counts.items()))
    state = f"{one.status}{', incomplete' if one.incomplete else ''}"
    times = ["" if t is None else moments.full(t) for t in (one.first, one.last)]
    return (one.source, one.reader, state, one.events, one.bytes, *times, odd)
