"""Which year a line without one belongs to.

RFC 3164 stamps carry month and day only. Order inside the source tells where a year ends; the year
itself comes from, in this order: stamps with a year in the same source, what kernel, systemd or a
time daemon wrote about the date, a date in the file's name, and the file's time of change (the last
line cannot be younger). The clock is never asked, so the answer is the same next year.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from calendar import isleap
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from trailhound.model.limits import Budget
from trailhound.readers.lines import whole_blocks

if TYPE_CHECKING:
    from trailhound.model.source import Source

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MONTH = {name: number for number, name in enumerate(MONTHS, 1)}
NEW_YEAR_DAYS = 180
"""A step back by more is a new year; by less, lines out of order or glued logs."""
LATE_DAYS = 335
"""A step forward by more is a late line of the old year."""
NO_HINT = 1970
NO_HINT_LEAP = 1972

_STAMP = re.compile(
    rb"^(?:<\d{1,3}>(?:1 )?)?(?:(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) {1,2}(\d{1,2}) "
    rb"(?:(\d{4}) )?|(\d{4})-(\d\d)-(\d\d)[T ])",
    re.MULTILINE,
)
_SAID = re.compile(rb"(20\d\d)-(\d\d)-(\d\d)[T ]\d\d:")
_TELLER = re.compile(rb" (?:kernel|systemd|systemd-\w{1,20}|chronyd|ntpd|rsyslogd)(?:\[\d+\])?: ")
_IN_NAME = re.compile(r"(?<!\d)(20\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?!\d)")


@dataclass(frozen=True, slots=True)
class Years:
    """The years of a source: `turns` are the offsets from which `years` hold.

    `known`: the source itself tells them; `hinted`: its name or its time of change does.
    """

    turns: tuple[int, ...]
    years: tuple[int, ...]
    known: bool
    hinted: bool

    def at(self, offset: int) -> int:
        """Give the year of the line at `offset`."""
        return self.years[max(bisect_right(self.turns, offset) - 1, 0)]

    def only(self, first: int, last: int) -> int | None:
        """Give the year of all lines from `first` to `last`, None when there are several."""
        low, high = bisect_right(self.turns, first), bisect_right(self.turns, last)
        return self.at(first) if low == high else None


class _Walk:
    """Follows the dates of a source; years count from that of the first line."""

    def __init__(self) -> None:
        self.turns, self.relative = [0], [0]
        self.month = self.day = 0
        self.leap: set[int] = set()
        self.told: int | None = None
        """Year of the first line, when the source itself tells it."""

    def step(self, offset: int, month: int, day: int) -> None:
        """Take in the date of a line."""
        if self.month:
            days = (month - self.month) * 30.5 + day - self.day
            turn = 1 if days < -NEW_YEAR_DAYS else -1 if days > LATE_DAYS else 0
            if turn:
                self.turns.append(offset)
                self.relative.append(self.relative[-1] + turn)
        self.month, self.day = month, day
        if (month, day) == (2, 29):
            self.leap.add(self.relative[-1])

    def tell(self, year: int) -> None:
        """Take in the year that holds at this place."""
        if self.told is None:
            self.told = year - self.relative[-1]


def years_of(source: Source) -> Years:
    """Read a source once for its dates alone (never only a span: all workers must agree)."""
    walk = _Walk()
    for data, base in whole_blocks(replace(source, span=None), Budget()):
        ends = _ends_of_one_month(data)
        if not ends:
            _walk_lines(data, base, walk)
        for offset, month, day in ends:
            walk.step(base + offset, month, day)
        if ends and b"\nFeb 29 " in data:
            walk.leap.add(walk.relative[-1])
        if base == 0:
            _listen(data, walk)
    return _settled(walk, source)


def _ends_of_one_month(data: bytes) -> list[tuple[int, int, int]]:
    """Give place, month and day of the first and the last line, when all lines are of one month.

    Empty when they are not, or may tell a year: two searches that cost nothing spare a busy log the
    walk over its lines.
    """
    places = (0, data.rfind(b"\n", 0, len(data) - 1) + 1)
    stamps = [_STAMP.match(data, place) for place in places]
    found = [
        (place, MONTH[stamp[1].decode()], int(stamp[2]))
        for place, stamp in zip(places, stamps, strict=True)
        if stamp and stamp[1] and not stamp[3]
    ]
    name = data[:4]
    lines = data.count(b"\n") + (not data.endswith(b"\n"))
    one = len(found) == len(places) and data.count(b"\n" + name) == lines - 1
    return found if one and name[3:] == b" " else []


def _walk_lines(data: bytes, base: int, walk: _Walk) -> None:
    for match in _STAMP.finditer(data):
        name, day, year, full_year, full_month, full_day = match.groups()
        if name:
            walk.step(base + match.start(), MONTH[name.decode()], int(day))
        else:
            walk.step(base + match.start(), int(full_month), int(full_day))
        if year or full_year:
            walk.tell(int(year or full_year))


def _listen(data: bytes, walk: _Walk) -> None:
    """Find a program that may be trusted with the date and said it on that very day."""
    for match in _SAID.finditer(data) if walk.told is None else ():
        start = data.rfind(b"\n", 0, match.start()) + 1
        stamp = _STAMP.match(data[start : match.start()])
        if stamp and stamp[1] and _TELLER.search(data, start, match.start()):
            date = MONTH[stamp[1].decode()], int(stamp[2])
            if date == (int(match[2]), int(match[3])):
                place = bisect_right(walk.turns, start) - 1
                walk.told = int(match[1]) - walk.relative[place]
                return


def _settled(walk: _Walk, source: Source) -> Years:
    latest = _latest(source)
    if walk.told is not None:
        first = walk.told
    elif latest is None:
        first = NO_HINT_LEAP - min(walk.leap) if walk.leap else NO_HINT
    else:
        last = latest.year - ((walk.month, walk.day) > (latest.month, latest.day))
        first = last - walk.relative[-1]
        first -= next((back for back in range(8) if _fits(walk, first - back)), 0)
    years = tuple(first + relative for relative in walk.relative)
    return Years(tuple(walk.turns), years, walk.told is not None, latest is not None)


def _fits(walk: _Walk, first: int) -> bool:
    """Tell whether each 29 February falls into a leap year."""
    return all(isleap(first + relative) for relative in walk.leap)


def _latest(source: Source) -> datetime | None:
    """Give the day after which the source has no line, a day added for zones."""
    name = source.name.rpartition("!")[2].rpartition("/")[2]
    dates = [date for date in map(_date, _IN_NAME.findall(name)) if date]
    if dates:
        return max(dates) + timedelta(days=1)
    changed = source.modified
    return None if changed is None else datetime.fromtimestamp(changed, UTC) + timedelta(days=1)


def _date(found: tuple[str, str, str]) -> datetime | None:
    year, month, day = map(int, found)
    try:
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return None
