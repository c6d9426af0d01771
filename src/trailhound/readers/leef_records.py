r"""Log Event Extended Format 1 and 2: a header between bars, then pairs with a delimiter.

Version 2 names its delimiter in the header (a character or `x09`, `0x5E`); version 1 means a tab,
for which many devices write blanks or carets. Attributes: IBM QRadar LEEF format guide.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from trailhound.model.batch import TimeBasis
from trailhound.readers.cef_records import MAX_PAIRS, outcome_of, pairs
from trailhound.readers.device_records import Parsed, made
from trailhound.readers.device_times import DeviceTimes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trailhound.model.limits import Budget
    from trailhound.model.source import Source
    from trailhound.readers.device_records import Fields

HEADER = ("deviceVendor", "deviceProduct", "deviceVersion", "eventId")
_START = re.compile(r".{0,64}?LEEF: ?([12])\.?\d?\|", re.IGNORECASE)
_HEX = re.compile(r"0?x([0-9A-Fa-f]{1,4})\Z")
_LOGON = re.compile(r"log(?:ged)?[ _-]?(?:on|in)|authenticat|sign-?in", re.IGNORECASE)
_HIGH = {"7", "8", "9", "10", "high", "critical"}


def key(message: str) -> str:
    """Give vendor and product, as written."""
    parts = message.split("|", 3)
    return f"{parts[1]}|{parts[2]}" if len(parts) > 3 else "|"


def route(joined: str) -> dict[str, str]:
    """Give vendor and product as a route."""
    vendor, _, product = joined.partition("|")
    return {"deviceVendor": vendor, "deviceProduct": product}


def parse(messages: Sequence[str], joined: str, source: Source, budget: Budget) -> Parsed:
    """Read records of one vendor's product."""
    del joined
    odd: dict[int, str] = {}
    fields = [record(message, row, odd) for row, message in enumerate(messages)]
    clock = DeviceTimes(source, budget)
    stamps = [clock.micros(one.get("devTime", ""), one.get("devTimeZone", "")) for one in fields]
    basis = TimeBasis.ZONE_ASSUMED if clock.assumed else TimeBasis.EXACT
    late = {**made("@class", fields, class_of), **made("@status", fields, status_of)}
    return Parsed(fields, np.array(stamps, dtype=np.int64), basis, odd, late)


def record(message: str, row: int, odd: dict[int, str]) -> Fields:
    """Take one record apart; a header that is too short keeps what there is of it."""
    start = _START.match(message)
    rest = message[start.end() :] if start else message
    *cells, attributes = rest.split("|", len(HEADER))
    if len(cells) < len(HEADER):
        odd[row] = f"{len(cells)} of {len(HEADER)} header fields"
        return dict(zip(HEADER, [*cells, attributes], strict=False))
    fields: Fields = dict(zip(HEADER, cells, strict=True))
    delimiter = "\t"
    if start and start[1] == "2":
        told, bar, after = attributes.partition("|")
        if bar and (len(told) <= 1 or _HEX.match(told)):
            delimiter, attributes = _delimiter(told), after
    _attributes(attributes, delimiter, fields, row, odd)
    return fields


def _delimiter(told: str) -> str:
    code = _HEX.match(told)
    return chr(int(code[1], 16)) if code else told or "\t"


def _attributes(text: str, delimiter: str, fields: Fields, row: int, odd: dict[int, str]) -> None:
    """Part pairs at the delimiter; where it does not occur, at what devices write for a tab."""
    if delimiter not in text and text.count("=") > 1:
        delimiter = "^" if "^" in text else ""
    if not delimiter:
        pairs(text, fields, row, odd)
        return
    for pair in text.split(delimiter, MAX_PAIRS):
        name, equals, value = pair.partition("=")
        if equals and value.strip():
            fields.setdefault(name.strip(), value.strip())
        elif pair.strip() and not equals:
            odd[row] = "an attribute without a value"


def class_of(fields: Fields) -> str:
    """Sort a record into the table it belongs to."""
    words = f"{fields.get('cat', '')} {fields.get('eventId', '')}"
    if fields.get("sev", "").lower() in _HIGH:
        return "threat"
    if "usrName" in fields and _LOGON.search(words):
        return "logon"
    if "url" in fields:
        return "web"
    return "flow" if "src" in fields and "dst" in fields else "log"


def status_of(fields: Fields) -> str | None:
    """Give Success or Failure as the event's words say; None when it has none."""
    words = " ".join(str(fields[n]) for n in ("action", "cat", "eventId") if n in fields)
    if not words:
        return None
    return outcome_of(words)
