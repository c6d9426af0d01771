"""PAN-OS records: comma-separated, told apart by their fourth field, named by position.

Versions add fields at the end, so a shorter record is an older one; what stands behind the known
fields is kept as `field_<n>`.
"""

from __future__ import annotations

import csv
import re
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from trailhound.model.batch import NO_TIME, TimeBasis
from trailhound.readers.device_records import Parsed, made, micros_of_seconds
from trailhound.readers.device_times import DeviceTimes
from trailhound.readers.panos_fields import ANY, CONFIG_WITH_CHANGES, FIELDS
from trailhound.text.timestamp import parse_time

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trailhound.model.limits import Budget
    from trailhound.model.source import Source
    from trailhound.readers.device_records import Fields

MAX_CELLS = 400
FEWEST = 12
"""Cells below which a record was cut off before it said anything."""
_START = re.compile(r"(?:<\d{1,3}>)?[ :]{0,8}")
_ACTION_FLAGS = 15
_USER = re.compile(r"(?:user|User name:|User)[ :]{1,2}'?([^\s',]{1,128})")
_FROM = re.compile(r"(?:[Ff]rom|IP|address):? ([0-9A-Fa-f.:]{3,45}?)[.,]?(?:\s|\Z)")
_FAILED = re.compile(r"fail|den|reject|invalid|block|drop|reset|sinkhole", re.IGNORECASE)
_LOGON_EVENTS = re.compile(r"auth|login|logout|connected|register", re.IGNORECASE)


def key(message: str) -> str:
    """Give type and subtype."""
    cells = message.split(",", 5)
    kind = cells[3].strip('" ').upper() if len(cells) > 4 else ""
    subtype = cells[4].strip('" ').lower() if len(cells) > 4 else ""
    return f"{'HIP-MATCH' if kind == 'HIPMATCH' else kind}|{subtype}"


def route(joined: str) -> dict[str, str]:
    """Give type and subtype as a route."""
    kind, _, subtype = joined.partition("|")
    return {"type": kind, "subtype": subtype}


def parse(messages: Sequence[str], joined: str, source: Source, budget: Budget) -> Parsed:
    """Read records of one type."""
    kind, _, subtype = joined.partition("|")
    odd: dict[int, str] = {}
    fields = [record(message, kind, row, odd) for row, message in enumerate(messages)]
    clock = DeviceTimes(source, budget)
    times = np.array([_time(one, clock) for one in fields], dtype=np.int64)
    basis = TimeBasis.ZONE_ASSUMED if clock.assumed else TimeBasis.EXACT
    late = {
        **made("@class", fields, lambda one: class_of(one, kind, subtype)),
        **made("@duration_us", fields, lambda one: micros_of_seconds(one.get("elapsed"))),
        **made("@status", fields, status_of),
        **made("@user", fields, lambda one: _told(_USER, one)),
        **made("@ip", fields, lambda one: _told(_FROM, one)),
    }
    return Parsed(fields, times, basis, odd, late)


def record(message: str, kind: str, row: int, odd: dict[int, str]) -> Fields:
    """Name the cells of one record."""
    cells = _cells(message, row, odd)
    names = FIELDS.get(kind, ANY)
    if kind == "CONFIG" and cells[_ACTION_FLAGS : _ACTION_FLAGS + 1] != ["0x0"]:
        names = _configuration(cells)
    if len(cells) < FEWEST:
        odd[row] = f"cut off after {len(cells)} fields"
    fields: Fields = dict(zip(names, cells, strict=False))
    fields.pop("", None)
    for number, cell in enumerate(cells[len(names) :], len(names) + 1):
        if cell:
            fields[f"field_{number}"] = cell
    return fields


def _cells(message: str, row: int, odd: dict[int, str]) -> list[str]:
    text = message if message[:1].isdigit() else _START.sub("", message, count=1)
    if '"' not in text:
        return text.split(",", MAX_CELLS)
    if text.count('"') % 2:
        odd[row] = "a quote that is not closed"
    try:
        return next(csv.reader([text]))[:MAX_CELLS]
    except csv.Error:
        return text.split(",", MAX_CELLS)


def _configuration(cells: Sequence[str]) -> tuple[str, ...]:
    """Tell by the place of the flags (`0x...`) whether changes are part of the record."""
    later = cells[_ACTION_FLAGS + 2 : _ACTION_FLAGS + 3]
    return CONFIG_WITH_CHANGES if later and later[0][:2] == "0x" else FIELDS["CONFIG"]


def _time(fields: Fields, clock: DeviceTimes) -> int:
    precise = parse_time(fields.get("high_res_timestamp") or "")
    if precise != NO_TIME:
        return precise
    return clock.micros(fields.get("time_generated") or fields.get("receive_time", ""))


def class_of(fields: Fields, kind: str, subtype: str) -> str:
    """Sort a record into the table it belongs to."""
    if kind == "TRAFFIC":
        return "flow"
    if kind == "THREAT":
        return "web" if subtype == "url" else "threat"
    if kind == "CONFIG":
        return "configuration"
    if kind in ("AUTHENTICATION", "GLOBALPROTECT"):
        return "logon"
    told = fields.get("eventid", "")
    return "logon" if kind == "SYSTEM" and subtype in _LOGON_TYPES and _is_logon(told) else "log"


_LOGON_TYPES = frozenset(("auth", "general", "globalprotect", "vpn"))


def _is_logon(event: str) -> bool:
    return _LOGON_EVENTS.search(event) is not None


def status_of(fields: Fields) -> str | None:
    """Give Success or Failure as status, event, result or action say; None when none does."""
    words = [fields.get(name) for name in ("status", "event", "eventid", "result", "action")]
    told = " ".join(word for word in words if word)
    if not told:
        return None
    return _outcome(told)


@lru_cache(maxsize=4096)
def _outcome(words: str) -> str:
    return "Failure" if _FAILED.search(words) else "Success"


def _told(pattern: re.Pattern[str], fields: Fields) -> str | None:
    """Give what the description says; system records have no fields for it."""
    found = pattern.search(fields.get("opaque", "")[:2_000])
    return found[1] if found else None
