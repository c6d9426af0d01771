"""Whom an incident is about, in words: hosts, people, outside addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trailhound.correlate.grouping import names_somebody, short_host, short_user
from trailhound.model.entity import EntityType, Role
from trailhound.text.defang import is_internal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from trailhound.model.entity import Entity

PEOPLE = (EntityType.USER, EntityType.MAILBOX)


def hosts(entities: Iterable[Entity]) -> list[str]:
    """Give the hosts by short name, each once."""
    named = (short_host(e.value) for e in entities if e.type is EntityType.HOST)
    return list(dict.fromkeys(name for name in named if name))


def people(entities: Iterable[Entity]) -> list[str]:
    """Give the accounts that are somebody's, each once."""
    named = (short_user(e.value) for e in entities if e.type in PEOPLE)
    return list(dict.fromkeys(name for name in named if name and names_somebody(name)))


def outside(entities: Iterable[Entity]) -> list[str]:
    """Give the addresses that are not internal, those that acted first."""
    found = [e for e in entities if e.type is EntityType.IP and not is_internal(e.value)]
    found.sort(key=lambda e: e.role is not Role.SOURCE)
    return list(dict.fromkeys(e.value for e in found))


def listed(names: Sequence[str], most: int = 2) -> str:
    """Give `a`, `a and b`, or `a, b and 3 more`."""
    if len(names) <= most:
        return " and ".join(names)
    return f"{', '.join(names[:most])} and {len(names) - most} more"


def where(entities: Sequence[Entity]) -> str:
    """Say where and about whom, to follow a title: ` on fin-pc07 (a.meyer)`."""
    on, who, addresses = hosts(entities), people(entities), outside(entities)
    if on:
        others = len(on) - 1
        more = f" and {others} other host{'s' if others > 1 else ''}" if others else ""
        return f" on {on[0]}{more}{f' ({who[0]})' if who else ''}"
    if who:
        return f" for {listed(who, 1)}"
    return f" from {addresses[0]}" if addresses else ""
