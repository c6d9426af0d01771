"""The result as one HTML file: no script, no link out, nothing loaded; light, dark and on paper.

It opens under `default-src 'none'; style-src 'unsafe-inline'`, which it declares itself. What
evidence says is text only (see `markup.py`). Size is bounded: what is left out is said where it is
left out.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from trailhound.report.charts import timeline
from trailhound.report.html_coverage import coverage, section
from trailhound.report.html_executive import executive_body
from trailhound.report.html_incident import incident_article, severity
from trailhound.report.html_pictures import figures
from trailhound.report.markup import Html, join, moment, table, tag
from trailhound.report.phrases import Moments
from trailhound.report.svg import stylesheet as picture_styles
from trailhound.report.verdict import counted, counts, is_active, sentence, title

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import tzinfo

    from trailhound.model.finding import Finding
    from trailhound.model.incident import Incident
    from trailhound.model.result import Result

FINDINGS = 200
"""Findings told in full, those of the heaviest incidents first."""
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def html_report(result: Result, *, zone: tzinfo, short: bool = False) -> Iterator[bytes]:
    """Give the file in pieces; equal results give equal bytes. Times are shown in `zone`.

    `short` is the form for those who decide: a page or two, no rule, no record.
    """
    moments = Moments(zone, result.stats.first, result.stats.last)
    yield _head(result)
    for piece in executive_body(result, moments) if short else _body(result, moments):
        yield piece.encode("utf-8", "backslashreplace") + b"\n"
    yield b"</main></body></html>\n"


def _head(result: Result) -> bytes:
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=Html(POLICY)),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", f"Trailhound: {title(result)}"),
        tag("style", _stylesheet(), picture_styles()),
    )
    skip = tag("a", "Skip to the incidents", href="#incidents", class_="skip")
    start = f'<!doctype html>\n<html lang="en">{head}<body id="all">{skip}<main>\n'
    return start.encode("utf-8", "backslashreplace")


@cache
def _stylesheet() -> Html:
    return Html(files("trailhound.report").joinpath("html.css").read_text("utf-8"))


def _body(result: Result, moments: Moments) -> Iterator[Html]:
    above = [one for one in result.incidents if one.above_fold]
    yield _opening(result, moments)
    yield _contents()
    yield section("incidents", "What asks for a person", _overview(above, result, moments))
    yield section("when", "When", timeline(result.findings, moments))
    yield figures(result, moments)
    if above:
        yield tag("h2", "The incidents")
    yield from _articles(above, result.findings, moments)
    yield from coverage(result, moments)


def _opening(result: Result, moments: Moments) -> Html:
    stats = result.stats
    told = [*counts(result), f"redacted: {result.redacted}" if result.redacted else ""]
    verdict = _DOT.join(filter(None, told))
    days = moments.days(stats.first, stats.last) or "no time known"
    facts = (
        f"{days} ({moments.zone})",
        counted(stats.files, "source"),
        counted(stats.events, "event"),
        counted(len(result.findings), "finding"),
        f"rules for these logs: {stats.rules:,} of {stats.rules_total:,}",
        f"Trailhound {result.version}",
    )
    return tag(
        "header",
        tag("h1", title(result)),
        tag("p", sentence(verdict), class_="verdict"),
        tag("p", _DOT.join(facts), class_="dim"),
    )


_DOT = " \u00b7 "

_CHAPTERS = (
    ("incidents", "What asks for a person"),
    ("when", "When"),
    ("where", "Where and how"),
    ("weak", "Weak signals"),
    ("folded", "Usual here"),
    ("judged", "What could be judged"),
    ("assumed", "Assumed"),
    ("inputs", "What was read"),
    ("rules", "Rules that could not be used"),
    ("method", "Method"),
    ("all", "Open everything"),
)


def _contents() -> Html:
    links = (tag("li", tag("a", name, href=f"#{place}")) for place, name in _CHAPTERS)
    return tag("nav", tag("ul", *links), aria_label="Contents")


def _overview(above: Sequence[Incident], result: Result, moments: Moments) -> Html:
    """List the incidents, each with the way to its story."""
    if not above:
        return tag("p", "Nothing asks for a person in what could be judged.")
    heads = ("What happened", "Severity and score", f"From ({moments.zone})", "To", "State")
    rows = [
        (tag("a", f"[{number}] {one.title}", href=f"#incident-{number}"),
         join((severity(one), f" {one.score}")),
         moment(moments.full(one.start)), moment(moments.full(one.end)),
         "may go on" if is_active(one, result.stats.last) else "")
        for number, one in enumerate(above, 1)
    ]  # fmt: skip
    return table("The heaviest first", heads, rows)


def _articles(
    above: Sequence[Incident], findings: Sequence[Finding], moments: Moments
) -> Iterator[Html]:
    """Tell incidents in order, each with its findings while there is room for some."""
    known = {finding.id: finding for finding in findings}
    room = FINDINGS
    for number, one in enumerate(above, 1):
        wanted = _first_steps(one)[: max(room, 0)]
        room -= len(wanted)
        chosen = {name: known[name] for name in wanted if name in known}
        yield incident_article(number, one, chosen, len(one.findings) - len(wanted), moments)


def _first_steps(one: Incident) -> list[str]:
    """Order the findings of an incident: those that are steps of its story, then the others."""
    return list(dict.fromkeys([*(step.finding for step in one.steps), *one.findings]))
