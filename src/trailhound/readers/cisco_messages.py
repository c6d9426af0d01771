"""What Cisco's ASA, FTD and IOS write: the messages that matter by their number, the rest as text.

Texts: Cisco Secure Firewall ASA Series Syslog Messages; Cisco IOS System Message Guide. A teardown
does not say who opened the connection: the side with the lower port is then taken for the server.
"""

from __future__ import annotations

import re
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from trailhound.readers.cisco_patterns import ASA, IOS

if TYPE_CHECKING:
    from collections.abc import Callable

    from trailhound.readers.cisco_patterns import Pattern

NAMES = (
    "message_id", "level", "subsystem", "event", "action", "protocol", "direction",
    "connection_id", "src_interface", "src_ip", "src_port", "dst_interface", "dst_ip", "dst_port",
    "user", "group", "server", "duration_us", "bytes", "bytes_in", "bytes_out", "access_group",
    "command", "url", "assigned_ip", "reason",
)  # fmt: skip
_TAG = re.compile(r"%([a-z][a-z0-9_]*)-(?:[a-z0-9_]+-){0,2}?([0-7])-(\w+)\Z")
_LEAD = re.compile(r".{0,160}?%[A-Z][A-Za-z0-9_-]{3,100}: ?")
_BETWEEN = re.compile(r", (?=\w{1,64}: )")
_NUMBERS = ("src_port", "dst_port", "bytes", "bytes_in", "bytes_out")
_FTD = {
    "SrcIP": "src_ip", "DstIP": "dst_ip", "SrcPort": "src_port", "DstPort": "dst_port",
    "Protocol": "protocol", "AccessControlRuleAction": "action", "User": "user", "URL": "url",
    "InitiatorBytes": "bytes_out", "ResponderBytes": "bytes_in", "Message": "reason",
    "AccessControlRuleName": "access_group", "InlineResult": "action", "FileName": "url",
}  # fmt: skip
_FTD_EVENTS = {
    "430001": "threat",
    "430002": "flow",
    "430003": "flow",
    "430004": "threat",
    "430005": "threat",
}


@lru_cache(maxsize=4096)
def parser_of(program: str) -> Callable[[str], dict[str, Any]]:
    """Give what reads the messages of one number, which the header shows as the program."""
    tag = _TAG.match(program)
    if tag is None:
        return lambda _message: {}
    level, name = int(tag[2]), tag[3].upper()
    fixed: dict[str, Any] = {"message_id": name, "level": level, "subsystem": tag[1].upper()}
    if name in _FTD_EVENTS:
        return partial(_pairs, fixed | {"event": _FTD_EVENTS[name]})
    return partial(_fields, fixed, ASA.get(name) or IOS.get(name))


def _text(message: str) -> str:
    lead = _LEAD.match(message) if "%" in message[:160] else None
    return message[lead.end() :] if lead else message


def _fields(fixed: dict[str, Any], pattern: Pattern | None, message: str) -> dict[str, Any]:
    found = pattern[1].match(_text(message)) if pattern else None
    if pattern is None or found is None:
        return fixed
    fields = fixed | {"event": pattern[0]} | pattern[2]
    fields |= {name: value for name, value in found.groupdict().items() if value}
    _numbered(fields)
    _turned(fields)
    return fields


def _pairs(fixed: dict[str, Any], message: str) -> dict[str, Any]:
    """Read FTD's own events: `SrcIP: 192.0.2.1, DstIP: ...`."""
    fields = dict(fixed)
    for pair in _BETWEEN.split(_text(message)):
        name, _, value = pair.partition(": ")
        if name in _FTD and value:
            fields.setdefault(_FTD[name], value)
    _numbered(fields)
    return fields


def _numbered(fields: dict[str, Any]) -> None:
    for name in _NUMBERS:
        text = fields.get(name)
        if text is not None and text.isascii() and text.isdecimal():
            fields[name] = int(text[:18])
    if "duration_us" in fields:
        fields["duration_us"] = _duration(fields["duration_us"])


def _duration(text: str) -> int | None:
    """Read `1:02:03` and `1h:02m:03s` as microseconds, days first where there are four."""
    parts = re.sub("[dhms]", "", text).split(":")
    if not 3 <= len(parts) <= 4 or not all(part.isdecimal() and len(part) < 7 for part in parts):
        return None
    *days, hours, minutes, seconds = map(int, parts)
    whole = sum(days) * 86_400 + hours * 3_600 + minutes * 60 + seconds
    return whole * 1_000_000


def _turned(fields: dict[str, Any]) -> None:
    """Put who opened a connection first: `for outside:server to inside:client` is outbound."""
    if not fields["event"].startswith("connection_"):
        return
    direction = fields.get("direction")
    first, second = fields.get("src_port"), fields.get("dst_port")
    if direction is None and first is not None and second is not None:
        direction = "outbound" if first < second and second >= 1024 else "inbound"
    if direction == "outbound":
        for part in ("interface", "ip", "port"):
            names = f"src_{part}", f"dst_{part}"
            fields[names[0]], fields[names[1]] = fields.get(names[1]), fields.get(names[0])
