"""What the logs of Exchange are, and the fields that are made of others."""

from __future__ import annotations

import base64
import binascii
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from trailhound.model.batch import Column

    Native = Mapping[str, Sequence[str]]
    Make = Callable[[Native, int], dict[str, Column]]

OTHER = "mail.exchange_log"
TRACKING, SMTP, HTTP = "mail.exchange_tracking", "mail.exchange_smtp", "mail.exchange_http"
KINDS = {
    "Message Tracking Log": TRACKING,
    "SMTP Receive Protocol Log": SMTP,
    "SMTP Send Protocol Log": SMTP,
    "SMTP Receive Protocol Logs": SMTP,
    "SMTP Send Protocol Logs": SMTP,
    "HttpProxy Logs": HTTP,
}
"""Kinds by the header's `#Log-type`; all others are read under their own names."""

_ENDPOINT = re.compile(r"\[?([0-9A-Fa-f:.]{2,45})\]?:(\d{1,5})\Z")
_AUTH_FAILED = re.compile(r"535 5\.7\.\d|Inbound authentication failed", re.IGNORECASE)
_SENDER = re.compile(r"MAIL FROM: ?<([^<>]{0,320})>", re.IGNORECASE)
_RECIPIENT = re.compile(r"RCPT TO: ?<([^<>]{1,320})>", re.IGNORECASE)
_NAME = re.compile(r"User Name: ([^\s,;]{1,320})")


def _cells(native: Native, name: str, count: int) -> Sequence[str]:
    return native.get(name) or ("",) * count


def _endpoints(native: Native, count: int) -> dict[str, Column]:
    """Part `192.0.2.1:25` and `[2001:db8::1]:25`."""
    made: dict[str, Column] = {}
    for side in ("local", "remote"):
        found = [_ENDPOINT.match(value) for value in _cells(native, f"{side}-endpoint", count)]
        made[f"{side}_ip"] = [match[1] if match else None for match in found]
        made[f"{side}_port"] = [int(match[2]) if match else None for match in found]
    return made


def _commands(native: Native, count: int) -> dict[str, Column]:
    """Say what a line of a session is: a command, an answer, a log-on that failed or worked."""
    data = _cells(native, "data", count)
    contexts = _cells(native, "context", count)
    pairs = list(zip(data, contexts, strict=True))
    senders = [_SENDER.match(text) for text in data]
    recipients = [_RECIPIENT.match(text) for text in data]
    return {
        "activity": [_activity(text, context) for text, context in pairs],
        "mail_from": [match[1] or None if match else None for match in senders],
        "rcpt_to": [match[1] if match else None for match in recipients],
        "user": [_user(text, context) for text, context in pairs],
    }


def _activity(text: str, context: str) -> str | None:
    if _AUTH_FAILED.search(text) or _AUTH_FAILED.search(context):
        return "auth_failed"
    if context == "authenticated" or text.startswith("235 "):
        return "authenticated"
    word = text.partition(" ")[0].rstrip(":").upper()
    return word if word.isalpha() or word.isdecimal() else None


def _user(text: str, context: str) -> str | None:
    """Name who logs on: in words, or where a session shows the name that `authenticated`."""
    named = _NAME.search(context) or _NAME.search(text)
    if named:
        return named[1]
    return text if context == "authenticated" and text else None


def _recipients(native: Native, count: int) -> dict[str, Column]:
    """Part what message tracking joins by semicolons."""
    made: Column = [
        value.split(";") if ";" in value else value or None
        for value in _cells(native, "recipient-address", count)
    ]
    return {"recipient-address": made}


def _subjects(native: Native, count: int) -> dict[str, Column]:
    """Decode subjects that Exchange keeps as `=?utf-8?B?...?=`."""
    return {"@subject": [_subject(text) for text in _cells(native, "message-subject", count)]}


def _subject(text: str) -> str | None:
    if text[:10].lower() == "=?utf-8?b?" and text[-2:] == "?=":
        try:
            return base64.b64decode(text[10:-2], validate=True).decode("utf-8", "replace")
        except (binascii.Error, ValueError):
            return text
    return text or None


MADE: dict[str, dict[str, Make]] = {
    TRACKING: {"recipient-address": _recipients, "@subject": _subjects},
    SMTP: {
        **dict.fromkeys(("local_ip", "local_port", "remote_ip", "remote_port"), _endpoints),
        **dict.fromkeys(("activity", "mail_from", "rcpt_to", "user"), _commands),
    },
}
"""Made fields by kind."""
