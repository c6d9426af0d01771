"""Simulated time: microseconds UTC, seeded chance, and the company's local working day.

Nothing here reads the real clock, the machine's zone or its locale.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from random import Random

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SATURDAY = 5
LAST_HOUR_OF_CHANGE = 1
CENTRAL_EUROPE = "Europe/Berlin"


def chance(*parts: object) -> Random:
    """Return an independent stream of chance for one purpose.

    A text seed goes through SHA-512, so it does not depend on the interpreter's hash seed.
    """
    return Random("/".join(str(part) for part in parts))


def midnight(day: date) -> int:
    """Return the instant at which `day` begins in UTC."""
    return (day - date(1970, 1, 1)).days * DAY


def day_of(at: int) -> date:
    """Return the UTC calendar day of an instant."""
    return date(1970, 1, 1) + timedelta(days=at // DAY)


def local_offset(at: int) -> int:
    """Return the company's offset from UTC in microseconds (Central European time).

    The rule of the European Union is written out, because a zone data base differs by machine.
    """
    year = day_of(at).year
    summer = _last_sunday(year, 3) <= at < _last_sunday(year, 10)
    return (2 if summer else 1) * HOUR


def local_midnight(day: date) -> int:
    """Return the instant at which `day` begins in the company's own zone."""
    start = midnight(day)
    return start - local_offset(start)


def is_weekend(day: date) -> bool:
    """Say whether nobody is expected at work."""
    return day.weekday() >= SATURDAY


@lru_cache(maxsize=8192)
def _datetime(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)


@lru_cache(maxsize=8192)
def iso_second(second: int) -> str:
    """Write a whole second as `2026-11-03T08:12:31`, without a zone."""
    return _datetime(second).strftime("%Y-%m-%dT%H:%M:%S")


def iso(at: int) -> str:
    """Write `2026-11-03T08:12:31`, seconds only."""
    return iso_second(at // SECOND)


def iso_milli(at: int) -> str:
    """Write `2026-11-03T08:12:31.123`."""
    return f"{iso_second(at // SECOND)}.{at // 1000 % 1000:03d}"


def iso_ticks(at: int) -> str:
    """Write seven decimals as .NET does: `2026-11-03T08:12:31.1234560`."""
    return f"{iso_second(at // SECOND)}.{at % SECOND:06d}0"


def iso_local(at: int) -> str:
    """Write local time with its offset: `2026-11-03T09:12:31.123456+01:00`."""
    offset = local_offset(at)
    local = at + offset
    return f"{iso_second(local // SECOND)}.{at % SECOND:06d}+{offset // HOUR:02d}:00"


def blank_separated(at: int) -> str:
    """Write `2026-11-03 08:12:31.123`, as Sysmon and PostgreSQL do."""
    return iso_milli(at).replace("T", " ")


@lru_cache(maxsize=8192)
def syslog_second(second: int) -> str:
    """Write the time of RFC 3164, `Nov  3 08:12:31`: no year, no zone, the day blank-padded."""
    when = _datetime(second)
    return f"{MONTHS[when.month - 1]} {when.day:2d} {when:%H:%M:%S}"


@lru_cache(maxsize=8192)
def access_second(second: int) -> str:
    """Write the web servers' `03/Nov/2026:08:12:31 +0000`."""
    when = _datetime(second)
    return f"{when.day:02d}/{MONTHS[when.month - 1]}/{when:%Y:%H:%M:%S} +0000"


def us_twelve_hours(at: int) -> str:
    """Write `11/3/2026 8:12:31 AM`, as PowerShell prints dates in the United States."""
    when = _datetime(at // SECOND)
    hour = when.hour % 12 or 12
    half = "AM" if when.hour < 12 else "PM"
    return f"{when.month}/{when.day}/{when.year} {hour}:{when:%M:%S} {half}"


def compact_minute(at: int) -> str:
    """Write `20261103T0812Z`, as file names of cloud services do."""
    return f"{_datetime(at // SECOND):%Y%m%dT%H%M}Z"


@lru_cache(maxsize=512)
def _last_sunday(year: int, month: int) -> int:
    last = date(year, month, 31)
    sunday = last - timedelta(days=(last.weekday() + 1) % 7)
    return midnight(sunday) + LAST_HOUR_OF_CHANGE * HOUR


def parse_iso(text: str) -> int | None:
    """Read an ISO time, taken as UTC where it names no zone; None when it is none."""
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return None
    aware = when if when.tzinfo else when.replace(tzinfo=UTC)
    return (aware - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
