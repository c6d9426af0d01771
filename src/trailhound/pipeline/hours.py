"""Working hours and zone, read off when people log in.

Only the offset from UTC can be seen, so the zone is named as `Etc/GMT`: an area or city is for the
operator to say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from trailhound.model.organisation import Inferred

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MIN_LOGINS = 200
LONG_DAY_HOURS = 12
"""The window of the day in which most logins fall; its middle is taken for `MIDDAY`."""
MIDDAY = 13
CLEAR_SHARE = 0.8
WEEKEND_SHARE = 0.1
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def working_hours(week: Mapping[tuple[int, int], int]) -> Iterator[Inferred]:
    """Infer zone and working week from logins by (weekday, hour) in UTC; nothing when unclear."""
    total = sum(week.values())
    by_hour = [sum(week.get((day, hour), 0) for day in range(7)) for hour in range(24)]
    start = max(range(24), key=lambda hour: (_window(by_hour, hour), -hour))
    share = _window(by_hour, start) / total if total else 0.0
    if total < MIN_LOGINS or share < CLEAR_SHARE:
        return
    offset = (MIDDAY - LONG_DAY_HOURS // 2 - start + 12) % 24 - 12
    why = f"{share:.0%} of {total:,} logins within {LONG_DAY_HOURS} hours"
    yield Inferred("hours.zone", _zone(offset), share, total, why)
    first = (start + offset) % 24
    days = _days(week, total)
    text = f"{days} {first:02d}-{(first + LONG_DAY_HOURS) % 24:02d}"
    yield Inferred("hours.working", text, share, total, why)


def _window(by_hour: list[int], start: int) -> int:
    return sum(by_hour[(start + step) % 24] for step in range(LONG_DAY_HOURS))


def _zone(offset: int) -> str:
    """Name an offset; the sign of these names is reversed by definition."""
    return "UTC" if offset == 0 else f"Etc/GMT{-offset:+d}"


def _days(week: Mapping[tuple[int, int], int], total: int) -> str:
    weekend = sum(count for (day, _), count in week.items() if _DAYS[day] in ("Sat", "Sun"))
    return "Mon-Fri" if weekend / total < WEEKEND_SHARE else "Mon-Sun"
