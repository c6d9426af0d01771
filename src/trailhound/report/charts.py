"""Small pictures of numbers as inline SVG. Each stands before the table with the same numbers."""

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
_LABEL, _WIDTH, _ROW = 90, 600, 22
_SHADES = 6


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
    return _picture(600, 20, label, frame, *segments)


def score_table(parts: Sequence[ScorePart]) -> Html:
    """Give the numbers behind the bar."""
    rows = ((part.name, part.points, part.text) for part in parts)
    return table("Parts of the score", ("Part", "Points", "How"), rows)


def timeline(findings: Sequence[Finding], moments: Moments) -> Html:
    """Show when findings happened, a row for each severity, and the table behind it."""
    times = [(f.time, f.severity) for f in findings if f.time is not None]
    if not times:
        return tag("p", "No finding has a time.")
    unit, step = _step(min(times)[0], max(times)[0])
    counts = Counter((time // step, severity) for time, severity in times)
    picture = _rows(counts, unit)
    return join((picture, _numbers(counts, unit, step, moments)))


def _step(first: int, last: int) -> tuple[str, int]:
    """Choose the shortest unit of time that needs at most `BUCKETS` pieces."""
    fitting = (one for one in _STEPS if last // one[1] - first // one[1] < BUCKETS)
    return next(fitting, _STEPS[-1])


def _rows(counts: Counter[tuple[int, Severity]], unit: str) -> Html:
    first, last = min(counts)[0], max(counts)[0]
    slot = _WIDTH / (last - first + 1)
    highest = max(counts.values())
    severities = [s for s in reversed(Severity) if any(key[1] is s for key in counts)]
    drawn = []
    for row, severity in enumerate(severities):
        base = (row + 1) * _ROW
        drawn.append(tag("text", severity.word, x=0, y=base - 6))
        drawn.append(tag("line", x1=_LABEL, x2=_LABEL + _WIDTH, y1=base, y2=base, class_="axis"))
        drawn += [
            _bar(_LABEL + (place - first) * slot, slot, base, counts[place, severity] / highest)
            for place, kind in sorted(counts)
            if kind is severity
        ]
    label = f"Findings per {unit} by severity; the table below has the numbers"
    return _picture(_LABEL + _WIDTH, len(severities) * _ROW + 2, label, *drawn)


def _bar(left: float, slot: float, base: int, share: float) -> Html:
    height = max(share * (_ROW - 4), 2)
    width = max(slot - 1, 1.5)
    return tag("rect", x=_f(left), y=_f(base - height), width=_f(width), height=_f(height),
               class_="bar")  # fmt: skip


def _numbers(counts: Counter[tuple[int, Severity]], unit: str, step: int, moments: Moments) -> Html:
    severities = list(reversed(Severity))
    places = sorted({place for place, _ in counts})
    rows = [
        [moments.full(place * step)[:16], *(counts[place, one] or "" for one in severities)]
        for place in places[:BUCKETS]
    ]
    heads = (f"From ({moments.zone})", *(one.word for one in severities))
    summary = tag("summary", f"The numbers: findings per {unit}")
    return tag("details", summary, table(f"Findings per {unit}", heads, rows))


def _picture(width: int, height: int, label: str, *content: Html) -> Html:
    box = Html(f"0 0 {width} {height}")
    return tag("svg", *content, viewBox=box, role="img", aria_label=label)


def _f(number: float) -> Html:
    """Write a length with two digits, whatever the locale."""
    return Html(f"{number:.2f}".rstrip("0").rstrip("."))
