"""Entities of findings as STIX 2.1 cyber-observable objects, and as patterns of indicators.

Identifiers are the ones the specification prescribes: UUIDv5 of the properties that make an object
what it is, so every producer names the same address alike.
"""

from __future__ import annotations

import ipaddress
import re
import uuid
from typing import TYPE_CHECKING

import orjson

from trailhound.model.entity import EntityType
from trailhound.report.machine import well_formed
from trailhound.text.defang import is_internal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trailhound.model.entity import Entity
    from trailhound.report.machine import Record

NAMESPACE = uuid.UUID("00abedb4-aa42-466c-9c01-fed23315a9b7")
"""Section 2.9 of the specification."""

HASHES = {32: "MD5", 40: "SHA-1", 64: "SHA-256", 128: "SHA-512"}

_HEX = re.compile(r"[0-9A-Fa-f]+")
_DOMAIN = re.compile(r"(?=.{1,253}\Z)[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})+")
_URL = re.compile(r"(?:https?|ftps?)://[A-Za-z0-9\[][!-~]{0,2000}")
_FORBIDDEN = frozenset('"<>\\^`{}|')
"""Characters that no URI has as they are."""
_MAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+")


def observables(entity: Entity) -> list[Record]:
    """Give the object that stands for an entity first, then those it refers to.

    Nothing when STIX has no type for it, or when its value is not what that type asks for.
    """
    value = well_formed(entity.value)
    make = _MAKERS.get(entity.type)
    return list(make(value)) if make and value else []


def pattern(entity: Entity) -> str:
    """Give the pattern that finds an entity elsewhere; empty for what points to nobody outside."""
    if entity.type is EntityType.IP and is_internal(entity.value):
        return ""
    made = observables(entity) if entity.type in _POINTS_OUTSIDE else []
    if not made:
        return ""
    if entity.type is EntityType.HASH:
        name, value = next(iter(made[0]["hashes"].items()))
        return f"[file:hashes.'{name}' = '{value}']"
    return f"[{made[0]['type']}:value = '{_quoted(made[0]['value'])}']"


_POINTS_OUTSIDE = (EntityType.IP, EntityType.DOMAIN, EntityType.URL, EntityType.HASH)


def source_file(source: str) -> Record:
    """Give the log that a record was read from as a file."""
    return _observable("file", name=well_formed(source) or "unnamed")


def _address(value: str) -> Iterator[Record]:
    try:
        version = ipaddress.ip_address(value).version
    except ValueError:
        return
    if "%" not in value:
        yield _observable(f"ipv{version}-addr", value=value)


def _domain(value: str) -> Iterator[Record]:
    if _DOMAIN.fullmatch(value):
        yield _observable("domain-name", value=value)


def _url(value: str) -> Iterator[Record]:
    if _URL.fullmatch(value) and not _FORBIDDEN & set(value) and _escapes_are_whole(value):
        yield _observable("url", value=value)


def _escapes_are_whole(value: str) -> bool:
    return all(_HEX.fullmatch(part[:2]) and len(part) > 1 for part in value.split("%")[1:])


def _hash(value: str) -> Iterator[Record]:
    name = HASHES.get(len(value))
    if name and _HEX.fullmatch(value):
        yield _observable("file", hashes={name: value.lower()})


def _account(value: str) -> Iterator[Record]:
    yield _observable("user-account", account_login=value)


def _mailbox(value: str) -> Iterator[Record]:
    if _MAIL.fullmatch(value):
        yield _observable("email-addr", value=value)
    else:
        yield from _account(value)


def _file(value: str) -> Iterator[Record]:
    """Give a file and the directory it is in."""
    cut = max(value.rfind("/"), value.rfind("\\"))
    name, folder = value[cut + 1 :], value[:cut]
    if not name or not folder:
        yield _observable("file", name=value)
        return
    directory = _observable("directory", path=folder)
    yield _observable("file", name=name, parent_directory_ref=directory["id"])
    yield directory


def _software(value: str) -> Iterator[Record]:
    yield _observable("software", name=value)


_MAKERS = {
    EntityType.IP: _address,
    EntityType.DOMAIN: _domain,
    EntityType.URL: _url,
    EntityType.HASH: _hash,
    EntityType.USER: _account,
    EntityType.MAILBOX: _mailbox,
    EntityType.FILE: _file,
    EntityType.PROCESS: _file,
    EntityType.APPLICATION: _software,
}
"""A host is no observable in STIX: it is where something was sighted (an identity)."""


def _observable(kind: str, /, **properties: object) -> Record:
    canonical = orjson.dumps(properties, option=orjson.OPT_SORT_KEYS).decode()
    name = f"{kind}--{uuid.uuid5(NAMESPACE, canonical)}"
    return {"type": kind, "spec_version": "2.1", "id": name, **properties}


def _quoted(value: str) -> str:
    """Escape for a pattern's string."""
    return value.replace("\\", "\\\\").replace("'", "\\'")
