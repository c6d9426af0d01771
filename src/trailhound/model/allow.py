"""What is tolerated: entries of `allow.toml`. They hide findings from view, never from the store.

An entry hides a finding when *all* conditions it states hold; one that states none hides nothing.
Globs (`*`, `?`) are compared without case, in time linear in the text for each `*`.
"""

from __future__ import annotations

import hashlib
from datetime import date
from typing import TYPE_CHECKING

import msgspec

from trailhound.model.entity import EntityType, Role

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trailhound.model.finding import Finding

ID_CHARACTERS = 6
DAYS = 365
"""Longest life of an entry unless the operator insists."""


class AllowEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """One tolerated thing.

    Attributes:
        id: short hash of the conditions, so the same entry written twice is one.
        detector: glob of the detector's or rule's id.
        entity: glob of an entity's value; `entity_type` narrows it to one kind.
        source: glob of an address, host or user that acts.
        destination: glob of an address, domain or host that is acted on.
        scope: glob of the evidence's source name; every pointer must fit.
        author: who decided.
        reason: why, for the one who asks next year.
        expires: the last day it holds.
    """

    id: str
    author: str
    reason: str
    created: date
    expires: date
    detector: str = ""
    entity: str = ""
    entity_type: EntityType | None = None
    source: str = ""
    destination: str = ""
    scope: str = ""

    @property
    def states_something(self) -> bool:
        """Whether it has a condition; an entry that fits everything hides nothing."""
        stated = (self.detector, self.entity, self.source, self.destination, self.scope)
        return any(one.strip("*") for one in stated)

    def hides(self, finding: Finding) -> bool:
        """Say whether all conditions hold for a finding, whatever the day."""
        return (
            self.states_something
            and self._detector_fits(finding)
            and self._entity_fits(finding)
            and _role_fits(self.source, finding, (Role.SOURCE, Role.ACTOR))
            and _role_fits(self.destination, finding, (Role.DESTINATION, Role.TARGET))
            and self._scope_fits(finding)
        )

    def _detector_fits(self, finding: Finding) -> bool:
        names = [finding.detector.id, finding.rule.id if finding.rule else finding.detector.id]
        return not self.detector or any(glob(self.detector, name) for name in names)

    def _entity_fits(self, finding: Finding) -> bool:
        return not self.entity or any(
            glob(self.entity, entity.value)
            for entity in finding.entities
            if self.entity_type in (None, entity.type)
        )

    def _scope_fits(self, finding: Finding) -> bool:
        pointers = finding.evidence.pointers
        return not self.scope or (
            bool(pointers) and all(glob(self.scope, pointer.source) for pointer in pointers)
        )


class AllowList:
    """The entries in force on `today`; expired ones do nothing and are listed."""

    def __init__(self, entries: Iterable[AllowEntry], today: date) -> None:
        held = tuple(entries)
        self.entries = tuple(entry for entry in held if entry.expires >= today)
        self.expired = tuple(entry for entry in held if entry.expires < today)

    def match(self, finding: Finding) -> AllowEntry | None:
        """Give the first entry that hides a finding."""
        return next((entry for entry in self.entries if entry.hides(finding)), None)


def entry_id(conditions: Iterable[str]) -> str:
    """Name an entry by what it says, not by who wrote it when."""
    joined = "\0".join(conditions).lower()
    digest = hashlib.blake2b(joined.encode("utf-8", "surrogatepass"), digest_size=8)
    return digest.hexdigest()[:ID_CHARACTERS]


def glob(pattern: str, text: str) -> bool:
    """Match `*` (any text) and `?` (one character) without case; goes back to the last `*` only."""
    pattern, text = pattern.lower(), text.lower()
    at, place, star, mark = 0, 0, -1, 0
    while at < len(text):
        if place < len(pattern) and pattern[place] == "*":
            star, mark, place = place, at, place + 1
        elif place < len(pattern) and pattern[place] in ("?", text[at]):
            at, place = at + 1, place + 1
        elif star >= 0:
            mark += 1
            at, place = mark, star + 1
        else:
            return False
    return not pattern[place:].strip("*")


def _role_fits(pattern: str, finding: Finding, roles: tuple[Role, ...]) -> bool:
    return not pattern or any(
        glob(pattern, entity.value) for entity in finding.entities if entity.role in roles
    )
