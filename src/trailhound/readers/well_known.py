"""Names that logs nobody described use for what every log has, and their times."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

from trailhound.model.batch import NO_TIME, TimeBasis
from trailhound.text.timestamp import parse_time

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trailhound.model.batch import Times, Value

TIMES = (
    "@timestamp", "timestamp", "time", "eventTime", "event_time", "ts", "datetime", "dateTime",
    "date_time", "_time", "eventTimestamp", "event_timestamp", "published", "createdDateTime",
    "created_at", "createdAt", "created", "CreationTime", "TimeGenerated", "TimeCreated",
    "EventTime", "Timestamp", "Time", "messageTime", "query_timestamp", "isotimestamp",
    "date_create", "unixTime", "calendarTime", "EVENT_TIMESTAMP", "Event DateTime", "Date", "date",
    "start_time", "log_time", "event.time", "event.created", "p_event_time",
)  # fmt: skip
"""Best first: the first that has a value is the time of the event."""

_ZONED = re.compile(r"(?:Z|UTC|GMT|[+-]\d\d:?\d\d)\s*\Z")
_US_TIME = re.compile(
    r"\A\s*(\d{1,2})/(\d{1,2})/(\d{4}),? (\d{1,2}):(\d\d)(?::(\d\d))?\s?([AaPp][Mm])?\s*\Z"
)
_NUMBER = re.compile(r"\A\s*-?\d+(?:\.\d*)?\s*\Z")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICRO = timedelta(microseconds=1)


def times_of(values: Sequence[Value], zone: str) -> tuple[Times, str]:
    """Parse a column of times; local ones are read in `zone`, else as UTC, which is assumed."""
    known: dict[Value, int] = {}
    times = np.full(len(values), NO_TIME, dtype=np.int64)
    assumed = False
    for row, value in enumerate(values):
        if isinstance(value, list) or value in (None, ""):
            continue
        if value not in known:
            known[value] = _time(value, zone)
        times[row] = known[value]
        assumed = assumed or (not zone and _is_local(value))
    return times, TimeBasis.ZONE_ASSUMED if assumed else TimeBasis.EXACT


def _time(value: Value, zone: str) -> int:
    micros = parse_time(us_time(value) if isinstance(value, str) else value)
    if micros == NO_TIME or not zone or not _is_local(value):
        return micros
    local = (_EPOCH + micros * _MICRO).replace(tzinfo=ZoneInfo(zone))
    return (local.astimezone(UTC) - _EPOCH) // _MICRO


def _is_local(value: Value) -> bool:
    """Tell a time without a zone; numbers count from 1970 in UTC."""
    return isinstance(value, str) and not (_ZONED.search(value) or _NUMBER.match(value))


def us_time(text: str) -> str:
    """Turn `5/18/2021 9:13:33 PM`, month first, into ISO; other text stays."""
    match = _US_TIME.match(text)
    if match is None:
        return text
    month, day, year, hour, minute, second, half = match.groups()
    hours = int(hour) % 12 + 12 * (half.upper() == "PM") if half else int(hour)
    return f"{year}-{int(month):02}-{int(day):02}T{hours:02}:{minute}:{second or '00'}"
