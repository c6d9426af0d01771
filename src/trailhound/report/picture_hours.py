"""When findings happen in a week: a row for each day, a column for each hour."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from trailhound.report.markup import join
from trailhound.report.svg import Picture, box, drawing, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trailhound.model.finding import Finding
    from trailhound.report.markup import Html
    from trailhound.report.phrases import Moments

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_LEFT, _TOP, _WIDE, _HIGH = 92, 24, 33.5, 26
_PALEST, _DARKEST = 0.12, 0.6
"""Strengths of colour: the number in a cell stays readable."""


def hours(findings: Sequence[Finding], moments: Moments) -> Picture | None:
    """Draw how many findings began in each hour of the week; None when none has a time."""
    places = (moments.hour_of_week(one.time) for one in findings)
    counts = Counter(place for place in places if place is not None)
    if not counts:
        return None
    title = f"Findings by hour of the week ({moments.zone})"
    (day, hour), most = max(counts.items(), key=lambda one: (one[1], (-one[0][0], -one[0][1])))
    told = f"Most are on {DAYS[day]} from {hour:02}:00: {most:,} of {counts.total():,}."
    content = [*_frame(), *(_cell(place, counts[place], most) for place in sorted(counts))]
    used = sorted({place[1] for place in counts})
    rows = [
        [name, *(counts[number, hour] or "" for hour in used)] for number, name in enumerate(DAYS)
    ]
    heads = ["Day", *(f"{hour:02}:00" for hour in used)]
    made = drawing(title, told, _TOP + len(DAYS) * _HIGH + 8, *content)
    return Picture("hours", title, told, made, heads, rows)


def _frame() -> list[Html]:
    tops = [words(_LEFT + hour * _WIDE + _WIDE / 2, _TOP - 8, f"{hour:02}", "soft mid")
            for hour in range(24)]  # fmt: skip
    sides = [words(_LEFT - 8, _TOP + day * _HIGH + 18, name, "soft end")
             for day, name in enumerate(DAYS)]  # fmt: skip
    cells = [box(_LEFT + hour * _WIDE, _TOP + day * _HIGH, _WIDE, _HIGH, kind="grid")
             for day in range(7) for hour in range(24)]  # fmt: skip
    return [*tops, *sides, *cells]


def _cell(place: tuple[int, int], count: int, most: int) -> Html:
    day, hour = place
    left, top = _LEFT + hour * _WIDE, _TOP + day * _HIGH
    hint = f"{DAYS[day]} {hour:02}:00: {count:,}"
    strength = _PALEST + (_DARKEST - _PALEST) * count / most
    shade = box(left, top, _WIDE, _HIGH, kind="heat", hint=hint, strength=strength)
    return join((shade, words(left + _WIDE / 2, top + 18, _short(count), "mid")))


def _short(count: int) -> str:
    """Write a count in at most four characters."""
    if count < 10_000:
        return str(count)
    return f"{count // 1_000}k" if count < 1_000_000 else f"{count // 1_000_000}M"
