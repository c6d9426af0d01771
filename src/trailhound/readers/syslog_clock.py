"""Time stamps of syslog lines to microseconds UTC."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from trailhound.model.batch import NO_TIME, TimeBasis
from trailhound.readers.minutes import NEVER, SECONDS, times_of
from trailhound.readers.syslog_header import Dated
from trailhound.readers.syslog_years import MONTH, years_of
from trailhound.readers.zones import zone_of
from trailhound.text.timestamp import micros_of, parse_times

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from trailhound.model.batch import Times
    from trailhound.model.limits import Budget
    from trailhound.model.source import Source
    from trailhound.readers.syslog_years import Years


class _Minutes(dict[str, int]):
    """The minutes of one year, `Nov  3 08:12`, as the zone's clock showed them.

    A time that the clock skipped counts from the old offset, one that it showed twice is the first.
    """

    def __init__(self, year: int, zone: tzinfo, budget: Budget) -> None:
        super().__init__()
        self._year, self._zone, self._budget = year, zone, budget

    def __missing__(self, text: str) -> int:
        try:
            day, hour, minute = int(text[4:6]), int(text[7:9]), int(text[10:12])
            local = datetime(self._year, MONTH[text[:3]], day, hour, minute, tzinfo=self._zone)
        except (ValueError, KeyError):
            detail = f"no such time in {self._year}: {text}"
            self._budget.note("time.invalid", -1, 0, detail)
            self[text] = NEVER
        else:
            self[text] = micros_of(local)
        return self[text]


class Clock:
    """The local clock of one source: its zone, its years, the minutes seen."""

    def __init__(self, source: Source, budget: Budget) -> None:
        self._source, self._budget = source, budget
        self._zone = zone_of(source, budget)
        self._minutes: dict[int, _Minutes] = {}

    @cached_property
    def years(self) -> Years:
        """Find the years, once, when a line without one is met."""
        years = years_of(self._source)
        if not years.known and not years.hinted:
            detail = f"nothing tells the year, {years.years[0]} is assumed"
            self._budget.note("time.no_year", -1, 0, detail)
        return years

    def times(self, dated: str, stamps: Sequence[str], offsets: Sequence[int]) -> tuple[Times, str]:
        """Give the times of lines whose stamps are of one kind, and how they are known."""
        if dated in (Dated.NO, Dated.NIL):
            return np.full(len(stamps), NO_TIME, dtype=np.int64), TimeBasis.EXACT
        if dated is Dated.FULL:
            return _full(stamps), TimeBasis.EXACT
        assumed = TimeBasis.EXACT if self._source.zone else TimeBasis.ZONE_ASSUMED
        if dated is Dated.LOCAL:
            return np.array([self._local(stamp) for stamp in stamps], dtype=np.int64), assumed
        years = self.years
        basis = assumed if years.known else TimeBasis.YEAR_ASSUMED
        one = years.only(offsets[0], offsets[-1])
        if one is not None:
            return self._days(stamps, one), basis
        each = [self._days([s], years.at(o)) for s, o in zip(stamps, offsets, strict=True)]
        return np.concatenate(each), basis

    def _days(self, stamps: Sequence[str], year: int) -> Times:
        """Read `Nov  3 08:12:01` in a year; a minute is looked up in the zone once."""
        minutes = self._minutes.get(year)
        if minutes is None:
            minutes = self._minutes[year] = _Minutes(year, self._zone, self._budget)
        return times_of([minutes[stamp[:12]] + SECONDS[stamp[13:15]] for stamp in stamps])

    def _local(self, stamp: str) -> int:
        """Read a stamp with a year and without a zone: ISO, or `Nov  3 08:12:01 2026`."""
        if stamp[:3] in MONTH:
            return int(self._days([stamp], int(stamp[-4:]))[0])
        try:
            return micros_of(datetime.fromisoformat(stamp).replace(tzinfo=self._zone))
        except ValueError:
            return NO_TIME


_WITH_MICROS = 32
"""Length of `2026-11-03T08:12:01.123456+01:00`, as rsyslog writes it."""


def _full(stamps: Sequence[str]) -> Times:
    """Read ISO stamps; those with microseconds never repeat, so only their minute is parsed."""
    if any(len(stamp) != _WITH_MICROS or stamp[19] != "." for stamp in stamps):
        return parse_times(stamps)
    try:
        micros = [int(stamp[20:26]) + SECONDS[stamp[17:19]] for stamp in stamps]
    except ValueError:
        return parse_times(stamps)
    times = parse_times([f"{stamp[:17]}00{stamp[26:]}" for stamp in stamps])
    within = np.minimum(times_of(micros), 59_999_999)
    return np.where((times < 0) | (within < 0), NO_TIME, times + within)
