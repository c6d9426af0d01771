r"""Common Event Format: seven header fields between bars, then `key=value` pairs.

Values hold blanks, so a pair ends where the next ` key=` begins; `\=`, `\|`, `\\` and `\n` are
escapes. Native names are the format's keys (`src`, `dpt`, `act`, `suser`, `cs1`); what a label says
(`cs1Label=Rule`) is a name for the value too. Keys: ArcSight Common Event Format, revision 25.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from trailhound.model.batch import TimeBasis
from trailhound.readers.device_records import Parsed, made
from trailhound.readers.device_times import DeviceTimes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trailhound.model.limits import Budget
    from trailhound.model.source import Source
    from trailhound.readers.device_records import Fields

HEADER = (
    "deviceVendor", "deviceProduct", "deviceVersion", "deviceEventClassId", "name", "severity",
)  # fmt: skip
MAX_PAIRS = 500
_START = re.compile(r"(?:.{0,64}?CEF: ?)?\d[\d.]{0,4}\|", re.IGNORECASE)
_KEY = re.compile(r" ([A-Za-z_][\w.\[\]-]{0,63})=")
_BAR = re.compile(r"((?:[^|\\]|\\.)*)\|", re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPES = {"n": "\n", "r": "\r"}
_TIMES = ("rt", "deviceReceiptTime", "end", "start", "art")
_LOGON = re.compile(r"log(?:ged)?[ -]?(?:on|in)|authenticat|sign-?in", re.IGNORECASE)
_FAILED = re.compile(r"fail|den|reject|invalid|block|drop", re.IGNORECASE)
_HIGH = {"7", "8", "9", "10", "high", "very-high", "critical"}


def key(message: str) -> str:
    """Give vendor and product, as written."""
    parts = message.split("|", 3)
    return f"{parts[1]}|{parts[2]}" if len(parts) > 3 else "|"


def route(joined: str) -> dict[str, str]:
    """Give vendor and product as a route."""
    vendor, _, product = joined.partition("|")
    return {"deviceVendor": unescaped(vendor), "deviceProduct": unescaped(product)}


def parse(messages: Sequence[str], joined: str, source: Source, budget: Budget) -> Parsed:
    """Read records of one vendor's product."""
    del joined
    odd: dict[int, str] = {}
    fields = [record(message, row, odd) for row, message in enumerate(messages)]
    clock = DeviceTimes(source, budget)
    times = np.array([_time(one, clock) for one in fields], dtype=np.int64)
    basis = TimeBasis.ZONE_ASSUMED if clock.assumed else TimeBasis.EXACT
    late = {**made("@class", fields, class_of), **made("@status", fields, status_of)}
    return Parsed(fields, times, basis, odd, late)


def record(message: str, row: int, odd: dict[int, str]) -> Fields:
    """Take one record apart; a header that is too short keeps what there is of it."""
    start = _START.match(message)
    rest = message[start.end() :] if start else message
    cells, extension = _header(rest)
    if len(cells) < len(HEADER):
        odd[row] = f"{len(cells)} of {len(HEADER)} header fields"
    fields: Fields = dict(zip(HEADER, cells, strict=False))
    pairs(extension, fields, row, odd)
    return fields


def _header(rest: str) -> tuple[list[str], str]:
    if "\\|" not in rest and "\\\\|" not in rest:
        *cells, extension = rest.split("|", len(HEADER))
        return (cells, extension) if len(cells) == len(HEADER) else ([*cells, extension], "")
    cells, place = [], 0
    while len(cells) < len(HEADER) and (cell := _BAR.match(rest, place)):
        cells.append(unescaped(cell[1]))
        place = cell.end()
    return cells, rest[place:]


def pairs(extension: str, fields: Fields, row: int, odd: dict[int, str]) -> None:
    """Read `key=value key=value`; the first of two equal keys wins, as a forger appends."""
    parts = _KEY.split(f" {extension}", maxsplit=MAX_PAIRS)
    if parts[0].strip():
        odd[row] = "text before the first key"
    escaped = "\\" in extension
    for name, value in zip(parts[1::2], parts[2::2], strict=True):
        text = value.rstrip()
        if text and name not in fields:
            fields[name] = unescaped(text) if escaped else text
    if len(parts) > 2 * MAX_PAIRS:
        odd[row] = f"more than {MAX_PAIRS} keys"
    if "Label=" in extension:
        _label(fields)


def _label(fields: Fields) -> None:
    """Give labelled values their names: `cs1Label=Rule cs1=x` is also `Rule` = x."""
    for name in [name for name in fields if name.endswith("Label")]:
        label, value = fields[name], fields.get(name.removesuffix("Label"))
        if value is not None and label not in fields:
            fields[label] = value


def unescaped(text: str) -> str:
    r"""Undo `\=`, `\|`, `\\`, `\n` and `\r`; any other backslash is one, as in `C:\Users`."""
    return _ESCAPE.sub(_undone, text) if "\\" in text else text


def _undone(match: re.Match[str]) -> str:
    char = match[1]
    if char in "=|\\":
        return char
    return _ESCAPES.get(char, match[0])


def _time(fields: Fields, clock: DeviceTimes) -> int:
    text = next((fields[name] for name in _TIMES if name in fields), "")
    return clock.micros(text, fields.get("dtz", ""))


def class_of(fields: Fields) -> str:
    """Sort a record into the table it belongs to: vendors share the format, not the words."""
    if fields.get("severity", "").lower() in _HIGH:
        return "threat"
    if "request" in fields and ("requestMethod" in fields or "http" in fields["request"][:5]):
        return "web"
    if ("suser" in fields or "duser" in fields) and _is_logon(fields.get("name", "")):
        return "logon"
    return "flow" if "src" in fields and "dst" in fields else "log"


def status_of(fields: Fields) -> str | None:
    """Give Success or Failure as outcome, action or name say; None when none does."""
    words: list[Any] = [fields.get("outcome"), fields.get("act"), fields.get("name")]
    told = next((word for word in words if word), None)
    if told is None:
        return None
    return outcome_of(told)


@lru_cache(maxsize=4096)
def outcome_of(words: str) -> str:
    """Tell a failure by its words."""
    return "Failure" if _FAILED.search(words) else "Success"


@lru_cache(maxsize=4096)
def _is_logon(name: str) -> bool:
    return _LOGON.search(name) is not None
