r"""FortiGate's `key=value` lines, quoted or not, with blanks or commas between them.

Native names are those of the FortiOS log reference (`srcip`, `dstport`, `action`, `cfgpath`).
`eventtime` (seconds, or nanoseconds since FortiOS 6.2) is the event's time in UTC; without it
`date` and `time` are read in `tz`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from trailhound.model.batch import NO_TIME, TimeBasis
from trailhound.readers.device_records import Parsed, made, micros_of_seconds
from trailhound.readers.device_times import DeviceTimes
from trailhound.text.timestamp import parse_times

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trailhound.model.batch import Times
    from trailhound.model.limits import Budget
    from trailhound.model.source import Source
    from trailhound.readers.device_records import Fields

_PAIR = re.compile(r'([A-Za-z_][\w.-]{0,63})=(?:"((?:[^"\\]|\\.)*)"|([^\s"]*))')
_PLAIN_PAIR = re.compile(r'([A-Za-z_][\w.-]{0,63})=(?:"([^"]*)"|([^\s"]*))')
"""The same for a line without escapes, which is nearly every one."""
_CSV_PAIR = re.compile(r'"?([A-Za-z_][\w.-]{0,63})=(?:"((?:[^"\\]|\\.)*)"|([^,"]*))"?')
_KIND = re.compile(r'\btype="?(\w{1,32})"?[ ,](?:.{0,200}?\bsubtype="?([\w-]{1,32}))?')
_ESCAPE = re.compile(r'\\(["\\])')
_CLASSES = {
    ("utm", "dns"): "dns", ("dns", ""): "dns", ("utm", "webfilter"): "web", ("traffic", ""): "flow",
    ("anomaly", ""): "threat",
}  # fmt: skip
_THREATS = frozenset(
    ("virus", "ips", "anomaly", "waf", "dlp", "file-filter", "app-ctrl", "emailfilter")
)
_LOGONS = frozenset(("login", "logout"))
_TUNNELS = frozenset(("tunnel-up", "tunnel-down", "ssl-new-con", "ssl-login-fail", "ssl-alert"))


def key(message: str) -> str:
    """Give type and subtype."""
    found = _KIND.search(message, 0, 2_000)
    return f"{found[1].lower()}|{(found[2] or '').lower()}" if found else "|"


def route(joined: str) -> dict[str, str]:
    """Give type and subtype as a route."""
    kind, _, subtype = joined.partition("|")
    return {"type": kind, "subtype": subtype}


def parse(messages: Sequence[str], joined: str, source: Source, budget: Budget) -> Parsed:
    """Read records of one type."""
    fields = [record(message) for message in messages]
    odd = {row: "no pairs" for row, one in enumerate(fields) if len(one) < 3}
    times = parse_times([_number(one.get("eventtime")) for one in fields])
    basis = _by_date(fields, times, source, budget)
    kind, _, subtype = joined.partition("|")
    late = {
        **made("@class", fields, lambda one: class_of(one, kind, subtype)),
        **made("@duration_us", fields, lambda one: micros_of_seconds(one.get("duration"))),
        **made("@status", fields, status_of),
    }
    return Parsed(fields, times, basis, odd, late)


def record(message: str) -> Fields:
    """Read the pairs of one line; the first of two equal keys wins."""
    escaped = "\\" in message
    pattern = _CSV_PAIR if "," in message[:40] else _PAIR if escaped else _PLAIN_PAIR
    found = pattern.findall(message)
    fields: Fields = {name: quoted or plain for name, quoted, plain in found if quoted or plain}
    if len(fields) < len(found):  # two equal keys, or one without a value
        found.reverse()
        fields = {name: quoted or plain for name, quoted, plain in found if quoted or plain}
    if escaped:
        fields = {name: _ESCAPE.sub(r"\1", value) for name, value in fields.items()}
    return fields


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 20 else None


def _by_date(fields: Sequence[Fields], times: Times, source: Source, budget: Budget) -> str:
    """Fill times without `eventtime` by date and clock; give how they are known."""
    clock = DeviceTimes(source, budget)
    for row in (times == NO_TIME).nonzero()[0].tolist():
        one = fields[row]
        stamp = f"{one.get('date', '')} {one.get('time', '')}"
        times[row] = clock.micros(stamp, one.get("tz", ""))
    return TimeBasis.ZONE_ASSUMED if clock.assumed else TimeBasis.EXACT


def class_of(fields: Fields, kind: str, subtype: str) -> str:
    """Sort a record into the table it belongs to."""
    known = _CLASSES.get((kind, subtype)) or _CLASSES.get((kind, ""))
    if known:
        return known
    if subtype in _THREATS:
        return "threat"
    return "configuration" if "cfgpath" in fields else _logon_or_log(fields, subtype)


def _logon_or_log(fields: Fields, subtype: str) -> str:
    action = fields.get("action")
    known = action in _LOGONS or subtype == "user" or (subtype == "vpn" and action in _TUNNELS)
    return "logon" if known and "user" in fields else "log"


def status_of(fields: Fields) -> str | None:
    """Give Success or Failure; a refused connection is one that failed."""
    words = f"{fields.get('status', '')} {fields.get('action', '')}".lower()
    if any(word in words for word in ("fail", "den", "block", "drop")):
        return "Failure"
    return "Success" if words.strip() else None
