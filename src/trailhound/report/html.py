"""The result as one HTML file: no script, no link out, nothing loaded; light, dark and on paper.

It opens under `default-src 'none'; style-src 'unsafe-inline'`, which it declares itself. What
evidence says is text only (see `markup.py`). Size is bounded: what is left out is said where it is
left out.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from trailhound.model.incident import NEEDS_YOU
from trailhound.model.result import Judged
from trailhound.report.charts import timeline
from trailhound.report.html_incident import incident_article
from trailhound.report.markup import Html, join, table, tag
from trailhound.report.phrases import Moments

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import tzinfo

    from trailhound.model.finding import Finding
    from trailhound.model.incident import Incident
    from trailhound.model.result import InputReport, Result
    from trailhound.report.markup import Text

FINDINGS = 200
"""Findings told in full, those of the heaviest incidents first."""
ROWS = 500
"""Rows of any other table."""
ODDITIES = 20
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

METHOD = (
    (
        "Rules, behaviours and indicators judge single records or short sequences of them. "
        "Findings about the same host or person, no more than a day apart, form an incident."
    ),
    (
        "Its score is 100 times the chance that at least one of its witnesses is right, each "
        "weighing by severity and confidence. A rule counts once however often it matches, "
        "of rules that saw the same records the heaviest counts alone, and only the heaviest "
        "day counts. An incident needs you from 70 points and is worth a look from 45."
    ),
    (
        "A rule that matches very widely is folded: it is probably normal here. Nothing found "
        "means: nothing found in what could be judged."
    ),
    (
        "Addresses, links and mail addresses are written so that nobody follows them by "
        "accident (hxxps, [.] and [@]). Characters that do not show are written as \\x1b or "
        "\\u202e."
    ),
)


def html_report(result: Result, *, zone: tzinfo) -> Iterator[bytes]:
    """Give the file in pieces; equal results give equal bytes. Times are shown in `zone`."""
    moments = Moments(zone, result.stats.first, result.stats.last)
    yield _head(result)
    for piece in _body(result, moments):
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
        tag("title", f"Trailhound: {_title(result)}"),
        tag("style", _stylesheet()),
    )
    skip = tag("a", "Skip to the incidents", href="#incidents", class_="skip")
    start = f'<!doctype html>\n<html lang="en">{head}<body>{skip}<main>\n'
    return start.encode("utf-8", "backslashreplace")


@cache
def _stylesheet() -> Html:
    return Html(files("trailhound.report").joinpath("html.css").read_text("utf-8"))


def _title(result: Result) -> str:
    first = result.inputs[0].source.split("/")[0] if result.inputs else "nothing"
    return result.title or first


def _body(result: Result, moments: Moments) -> Iterator[Html]:
    yield _opening(result, moments)
    yield _contents()
    yield _section("when", "When", timeline(result.findings, moments))
    above = [one for one in result.incidents if one.above_fold]
    weak = [one for one in result.incidents if not one.above_fold]
    yield tag("h2", "What asks for a person", id="incidents")
    yield from _articles(above, result.findings, moments)
    yield _weak(weak, moments)
    yield _folded(result)
    yield _not_judged(result)
    yield _assumed(result)
    yield _inputs(result, moments)
    yield _skipped_rules(result)
    yield _section("method", "Method", *(tag("p", text) for text in METHOD))


def _opening(result: Result, moments: Moments) -> Html:
    stats = result.stats
    above = [one for one in result.incidents if one.above_fold]
    needs = sum(one.score >= NEEDS_YOU for one in above)
    weak = len(result.incidents) - len(above)
    counts = (
        f"{needs} need you . {len(above) - needs} to look at . {weak} weak signals folded"
        if result.incidents
        else "Nothing found in what could be judged"
    )
    days = moments.days(stats.first, stats.last) or "no time known"
    part = " . INTERRUPTED: this is a part of the evidence" if result.interrupted else ""
    part += f" . redacted: {result.redacted}" if result.redacted else ""
    facts = (
        f"{days} ({moments.zone}) . {stats.files:,} sources . {stats.events:,} events"
        f" . {len(result.findings):,} findings . rules for these logs: {stats.rules:,} of"
        f" {stats.rules_total:,} . Trailhound {result.version}"
    )
    title = tag("h1", _title(result))
    return tag("header", title, tag("p", counts + part, class_="verdict"), tag("p", facts))


_CHAPTERS = (
    ("incidents", "What asks for a person"),
    ("weak", "Weak signals"),
    ("folded", "Usual here"),
    ("not-judged", "Not judged"),
    ("assumed", "Assumed"),
    ("inputs", "What was read"),
    ("rules", "Rules that could not be used"),
    ("method", "Method"),
)


def _contents() -> Html:
    links = (tag("li", tag("a", name, href=f"#{place}")) for place, name in _CHAPTERS)
    return tag("nav", tag("ul", *links), aria_label="Contents")


def _section(place: str, heading: str, *content: Text) -> Html:
    return tag("section", tag("h2", heading, id=f"{place}"), *content)


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
    if not above:
        yield tag("p", "Nothing asks for a person in what could be judged.")


def _first_steps(one: Incident) -> list[str]:
    """Order the findings of an incident: those that are steps of its story, then the others."""
    return list(dict.fromkeys([*(step.finding for step in one.steps), *one.findings]))


def _weak(weak: Sequence[Incident], moments: Moments) -> Html:
    heads = ("What", "Severity", "Score", f"From ({moments.zone})", "Findings", "Id")
    rows = [
        (w.title, w.severity.word, w.score, moments.full(w.start), len(w.findings), w.id)
        for w in weak[:ROWS]
    ]
    made = tag(
        "details",
        tag("summary", f"{len(weak):,} weak signals, the strongest first"),
        table("Weak signals", heads, rows),
        _more(len(weak)),
    )
    return _section("weak", "Weak signals", made if weak else tag("p", "None."))


def _more(count: int) -> Html:
    text = f"{count - ROWS:,} more are not shown: the JSON output (--format json) has all."
    return tag("p", text) if count > ROWS else Html("")


def _folded(result: Result) -> Html:
    heads = ("Rule", "Why it is folded", "To hide it for good")
    rows = [(one.title, one.why, one.allow) for one in result.folded[:ROWS]]
    return _listed("folded", "Usual here", heads, rows, len(result.folded))


def _listed(
    place: str, heading: str, heads: Sequence[str], rows: Sequence[Sequence[Text]], count: int
) -> Html:
    made = join((table(heading, heads, rows), _more(count))) if rows else tag("p", "None.")
    return _section(place, heading, made)


def _not_judged(result: Result) -> Html:
    heads = ("Indicator class", "State", "What is missing", "How to switch it on")
    rows = [
        (one.indicator, _state(one.state, one.days), one.missing, one.switch_on)
        for one in result.not_judged
    ]
    return _listed("not-judged", "Not judged", heads, rows, len(rows))


def _state(state: Judged, days: int) -> str:
    return f"{state.value} ({days} days of history)" if state is not Judged.BLIND else state.value


def _assumed(result: Result) -> Html:
    rows = [(one.what, one.value, one.why) for one in result.assumed[:ROWS]]
    heads = ("What", "Taken for", "Because")
    return _listed("assumed", "Assumed", heads, rows, len(result.assumed))


def _inputs(result: Result, moments: Moments) -> Html:
    """List the sources: those with something odd first, then the others by name."""
    ordered = sorted(result.inputs, key=lambda one: (not one.incomplete, not one.oddity_counts))
    heads = ("Source", "Format", "State", "Events", "Bytes", f"From ({moments.zone})", "To", "Odd")
    rows = [
        (one.source, one.reader, _status(one), one.events, one.bytes, moments.full(one.first),
         moments.full(one.last), _oddities(one))
        for one in ordered[:ROWS]
    ]  # fmt: skip
    return _listed("inputs", "What was read", heads, rows, len(ordered))


def _status(one: InputReport) -> str:
    return f"{one.status}{', incomplete' if one.incomplete else ''}{', known' if one.known else ''}"


def _oddities(one: InputReport) -> Html:
    if not one.oddity_counts:
        return Html("")
    counts = [f"{kind} ({count:,})" for kind, count in sorted(one.oddity_counts.items())]
    told = [
        f"{o.kind} at byte {o.offset}{', lost' if o.lost else ''}: {o.detail}"
        for o in sorted(one.oddities, key=lambda o: not o.lost)[:ODDITIES]
    ]
    listed = tag("ul", *(tag("li", text) for text in told))
    return tag("details", tag("summary", ", ".join(counts)), listed)


def _skipped_rules(result: Result) -> Html:
    heads = ("File", "Line", "Reason")
    rows = [(one.file, one.line, one.reason) for one in result.skipped_rules[:ROWS]]
    return _listed("rules", "Rules that could not be used", heads, rows, len(result.skipped_rules))
