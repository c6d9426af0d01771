"""Small pictures of numbers as inline SVG. Each stands before the table with the same numbers.

They are stretched to the width there is, so words stand beside them and never shrink.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from trailhound.model.finding import Severity
from trailhound.report.markup import Html, join, table, tag

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trailhound.model.finding import Finding
    from trailhound.model.incident import ScorePart
    from trailhound.report.phrases import Moments

HOUR = 3_600_000_000
BUCKETS = 200
"""Most bars in a row and rows in the table: beyond it time is cut into longer pieces."""

_STEPS = (
    ("hour", HOUR),
    ("six hours", 6 * HOUR),
    ("day", 24 * HOUR),
    ("week", 7 * 24 * HOUR),
    ("30 days", 30 * 24 * HOUR),
    ("year", 365 * 24 * HOUR),
)
_WIDTH, _HEIGHT = 600, 24
_NARROWEST = 2.5
_SHADES = 3
_LABELS = 4
"""Times below the bars: one more than this, the first and the last at the ends."""

_Counts = Counter[tuple[int, Severity]]


def score_bar(score: int, parts: Sequence[ScorePart]) -> Html:
    """Show how the parts make up the score: one segment each, in the order of the table."""
    at, segments = 0.0, []
    for place, part in enumerate(parts):
        width = max(min(part.points, 100 - at), 0.0)
        name = f"{part.name}: {part.points:g}"
        classes = f"part shade{place % _SHADES}"
        box = tag("rect", x=_f(at * 6), y=2, width=_f(max(width * 6 - 1, 0)), height=16,
                  class_=classes)  # fmt: skip
        segments.append(tag("g", tag("title", name), box))
        at += width
    frame = tag("rect", x=0, y=2, width=600, height=16, class_="frame")
    label = f"Score {score} of 100 in {len(parts)} parts; the table below has the numbers"
    return _picture(_WIDTH, 20, label, frame, *segments, class_="score")


def score_table(parts: Sequence[ScorePart]) -> Html:
    """Give the numbers behind the bar."""
    rows = ((part.name, part.points, part.text) for part in parts)
    return table("Parts of the score", ("Part", "Points", "How"), rows)


def timeline(findings: Sequence[Finding], moments: Moments) -> Html:
    """Show when findings happened, a row for each severity, and the table behind it."""
    times = [(f.time, f.severity) for f in findings if f.time is not None]
    if not times:
        return tag("p", "No finding has a time." if findings else "There is no finding.")
    unit, step = step_of(min(times)[0], max(times)[0])
    counts = Counter((time // step, severity) for time, severity in times)
    caption = tag("p", f"Findings per {unit}, times in {moments.zone}", class_="dim")
    return join(
        (caption, _chart(counts, unit, step, moments), _numbers(counts, unit, step, moments))
    )


def step_of(first: int, last: int) -> tuple[str, int]:
    """Choose the shortest unit of time that needs at most `BUCKETS` pieces."""
    fitting = (one for one in _STEPS if last // one[1] - first // one[1] < BUCKETS)
    return next(fitting, _STEPS[-1])


def _chart(counts: _Counts, unit: str, step: int, moments: Moments) -> Html:
    totals: Counter[Severity] = Counter()
    for (_, severity), count in counts.items():
        totals[severity] += count
    rows = []
    for severity in sorted(totals, reverse=True):
        label = f"{severity.word} {totals[severity]:,}"
        rows.append(tag("span", label, class_=severity.word))
        rows.append(_row(counts, severity, f"{label}, findings per {unit}; numbers below"))
    return tag("div", *rows, _times(counts, step, moments), class_="chart")


def _row(counts: _Counts, severity: Severity, label: str) -> Html:
    first, last = min(counts)[0], max(counts)[0]
    slot = _WIDTH / (last - first + 1)
    highest = max(counts.values())
    axis = tag("line", x1=0, x2=_WIDTH, y1=_HEIGHT, y2=_HEIGHT, class_="axis")
    bars = [
        _bar((place - first) * slot, slot, counts[place, kind] / highest)
        for place, kind in sorted(counts)
        if kind is severity
    ]
    return _picture(_WIDTH, _HEIGHT, label, axis, *bars)


def _bar(left: float, slot: float, share: float) -> Html:
    height = max(share * (_HEIGHT - 2), 2)
    width = min(max(slot - 1, _NARROWEST), _WIDTH / 20)
    return tag("rect", x=_f(left), y=_f(_HEIGHT - height), width=_f(width), height=_f(height),
               class_="bar")  # fmt: skip


def _times(counts: _Counts, step: int, moments: Moments) -> Html:
    """Write times below the bars, evenly apart; the last is the end of the last bar."""
    first, last = min(counts)[0] * step, (max(counts)[0] + 1) * step
    places = [first + (last - first) * n // _LABELS for n in range(_LABELS + 1)]
    short = last - first <= BUCKETS * HOUR
    named = (
        moments.day_and_clock(one).strip() if short else moments.full(one)[:10] for one in places
    )
    return tag("div", *(tag("span", one) for one in named), class_="times", aria_hidden="true")


def _numbers(counts: _Counts, unit: str, step: int, moments: Moments) -> Html:
    severities = sorted({severity for _, severity in counts}, reverse=True)
    places = sorted({place for place, _ in counts})
    rows = [
        [moments.full(place * step)[:16], *(counts[place, one] or "" for one in severities)]
        for place in places[:BUCKETS]
    ]
    heads = (f"From ({moments.zone})", *(one.word for one in severities))
    summary = tag("summary", f"The numbers: findings per {unit}")
    return tag("details", summary, table(f"Findings per {unit}", heads, rows))


def _picture(width: int, height: int, label: str, *content: Html, class_: str = "row") -> Html:
    box = Html(f"0 0 {width} {height}")
    return tag("svg", *content, viewBox=box, preserveAspectRatio="none", role="img",
               class_=class_, aria_label=label)  # fmt: skip


def _f(number: float) -> Html:
    """Write a length with two digits, whatever the locale."""
    return Html(f"{number:.2f}".rstrip("0").rstrip("."))
