"""What Exim and Sendmail write of each message: who handed it in, where it went, who logged on.

Sources: https://www.exim.org/exim-html-current/doc/html/spec_html/ch-log_files.html and the
Sendmail Installation and Operation Guide, section 2.1.1.
"""

from __future__ import annotations

import re
from typing import Any

EXIM_NAMES = (
    "event", "queue_id", "from", "to", "orig_to", "client", "helo", "client_ip", "client_port",
    "proto", "auth_method", "auth_user", "size", "subject", "message_id", "router", "transport",
    "local_user", "relay", "relay_ip", "reason",
)  # fmt: skip
SENDMAIL_NAMES = (
    "event", "queue_id", "from", "to", "orig_to", "client", "client_ip", "relay", "relay_ip",
    "size", "nrcpts", "msgid", "proto", "mailer", "dsn", "stat", "auth_method", "auth_user",
    "reason",
)  # fmt: skip

_QUEUE = re.compile(r"([0-9A-Za-z]{6}-[0-9A-Za-z]{6,11}-[0-9A-Za-z]{2,4}) ")
_FLAGS = {
    "<=": "received", "=>": "delivery", "->": "delivery", "*>": "delivery", ">>": "delivery",
    "**": "failed", "==": "deferred",
}  # fmt: skip
_HOST = re.compile(
    r"(?:^| )H=(?:([^\s()\[\]]{1,255}) ?)?(?:\(([^()]{0,255})\) ?)?"
    r"(?:\[([0-9A-Fa-f:.]{2,45})\](?::(\d{1,5}))?)?"
)
_PEER = re.compile(r"\[([0-9A-Fa-f:.]{2,45})\](?::(\d{1,5}))?")
_PAIR = re.compile(r' ([A-Za-z]{1,8})=("(?:[^"\\]|\\.)*"|<[^<>]*>|\S*)')
_REASON = re.compile(r"(?: [A-Z]=\S+)+(?: defer \(-?\d+\))?: (.*)\Z")
_AUTH_FAILED = re.compile(r"(\S{1,64}) authenticator failed for (.*?): (.*)\Z")
_SET_ID = re.compile(r"set_id=([^)]{1,256})\)")
_REJECTED = re.compile(r"rejected (?:after )?([A-Z]{3,8})\b(?: <([^<>]{0,320})>)?(?::? ?(.*))?\Z")
_ADDRESS = re.compile(r"(\S{1,400})(?: <([^<>\s]{1,400})>)?")
_SENDMAIL_QUEUE = re.compile(r"([0-9A-Za-z]{12,20}|NOQUEUE): ")
_SENDMAIL_PAIR = re.compile(r"(?:^|, )([A-Za-z]\w{1,15})=(.*?)(?=, [A-Za-z]\w{1,15}=|\Z)")
_SENDMAIL_AUTH = re.compile(r"AUTH failure \((\S{1,32})\): (.*)\Z")

_FROM_OUTSIDE = frozenset(("received", "reject", "auth"))
"""Events whose `relay=` is who came; in all others it is where a message went."""


def exim(message: str) -> dict[str, Any]:
    """Give the fields of one line of Exim's main log."""
    found: dict[str, Any] = {}
    if queue := _QUEUE.match(message):
        found["queue_id"] = queue[1]
        message = message[queue.end() :]
    flag, _, rest = message.partition(" ")
    if flag in _FLAGS:
        found["event"] = _FLAGS[flag]
        return found | _exim_step(flag, rest)
    if failed := _AUTH_FAILED.match(message):
        name = _SET_ID.search(failed[3])
        found |= {"event": "auth_failed", "auth_method": failed[1], "reason": failed[3]}
        return found | _exim_peer(f"H={failed[2]}") | {"auth_user": name[1] if name else None}
    if rejected := _REJECTED.search(message):
        found |= {"event": "reject", "to": rejected[2] or None, "reason": rejected[3] or None}
        return found | _exim_peer(message) | _exim_sender(message)
    found["event"] = "completed" if message == "Completed" else None
    return found | _exim_peer(message)


def _exim_step(flag: str, rest: str) -> dict[str, Any]:
    """Read what stands behind the flag: an address, fields, for failures the reason."""
    pairs = {name: value.strip('"') for name, value in _PAIR.findall(f" {rest}")}
    address = _ADDRESS.match(rest)
    method, _, user = pairs.get("A", "").partition(":")
    found: dict[str, Any] = {
        "proto": pairs.get("P"),
        "auth_method": method or None,
        "auth_user": user or None,
        "size": _number(pairs.get("S")),
        "message_id": pairs.get("id"),
        "local_user": pairs.get("U"),
    }
    if flag == "<=":
        found |= {"from": _address(address and address[1]), "subject": pairs.get("T")}
        return found | _exim_peer(rest)
    reason = _REASON.search(rest) if flag in ("**", "==") else None
    found |= {"router": pairs.get("R"), "transport": pairs.get("T")}
    found |= {"reason": reason[1] if reason else rest.partition(": ")[2] if flag == "**" else None}
    found["to"] = _address(address and (address[2] or address[1].rstrip(":")))
    found["orig_to"] = address[1] if address and address[2] else None
    peer = _exim_peer(rest)
    found |= {"relay": peer.get("client"), "relay_ip": peer.get("client_ip")}
    return found | _exim_sender(rest)


def _exim_peer(text: str) -> dict[str, Any]:
    """Read `H=name (said) [192.0.2.1]:25`; the address of a line without it is in brackets too."""
    host = _HOST.search(text)
    if host is None or host[3] is None:
        peer = _PEER.search(text)
        return {"client_ip": peer[1], "client_port": _number(peer[2])} if peer else {}
    return {
        "client": host[1],
        "helo": host[2],
        "client_ip": host[3],
        "client_port": _number(host[4]),
    }


def _exim_sender(text: str) -> dict[str, Any]:
    pairs = dict(_PAIR.findall(f" {text}"))
    return {"from": _address(pairs["F"])} if "F" in pairs else {}


def sendmail(message: str) -> dict[str, Any]:
    """Give the fields of one line of Sendmail."""
    found: dict[str, Any] = {}
    if queue := _SENDMAIL_QUEUE.match(message):
        found["queue_id"] = queue[1] if queue[1] != "NOQUEUE" else None
        message = message[queue.end() :]
    if failed := _SENDMAIL_AUTH.match(message):
        return found | {"event": "auth_failed", "auth_method": failed[1], "reason": failed[2]}
    pairs = dict(_SENDMAIL_PAIR.findall(message))
    found["event"] = _sendmail_event(pairs)
    peer = _PEER.search(pairs.get("relay", ""))
    sides = ("client", "client_ip") if found["event"] in _FROM_OUTSIDE else ("relay", "relay_ip")
    host = pairs.get("relay", "").partition(" ")[0].strip("[].")
    address = peer[1] if peer else None
    found |= dict(zip(sides, (host if host != address else None, address), strict=True))
    return found | {
        "from": _address(pairs.get("from")),
        "to": _address(pairs.get("to") or pairs.get("arg1")),
        "orig_to": _address(pairs.get("ctladdr")),
        "size": _number(pairs.get("size")),
        "nrcpts": _number(pairs.get("nrcpts")),
        "msgid": pairs.get("msgid"),
        "proto": pairs.get("proto"),
        "mailer": pairs.get("mailer"),
        "dsn": pairs.get("dsn"),
        "stat": pairs.get("stat"),
        "auth_method": pairs.get("mech"),
        "auth_user": pairs.get("authid"),
        "reason": pairs.get("reject") or pairs.get("stat"),
    }


def _sendmail_event(pairs: dict[str, str]) -> str | None:
    if "reject" in pairs:
        return "reject"
    if pairs.get("AUTH") == "server":
        return "auth"
    if "stat" in pairs:
        state = pairs["stat"].partition(" ")[0].rstrip(":").lower()
        return {"sent": "delivery", "deferred": "deferred", "queued": "queued"}.get(state, "failed")
    return "received" if "from" in pairs else None


def _address(text: str | None) -> str | None:
    return (text or "").strip("<>") or None


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 19 else None
