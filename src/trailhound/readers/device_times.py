"""Time stamps inside the records of devices: numbers, ISO 8601, `Nov 24 2026 12:00:00 CET`."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from trailhound.model.batch import NO_TIME
from trailhound.readers.syslog_years import MONTH
from trailhound.readers.zones import KNOWN_HOURS, LIKELY_HOURS, zone_of
from trailhound.text.timestamp import micros_of, parse_time

if TYPE_CHECKING:
    from datetime import tzinfo

    from trailhound.model.limits import Budget
    from trailhound.model.source import Source

_WORDS = re.compile(
    r"([A-Z][a-z]{2}) {1,2}(\d{1,2}),? (\d{4}) (\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?"
    r"(?: ?([A-Z]{1,5}|[+-]\d\d:?\d\d))?\Z"
)
_PLAIN = re.compile(r"\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?\Z")
_OFFSET = re.compile(r"(?:GMT|UTC)?([+-])(\d\d):?(\d\d)\Z")
_KEPT = 5_000


class DeviceTimes:
    """Reads stamps of one source; `assumed` tells whether a zone had to be."""

    def __init__(self, source: Source, budget: Budget) -> None:
        self._given = source.zone != ""
        self._zone = zone_of(source, budget)
        self._known: dict[tuple[str, str], int] = {}
        self.assumed = False

    def micros(self, text: str, zone: str = "") -> int:
        """Give microseconds UTC, or NO_TIME; `zone` is what another field says of it."""
        if not text:
            return NO_TIME
        found = self._known.get((text, zone))
        if found is None:
            found = self._understood(text, zone)
            if len(self._known) < _KEPT:
                self._known[text, zone] = found
        return found

    def _understood(self, text: str, zone: str) -> int:
        if text.isdecimal() and len(text) < 20:
            return parse_time(int(text))
        if words := _WORDS.match(text):
            month, day, year, hour, minute, second, fraction, named = words.groups()
            number = MONTH.get(month, 0)
            plain = f"{year}-{number:02}-{int(day):02}T{hour}:{minute}:{second}"
            return self._local(plain + (f".{fraction[:6]}" if fraction else ""), named or zone)
        return self._local(text.replace("/", "-"), zone) if _PLAIN.match(text) else parse_time(text)

    def _local(self, text: str, zone: str) -> int:
        leap = text[17:19] == "60"
        try:
            local = datetime.fromisoformat(f"{text[:17]}59.999999" if leap else text)
        except ValueError:
            return NO_TIME
        return micros_of(local.replace(tzinfo=self._zone_named(zone)))

    def _zone_named(self, zone: str) -> tzinfo:
        if zone in KNOWN_HOURS:
            return timezone(timedelta(hours=KNOWN_HOURS[zone]))
        if offset := _OFFSET.match(zone):
            size = timedelta(hours=min(int(offset[2]), 14), minutes=min(int(offset[3]), 59))
            return timezone(-size if offset[1] == "-" else size)
        if self._given:
            return self._zone
        self.assumed = True
        return timezone(timedelta(hours=LIKELY_HOURS.get(zone, 0)))
