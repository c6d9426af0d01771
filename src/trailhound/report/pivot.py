"""One page about one entity, in plain text."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from trailhound.report.phrases import clip, shown, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trailhound.engine.pivot import Day, Done, Pivot, Related, Seen
    from trailhound.model.finding import Finding
    from trailhound.report.phrases import Moments

DAY = 86_400_000_000
BARS = "▁▂▃▄▅▆▇█"
MOST_DAYS = 60
MOST_DONE = 12
MOST_FINDINGS = 15


def pivot_lines(page: Pivot, findings: Sequence[Finding], moments: Moments) -> Iterator[str]:
    """Tell what the evidence says of an entity; `findings` are those about it."""
    yield clip(page.entity, 60)
    if not page.events and not findings:
        yield "  nothing in this evidence names it"
        return
    span = f"{moments.full(page.first)} to {moments.full(page.last)} {moments.zone}"
    yield f"  {page.events:,} events in {page.sources:,} sources, {span}"
    yield from _findings(findings, moments)
    yield from _days(page.days, moments)
    yield from _seen(page.seen)
    yield from _done(page.done, moments)
    yield from _related(page.related)


def _findings(findings: Sequence[Finding], moments: Moments) -> Iterator[str]:
    yield ""
    if not findings:
        yield "Findings: none"
        return
    yield f"Findings: {len(findings)}"
    worst = sorted(findings, key=lambda one: (-one.severity, one.time or 0, one.id))
    for one in worst[:MOST_FINDINGS]:
        when = moments.full(one.time)[:16] or "no time"
        yield f"  {one.severity.word:8} {when:16}  {clip(one.title, 40):40}  {one.id[:8]}"
    if len(worst) > MOST_FINDINGS:
        yield f"  and {len(worst) - MOST_FINDINGS} more (--format json has all)"


def _days(days: Sequence[Day], moments: Moments) -> Iterator[str]:
    """Draw the last days, each one character; a day without events is a blank."""
    if len(days) < 2:
        return
    counts = {day.start: day.events for day in days}
    last = days[-1].start
    first = max(days[0].start, last - (MOST_DAYS - 1) * DAY)
    most = max(counts.values())
    drawn = "".join(_bar(counts.get(day, 0), most) for day in range(first, last + DAY, DAY))
    yield ""
    yield f"By day (UTC), {moments.full(first)[:10]} to {moments.full(last)[:10]}, most {most:,}"
    yield f"  {drawn}"


def _bar(events: int, most: int) -> str:
    return BARS[min((events * len(BARS) - 1) // most, len(BARS) - 1)] if events else " "


def _seen(seen: Sequence[Seen]) -> Iterator[str]:
    if seen:
        told = (f"{one.type} ({one.role}) in {one.table} {one.events:,}" for one in seen)
        yield ""
        yield from wrapped("Seen as: ", ", ".join(told), most=8, indent=9)


def _done(done: Sequence[Done], moments: Moments) -> Iterator[str]:
    if not done:
        return
    yield ""
    yield "What happened"
    for one in done[:MOST_DONE]:
        what = " ".join(filter(None, (one.table, one.action, one.status)))
        first, last = moments.full(one.first)[:16], moments.full(one.last)[:16]
        yield f"  {one.events:9,}  {clip(what, 29):29}  {first} .. {last}".rstrip(" .")
    if len(done) > MOST_DONE:
        rest = sum(one.events for one in done[MOST_DONE:])
        yield f"  {rest:9,}  in {len(done) - MOST_DONE} further kinds"


def _related(related: Sequence[Related]) -> Iterator[str]:
    for kind, found in groupby(related, key=attrgetter("type")):
        told = ", ".join(f"{shown(one.value, 80)} {one.events:,}" for one in found)
        yield ""
        yield from wrapped(f"With {kind}: ", told, most=6, indent=7)
