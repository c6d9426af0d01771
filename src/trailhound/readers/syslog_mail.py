"""What Postfix and Dovecot write: the chain of a message's queue id, log-ins, deliveries."""

from __future__ import annotations

import re
from typing import Any

POSTFIX_NAMES = (
    "event", "queue_id", "from", "to", "orig_to", "relay", "relay_ip", "status", "dsn", "delay",
    "size", "nrcpt", "message-id", "client", "client_ip", "sasl_method", "sasl_username", "helo",
    "proto", "reason",
)  # fmt: skip
DOVECOT_NAMES = (
    "event", "service", "user", "rip", "lip", "method", "session", "mpid", "tls", "reason", "msgid",
    "mailbox", "forwarded_to", "level",
)  # fmt: skip

_QUEUE_ID = re.compile(
    r"([0-9A-F]{6,20}|[0-9B-DF-HJ-NP-TV-Zb-df-hj-np-tv-z]{10,24}|NOQUEUE): (?=\S)"
)
_PAIR = re.compile(r"(?:^|[\s,;(])([a-z_]{2,16}|message-id)=(<[^>]{0,512}>|[^,;\s]*)")
_PEER = re.compile(r"([^\s\[\]]{1,255})\[([0-9A-Fa-f:.]{2,45}|unknown)\]")
_STATUS = re.compile(r"status=(\S+) \((.*)\)\Z")
_SASL = re.compile(
    r"warning: (\S{1,255})\[([0-9A-Fa-f:.]{2,45})\]: SASL (\S+) authentication failed: ?(.*)"
)
_EVENTS = (
    ("connect from ", "connect"),
    ("disconnect from ", "disconnect"),
    ("lost connection after ", "lost_connection"),
    ("client=", "client"),
    ("message-id=", "message"),
    ("reject: ", "reject"),
    ("milter-reject: ", "milter_reject"),
    ("milter-hold: ", "milter_hold"),
    ("from=<", "queued"),
    ("removed", "removed"),
    ("warning: ", "warning"),
    ("uid=", "pickup"),
)
_WHOLE_NUMBERS = ("size", "nrcpt")


def postfix(message: str) -> dict[str, Any]:
    """Give the fields of one line; addresses lose their angle brackets."""
    if failed := _SASL.match(message):
        found: dict[str, Any] = {
            "event": "sasl_failed",
            "client": failed[1],
            "client_ip": failed[2],
            "sasl_method": failed[3],
            "reason": failed[4],
        }
        return found | _pairs(failed[4])
    queue = _QUEUE_ID.match(message)
    rest = message[queue.end() :] if queue else message
    found = _pairs(rest)
    if queue and queue[1] != "NOQUEUE":
        found["queue_id"] = queue[1]
    found["event"] = _event(rest, found)
    _client(rest, found)
    _relay(rest, found)
    if found["event"] in ("reject", "milter_reject", "milter_hold"):
        found["reason"] = rest.partition("]: ")[2].partition("; from=")[0] or None
    return found


def _pairs(text: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in _PAIR.findall(text):
        if name in POSTFIX_NAMES and name not in found:
            found[name] = value[1:-1] if value.startswith("<") else value
    for name in _WHOLE_NUMBERS:
        if name in found:
            found[name] = (
                int(found[name]) if found[name].isdecimal() and len(found[name]) < 18 else None
            )
    return found


def _event(rest: str, found: dict[str, Any]) -> str | None:
    if "status" in found:
        return "delivery"
    return next((event for start, event in _EVENTS if rest.startswith(start)), None)


def _client(rest: str, found: dict[str, Any]) -> None:
    """Split `client=name[address]`, or `... from name[address]`."""
    place = rest.find("client=")
    if place < 0:
        place = rest.find(" from ")
    peer = _PEER.match(rest[place:].removeprefix("client=").removeprefix(" from "))
    if place >= 0 and peer:
        found["client"], found["client_ip"] = peer[1], peer[2]


def _relay(rest: str, found: dict[str, Any]) -> None:
    if status := _STATUS.search(rest):
        found["reason"] = status[2]
    if peer := _PEER.match(found.get("relay") or ""):
        found["relay_ip"] = peer[2]


_LEVEL = re.compile(r"(Info|Warning|Error|Debug|Fatal|Panic): ")
_SERVICE = re.compile(
    r"([a-z][a-z0-9-]{1,31})(?:\(([^)\s]*)\))?((?:<[^>\s]*>){0,3})(?:\(([^)\s]*)\))?: "
)
_DOVE_PAIR = re.compile(
    r"(?:^|[\s,(])(user|method|rip|lip|mpid|session|msgid)=(?:<([^>]{0,512})>|([^,\s>]{0,512}))"
)
_AUTH_USER = re.compile(r"(?:[a-z-]{2,32})\(([^,)\s]*)(?:,([0-9A-Fa-f:.]{2,45}))?[^)]*\): (.*)")
_SAVED = re.compile(r"(?:saved mail to|stored mail into mailbox|copied mail to) '?([^']+)'?")
_FORWARDED = re.compile(r"forwarded to <([^>]{0,512})>")
_DOVE_EVENTS = (
    ("Login: ", "login"),
    ("Logged in", "login"),
    ("Disconnected: Logged out", "logout"),
)
_REFUSED = ("auth failed", "auth_failed", "Password mismatch", "unknown user", "password mismatch")


def dovecot(message: str) -> dict[str, Any]:
    """Give the fields of one line, in the form of Dovecot's own file and of syslog."""
    found: dict[str, Any] = {}
    rest = _prefix(message, found)
    for name, bracketed, plain in _DOVE_PAIR.findall(rest):
        if value := bracketed or plain:
            found[name] = value
    found["event"] = _dovecot_event(rest, found)
    if "rip" in found and ("TLS" in rest or "secured" in rest):
        found["tls"] = "TLS" if "TLS" in rest else "secured"
    if saved := _SAVED.search(rest):
        found["mailbox"] = saved[1]
    if forwarded := _FORWARDED.search(rest):
        found["forwarded_to"] = forwarded[1]
    return found


def _prefix(message: str, found: dict[str, Any]) -> str:
    """Take `imap-login: Info: ` or `imap(user)<pid><session>: ` off; give the rest."""
    place = 0
    if service := _SERVICE.match(message):
        place = service.end()
        found["service"] = service[1]
        inside = service[2] or ""
        if inside and not inside.isdecimal():
            found["user"] = inside.partition(",")[0]
        marks = re.findall(r"<([^>]*)>", service[3])
        if marks:
            found["session"] = marks[-1]
    if level := _LEVEL.match(message, place):
        found["level"] = level[1].lower()
        place = level.end()
    return message[place:]


def _dovecot_event(rest: str, found: dict[str, Any]) -> str | None:
    if any(word in rest for word in _REFUSED):
        _refused(rest, found)
        return "auth_failed"
    for start, event in _DOVE_EVENTS:
        if rest.startswith(start):
            return event
    if rest.startswith(("Disconnected", "Aborted login", "Login aborted", "Connection closed")):
        found["reason"] = _reason(rest)
        return "disconnected"
    if "forwarded to <" in rest:
        return "forwarded"
    return "saved" if _SAVED.search(rest) else None


def _refused(rest: str, found: dict[str, Any]) -> None:
    """Read `Aborted login (auth failed, ...): user=<x>` and `sql(x,192.0.2.1): unknown user`."""
    found["reason"] = _reason(rest)
    own = _AUTH_USER.match(rest)
    if own and found.get("service") in ("auth", "auth-worker"):
        found["user"], found["reason"] = own[1], own[3]
        if own[2]:
            found["rip"] = own[2]


def _reason(rest: str) -> str:
    text = rest.partition(": user=")[0]
    return text.removeprefix("Disconnected: ").partition(" in=")[0]
