"""Local time stamps that end in a zone's abbreviation, an offset, or nothing."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from trailhound.model.batch import TimeBasis
from trailhound.readers.minutes import NEVER, SECONDS, times_of
from trailhound.text.timestamp import micros_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from trailhound.model.batch import Times
    from trailhound.model.limits import Budget
    from trailhound.model.source import Source

KNOWN_HOURS = {
    "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "WEST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3,
    "MSK": 3, "JST": 9, "AEST": 10, "AEDT": 11, "EDT": -4, "CDT": -5, "MDT": -6, "PDT": -7,
    "PST": -8,
}  # fmt: skip
"""Abbreviations with one meaning, in hours east."""
LIKELY_HOURS = {"EST": -5, "CST": -6, "MST": -7, "BST": 1}
"""Abbreviations with several: the commonest meaning, said to be assumed."""

_OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)?\Z")


def zone_of(source: Source, budget: Budget) -> tzinfo:
    """Give the zone of a source whose stamps have none: the operator's word, else UTC."""
    if not source.zone:
        return UTC
    try:
        return ZoneInfo(source.zone)
    except (ValueError, OSError, KeyError):
        budget.note("time.zone", -1, 0, f"unknown zone {source.zone!r}, UTC is assumed")
        return UTC


class Zones:
    """Reads `2026-11-24 12:00:47.816 CET`; each minute is understood once."""

    def __init__(self, source: Source, budget: Budget) -> None:
        self._given = zone_of(source, budget) if source.zone else None
        self._minutes: dict[tuple[str, str], tuple[int, bool]] = {}
        self._fractions: dict[str, int] = {"": 0}

    def times(self, texts: Sequence[str]) -> tuple[Times, str]:
        """Give the times, and their basis: assumed when one of them had to be."""
        assumed = False
        micros: list[int] = []
        for text in texts:
            fraction, _, zone = text[19:].partition(" ")
            minute, guessed = self._minute(text[:16], zone)
            assumed = assumed or guessed
            part = self._fractions.get(fraction)
            if part is None:
                part = self._fraction(fraction)
            micros.append(minute + SECONDS[text[17:19]] + part)
        return times_of(micros), TimeBasis.ZONE_ASSUMED if assumed else TimeBasis.EXACT

    def _minute(self, text: str, zone: str) -> tuple[int, bool]:
        found = self._minutes.get((text, zone))
        if found is None:
            found = self._minutes[text, zone] = self._understood(text, zone)
        return found

    def _fraction(self, text: str) -> int:
        digits = text[1:7]
        known = int(digits.ljust(6, "0")) if digits.isascii() and digits.isdecimal() else 0
        if len(self._fractions) < 1000:
            self._fractions[text] = known
        return known

    def _understood(self, text: str, zone: str) -> tuple[int, bool]:
        offset = _offset(zone)
        try:
            local = datetime.fromisoformat(text)
        except ValueError:
            return NEVER, offset is None and self._given is None
        if offset is not None:
            return micros_of(local.replace(tzinfo=timezone(offset))), False
        if self._given is not None:
            return micros_of(_in_zone(local, self._given, zone)), False
        likely = timedelta(hours=LIKELY_HOURS.get(zone, 0))
        return micros_of(local.replace(tzinfo=timezone(likely))), True


def _offset(zone: str) -> timedelta | None:
    if zone in KNOWN_HOURS:
        return timedelta(hours=KNOWN_HOURS[zone])
    match = _OFFSET.match(zone)
    if match is None or int(match[2]) > 14:
        return None
    size = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    return -size if match[1] == "-" else size


def _in_zone(local: datetime, zone: tzinfo, name: str) -> datetime:
    """Place a local time; of an hour that happens twice, the one whose name is written."""
    first, second = local.replace(tzinfo=zone), local.replace(tzinfo=zone, fold=1)
    return second if name and second.tzname() == name else first
