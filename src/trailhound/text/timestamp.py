"""Time stamps as logs write them, to microseconds since 1970 UTC.

ISO 8601 in the shapes seen in practice (`T` or blank, any number of fraction digits, `Z`, `+0200`,
`+02:00`, ` UTC`, no zone = UTC), and numbers (seconds, milliseconds, microseconds or nanoseconds
since 1970, told apart by size). Formats with their own shapes (RFC 3164, Apache) parse in their
reader.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

NO_TIME = -(2**63)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NAIVE_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - its `isoformat` has no offset to cut off
_MICRO = timedelta(microseconds=1)
_ISO = re.compile(
    r"\s*(\d{4})[-/](\d\d)[-/](\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,12}))?"
    r"\s?(Z|UTC|[+-]\d\d:?\d\d)?\s*\Z"
)
_USUAL = "0000-00-00T00:00:00.000000Z\n"
_USUAL_LENGTH = len(_USUAL) - 1
_MARK_PLACES = [place for place, char in enumerate(_USUAL) if char != "0"]
_DIGIT_PLACES = [place for place, char in enumerate(_USUAL) if char == "0"]
_MARKS = np.frombuffer(_USUAL.encode(), np.uint8)[_MARK_PLACES]
_NUMBER = re.compile(r"\s*-?\d{1,20}(\.\d{1,12})?\s*\Z")
_NO_NUMBER = 1e20
_EARLIEST, _LATEST = 0, 4_102_444_800_000_000
"""1970 to 2100, in microseconds: outside it a number is no time."""


def parse_times(values: Sequence[Any]) -> npt.NDArray[np.int64]:
    """Parse a column: the usual shape all at once, others by distinct values."""
    usual = _usual(values)
    if usual is not None:
        return usual
    known: dict[Any, int] = {}
    out = np.empty(len(values), dtype=np.int64)
    for row, value in enumerate(values):
        key = value if value.__hash__ else None
        micros = known.get(key)
        if micros is None:
            micros = known[key] = parse_time(value)
        out[row] = micros
    return out


def _usual(values: Sequence[Any]) -> npt.NDArray[np.int64] | None:
    """Parse a column in which all is like `2026-11-04T08:12:00.000000Z`; None for any other."""
    if set(map(type, values)) != {str} or set(map(len, values)) != {_USUAL_LENGTH}:
        return None
    text = "\n".join(values)
    if not text.isascii():
        return None
    table = np.frombuffer(f"{text}\n".encode(), np.uint8).reshape(-1, _USUAL_LENGTH + 1)
    if not (table[:, _MARK_PLACES] == _MARKS).all():
        return None
    digits = table[:, _DIGIT_PLACES] - ord("0")
    if (digits > 9).any():  # unsigned: what is below "0" is large
        return None
    return _calendar(digits.astype(np.int64))


def _calendar(digits: npt.NDArray[np.int64]) -> npt.NDArray[np.int64] | None:
    """Turn rows of twenty digits into microseconds; None when one is no date or no time."""
    parts, start = [], 0
    for width in (4, 2, 2, 2, 2, 2, 6):
        powers = 10 ** np.arange(width - 1, -1, -1)
        parts.append(digits[:, start : start + width] @ powers)
        start += width
    year, month, day, hour, minute, second, micro = parts
    if ((month < 1) | (month > 12) | (day < 1) | (hour > 23) | (minute > 59) | (second > 59)).any():
        return None
    months = (year - 1970) * 12 + month - 1
    first = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    after = (months + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    if (day > after - first).any():
        return None
    seconds = (first + day - 1) * 86_400 + hour * 3_600 + minute * 60 + second
    found: npt.NDArray[np.int64] = seconds * 1_000_000 + micro
    return found


def parse_time(value: object) -> int:
    """Parse one value; NO_TIME when it is no time."""
    if isinstance(value, str):
        return _parse_text(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _from_number(value)
    return NO_TIME


def _parse_text(text: str) -> int:
    if text[4:5] == "-" and text[16:17] == ":":
        try:
            return micros_of(datetime.fromisoformat(text))  # five times faster; knows most shapes
        except ValueError:
            pass
    match = _ISO.match(text)
    if match is None:
        return _from_number(float(text.strip())) if _NUMBER.match(text) else NO_TIME
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    leap = second == "60"  # a leap second is the last microsecond of its minute, not an error
    try:
        moment = datetime(
            int(year),
            int(month),
            int(day),
            int(hour),
            int(minute),
            59 if leap else int(second),
            tzinfo=UTC,
        )
    except ValueError:
        return NO_TIME
    micros = 999_999 if leap else int((fraction or "0")[:6].ljust(6, "0"))
    return micros_of(moment) + micros - _offset(zone)


def micros_of(moment: datetime) -> int:
    """Give microseconds since 1970; without a zone the moment is UTC."""
    since = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def _offset(zone: str | None) -> int:
    if zone is None or zone in ("Z", "UTC"):
        return 0
    minutes = int(zone[1:3]) * 60 + int(zone[-2:])
    return (-1 if zone[0] == "-" else 1) * minutes * 60_000_000


def _from_number(number: float) -> int:
    """Tell the unit by size: below 1e11 seconds, 1e14 milli-, 1e17 micro-, else nanoseconds."""
    size = abs(number)
    if not size < _NO_NUMBER:  # also for "not a number"
        return NO_TIME
    if size < 1e11:
        micros = round(number * 1_000_000)
    elif size < 1e14:
        micros = round(number * 1_000)
    else:
        micros = int(number) if size < 1e17 else int(number) // 1_000
    return micros if _EARLIEST <= micros <= _LATEST else NO_TIME


def iso(micros: int | None) -> str:
    """Write a time as `2026-11-04T08:12:00.000000Z`; an empty string for no time."""
    if micros is None or micros == NO_TIME:
        return ""
    try:
        return (_NAIVE_EPOCH + micros * _MICRO).isoformat(timespec="microseconds") + "Z"
    except OverflowError:
        return ""
