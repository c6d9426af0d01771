"""Native values to table cells and entity values: casts and the cleaning real logs need."""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING, Any

import orjson

from trailhound.model.entity import EntityType
from trailhound.text.timestamp import NO_TIME, parse_time

if TYPE_CHECKING:
    from collections.abc import Callable

PLAIN_V4 = re.compile(r"\A\d{1,3}(?:\.\d{1,3}){3}\Z")
_V4_PORT = re.compile(r"\A(\d{1,3}(?:\.\d{1,3}){3}):\d{1,5}\Z")
_V6_PORT = re.compile(r"\A\[([0-9A-Fa-f:.%]+)\](?::\d{1,5})?\Z")
_NOBODY = frozenset({"", "-", "n/a", "unknown", "not available", "anonymous logon", "<unknown>"})
_INT64 = 2**63


def as_text(value: Any) -> str | None:
    """Give text: booleans as `true`/`false`, lists joined with a comma, empty as None."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "replace").decode()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ", ".join(filter(None, (as_text(item) for item in value))) or None
    return orjson.dumps(value).decode() if isinstance(value, dict) else str(value)


def as_int(value: Any) -> int | None:
    """Give a whole number, also from `0x1f` and `12.0`; None when it is none."""
    if isinstance(value, bool) or value is None:
        return None if value is None else int(value)
    try:
        number = (
            int(value, 0)
            if isinstance(value, str) and value[:2] in ("0x", "0X")
            else int(float(value))
        )
    except (ValueError, OverflowError, TypeError):
        return None
    return number if -_INT64 <= number < _INT64 else None


def as_bool(value: Any) -> bool | None:
    """Give a truth value from the words products use."""
    text = str(value).lower()
    if text in ("true", "yes", "1", "success", "%%1842"):
        return True
    return False if text in ("false", "no", "0", "failure", "%%1843") else None


def as_time(value: Any) -> int | None:
    """Give microseconds UTC or None."""
    micros = parse_time(value)
    return None if micros == NO_TIME else micros


CASTS: dict[str, Callable[[Any], Any]] = {
    "string": as_text,
    "int64": as_int,
    "bool": as_bool,
    "timestamp": as_time,
}


def clean_address(text: str) -> str | None:
    """Strip port and brackets; `::ffff:1.2.3.4` becomes `1.2.3.4`; `-` and the like become None."""
    if PLAIN_V4.match(text):  # the usual case; what is no address stays what it is
        return text
    text = text.strip()
    match = _V4_PORT.match(text) or _V6_PORT.match(text)
    text = match[1] if match else text
    if text.lower() in _NOBODY:
        return None
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return text
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)


def clean_user(text: str) -> str | None:
    r"""Strip `DOMAIN\\` from an account name; placeholders become None."""
    name = text.rpartition("\\")[2].strip()
    return None if name.lower() in _NOBODY else name


def entity_value(kind: EntityType, value: Any) -> str | None:
    """Fold a cell into the value an entity is known by; None when it names nothing."""
    text = as_text(value)
    if text is None or text.lower() in _NOBODY:
        return None
    if kind is EntityType.IP:
        return _real_address(text)
    if kind in (EntityType.USER, EntityType.MAILBOX, EntityType.HOST, EntityType.DOMAIN):
        return text.lower().rstrip(".")
    return text


def _real_address(text: str) -> str | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return None if address.is_unspecified or address.is_loopback else str(address)
