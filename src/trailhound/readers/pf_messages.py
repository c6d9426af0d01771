"""The filter log of pfSense and OPNsense: comma-separated, fields by address family and protocol.

Order of fields: the filter log format of the pfSense documentation, which OPNsense shares.
"""

from __future__ import annotations

from itertools import chain
from typing import Any

_HEAD = (
    "rule", "sub_rule", "anchor", "tracker", "interface", "reason", "action", "direction",
    "ip_version",
)  # fmt: skip
_BY_VERSION = {
    "4": ("tos", "ecn", "ttl", "id", "offset", "flags", "protocol_id", "protocol", "length",
          "src_ip", "dst_ip"),
    "6": ("class", "flow_label", "hop_limit", "protocol", "protocol_id", "length", "src_ip",
          "dst_ip"),
}  # fmt: skip
_BY_PROTOCOL = {
    "tcp": ("src_port", "dst_port", "data_length", "tcp_flags", "sequence", "ack", "window",
            "urgent", "options"),
    "udp": ("src_port", "dst_port", "data_length"),
    "icmp": ("icmp_type",),
}  # fmt: skip
NAMES = tuple(
    dict.fromkeys(chain(_HEAD, *_BY_VERSION.values(), *_BY_PROTOCOL.values(), ("event",)))
)
_NUMBERS = ("src_port", "dst_port", "length")


def filterlog(message: str) -> dict[str, Any]:
    """Give the fields of one message; nothing when it is no filter record."""
    cells = message.split(",")
    names = _BY_VERSION.get(cells[8]) if len(cells) > len(_HEAD) else None
    if names is None:
        return {}
    fields: dict[str, Any] = dict(zip(_HEAD + names, cells, strict=False))
    protocol = _BY_PROTOCOL.get(fields.get("protocol", "").lower(), ())
    fields |= zip(protocol, cells[len(_HEAD) + len(names) :], strict=False)
    for name in _NUMBERS:
        text = fields.get(name, "")
        if text.isascii() and text.isdecimal():
            fields[name] = int(text[:18])
    fields["event"] = "packet"
    return fields
