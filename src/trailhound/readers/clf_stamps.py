"""Time stamps of the common log format: `03/Nov/2026:08:12:01 +0100`, also with fractions."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from trailhound.readers.minutes import NEVER, SECONDS, times_of
from trailhound.readers.syslog_years import MONTH
from trailhound.text.timestamp import micros_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from trailhound.model.batch import Times


class Stamps:
    """Reads stamps; each minute is understood once. `zone` is for stamps without an offset."""

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone
        self._minutes: dict[tuple[str, str], int] = {}

    def times(self, stamps: Sequence[str]) -> Times:
        """Give the times of stamps, NO_TIME for what is none."""
        return times_of([self.micros(stamp) for stamp in stamps])

    def micros(self, stamp: str) -> int:
        """Give the time of one stamp, below zero for what is none."""
        clock, _, offset = stamp.partition(" ")
        minute = self._minutes.get((clock[:17], offset))
        if minute is None:
            minute = self._minutes[clock[:17], offset] = self._minute(clock[:17], offset)
        return minute + SECONDS[clock[18:20]] + _fraction(clock[20:27])

    def _minute(self, text: str, offset: str) -> int:
        try:
            day, year = int(text[:2]), int(text[7:11])
            hour, minute = int(text[12:14]), int(text[15:17])
            zone = _offset(offset) if offset else self._zone
            return micros_of(datetime(year, MONTH[text[3:6]], day, hour, minute, tzinfo=zone))
        except (ValueError, KeyError):
            return NEVER


def _offset(text: str) -> tzinfo:
    """Read `+0100`; ValueError where it is none."""
    size = timedelta(hours=int(text[1:3]), minutes=int(text[3:5]))
    return timezone(-size if text[0] == "-" else size)


def _fraction(text: str) -> int:
    """Read `.123` as microseconds."""
    if not text:
        return 0
    digits = text[1:]
    known = text[0] == "." and digits.isascii() and digits.isdecimal()
    return int(digits.ljust(6, "0")) if known else NEVER
