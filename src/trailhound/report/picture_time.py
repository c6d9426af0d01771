"""When findings happened, as a picture of its own: a row for each severity."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from trailhound.report.charts import step_of
from trailhound.report.markup import join
from trailhound.report.svg import Picture, box, drawing, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trailhound.model.finding import Finding, Severity
    from trailhound.report.markup import Html
    from trailhound.report.phrases import Moments

_LEFT, _LONG, _HIGH = 150, 740, 40
_NARROWEST, _WIDEST = 2.5, 40.0


def time_line(findings: Sequence[Finding], moments: Moments) -> Picture | None:
    """Draw findings over time; None when none has a time."""
    times = [(one.time, one.severity) for one in findings if one.time is not None]
    if not times:
        return None
    unit, step = step_of(min(times)[0], max(times)[0])
    counts = Counter((time // step, severity) for time, severity in times)
    severities = sorted({severity for _, severity in counts}, reverse=True)
    first, last = min(counts)[0], max(counts)[0]
    title = f"Findings per {unit} ({moments.zone})"
    told = (f"{len(times):,} findings between {moments.full(first * step)[:16]} and "
            f"{moments.full((last + 1) * step)[:16]}.")  # fmt: skip
    rows = [_row(place, one, counts, first, last) for place, one in enumerate(severities)]
    bottom = len(rows) * _HIGH + 20
    starts = words(_LEFT, bottom, moments.full(first * step)[:16], "soft")
    ends = words(_LEFT + _LONG, bottom, moments.full((last + 1) * step)[:16], "soft end")
    made = drawing(title, told, bottom + 8, *rows, starts, ends)
    numbers = [
        [moments.full(place * step)[:16], *(counts[place, one] or "" for one in severities)]
        for place in sorted({place for place, _ in counts})
    ]
    heads = (f"From ({moments.zone})", *(one.word for one in severities))
    return Picture("timeline", title, told, made, heads, numbers)


def _row(
    row: int, severity: Severity, counts: Counter[tuple[int, Severity]], first: int, last: int
) -> Html:
    mine = {place: count for (place, one), count in counts.items() if one is severity}
    base, most = (row + 1) * _HIGH, max(counts.values())
    slot = _LONG / (last - first + 1)
    width = min(max(slot - 1, _NARROWEST), _WIDEST)
    bars = [
        box(_LEFT + (place - first) * slot, base - _tall(mine[place], most), width,
            _tall(mine[place], most), kind=severity.word, hint=f"{severity.word}: {mine[place]:,}")
        for place in sorted(mine)
    ]  # fmt: skip
    label = words(_LEFT - 10, base - 6, f"{severity.word} {sum(mine.values()):,}", "end")
    return join([label, box(_LEFT, base, _LONG, 0.5, kind="grid"), *bars])


def _tall(count: int, most: int) -> float:
    return max((_HIGH - 10) * count / most, 2)
