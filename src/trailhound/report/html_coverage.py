"""The end of the HTML report: weak signals, what is usual here, what was read and what was not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trailhound.model.result import Judged
from trailhound.report.html_incident import severity
from trailhound.report.markup import Html, items, join, moment, table, tag, word
from trailhound.report.verdict import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trailhound.model.incident import Incident
    from trailhound.model.result import InputReport, NotJudged, Result
    from trailhound.report.markup import Text
    from trailhound.report.phrases import Moments

ROWS = 500
"""Rows of a table."""
ODDITIES = 20

METHOD = (
    (
        "Rules, behaviours and indicators judge single records or short sequences of them. "
        "Findings about the same host or person, no more than a day apart, form an incident; a "
        "person's account for administration is the same person."
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
    "On paper only what is open is printed; the link \u201cOpen everything\u201d opens it all.",
)


def coverage(result: Result, moments: Moments) -> list[Html]:
    """Give the chapters below the incidents."""
    return [
        _weak([one for one in result.incidents if not one.above_fold], moments),
        _folded(result),
        _judged(result),
        _assumed(result),
        _inputs(result, moments),
        _skipped_rules(result),
        section("method", "Method", *(tag("p", text) for text in METHOD)),
    ]


def section(place: str, heading: str, *content: Text) -> Html:
    """Make a chapter that the contents can lead to."""
    return tag("section", tag("h2", heading, id=place), *content)


def _weak(weak: Sequence[Incident], moments: Moments) -> Html:
    heads = ("What", "Severity", "Score", f"From ({moments.zone})", "Findings", "Id")
    rows = [
        (w.title, severity(w), w.score, moment(moments.full(w.start)), len(w.findings), w.id)
        for w in weak[:ROWS]
    ]
    title = f"{counted(len(weak), 'weak signal')}, the strongest first"
    made = _folded_away(title, join((table("Weak signals", heads, rows), _more(len(weak)))))
    return section("weak", "Weak signals", made if weak else tag("p", "None."))


def _folded_away(title: str, content: Html) -> Html:
    return tag("details", tag("summary", title), content)


def _more(count: int) -> Html:
    text = f"{count - ROWS:,} more are not shown: the JSON output (--format json) has all."
    return tag("p", text) if count > ROWS else Html("")


def _folded(result: Result) -> Html:
    heads = ("Rule", "Why it is folded", "To hide it for good")
    rows = [(one.title, one.why, one.allow) for one in result.folded[:ROWS]]
    made = _listed("Rules that match widely, the most hits first", heads, rows, len(result.folded))
    return section("folded", "Usual here", made)


def _listed(caption: str, heads: Sequence[str], rows: Sequence[Sequence[Text]], count: int) -> Html:
    return join((table(caption, heads, rows), _more(count))) if rows else tag("p", "None.")


def _judged(result: Result) -> Html:
    """Say what could not be judged, then what could."""
    heads = ("Indicator class", "State", "What is missing", "How to switch it on")
    missing = [one for one in result.not_judged if one.state is not Judged.JUDGED]
    rows = [(one.indicator, _state(one), one.missing, one.switch_on) for one in missing]
    judged = [one.indicator for one in result.not_judged if one.state is Judged.JUDGED]
    made = table("What is missing", heads, rows) if rows else Html("")
    told = tag("p", f"Could be judged: {', '.join(judged) or 'nothing'}.")
    return section("judged", "What could be judged", made, told, _gaps(result))


def _gaps(result: Result) -> Html:
    """Say what products that are here do not tell."""
    heads = ("Product", "What it does not tell", "For", "How to switch it on")
    rows = [
        (gap.source, gap.missing, one.indicator, gap.switch_on)
        for one in result.not_judged
        for gap in one.gaps
    ]
    return table("What products that are here do not tell", heads, rows) if rows else Html("")


def _state(one: NotJudged) -> str:
    thin = one.state is Judged.THIN
    return f"{one.state.value} ({counted(one.days, 'day')} of history)" if thin else one.state.value


def _assumed(result: Result) -> Html:
    rows = [(one.what, one.value, one.why) for one in result.assumed[:ROWS]]
    heads = ("What", "Taken for", "Because")
    made = _listed("Nobody said so: learnt from the evidence", heads, rows, len(result.assumed))
    return section("assumed", "Assumed", made)


def _inputs(result: Result, moments: Moments) -> Html:
    """List the sources: those with something odd openly, the others folded."""
    odd = [one for one in result.inputs if _is_odd(one)]
    plain = [one for one in result.inputs if not _is_odd(one)]
    open_ = join((_sources("Something odd", odd[:ROWS], moments), _more(len(odd))))
    fine = join((_sources("Read whole", plain[:ROWS], moments), _more(len(plain))))
    return section(
        "inputs",
        "What was read",
        open_ if odd else "",
        _folded_away(f"{counted(len(plain), 'source')} read whole", fine) if plain else "",
        tag("p", "Nothing was read.") if not result.inputs else "",
        join((tag("h3", "Not read"), items(result.not_read[:ROWS]))) if result.not_read else "",
    )


def _is_odd(one: InputReport) -> bool:
    return one.incomplete or one.status != "read" or bool(one.oddity_counts)


def _sources(caption: str, inputs: Sequence[InputReport], moments: Moments) -> Html:
    heads = ("Source", "Format", "State", "Events", "Bytes", f"From ({moments.zone})", "To", "Odd")
    rows = [
        (one.source, word(one.reader), _status(one), one.events, one.bytes,
         _time(one.first, moments), _time(one.last, moments), _oddities(one))
        for one in inputs
    ]  # fmt: skip
    return table(caption, heads, rows)


def _time(micros: int | None, moments: Moments) -> Html:
    return Html("") if micros is None else moment(moments.full(micros))


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
    return _folded_away(", ".join(counts), items(told))


def _skipped_rules(result: Result) -> Html:
    heads = ("File", "Line", "Reason")
    rows = [(one.file, one.line, one.reason) for one in result.skipped_rules[:ROWS]]
    made = _listed("Where each has its mistake", heads, rows, len(result.skipped_rules))
    return section("rules", "Rules that could not be used", made)
