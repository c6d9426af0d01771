"""What a case file gives back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import msgspec

from trailhound.model.limits import KIB

if TYPE_CHECKING:
    from trailhound.model.finding import Pointer

RAW_BYTES = 4 * KIB
"""Kept of one raw record."""


class StoredInput(msgspec.Struct, frozen=True):
    """A piece of evidence that was registered; `run` is the one that read it first."""

    digest: str
    source: str
    reader: str
    events: int
    bytes: int
    first: int | None
    last: int | None
    oddity_counts: dict[str, int]
    incomplete: bool
    run: int


class RawRecord(msgspec.Struct, frozen=True):
    """The record behind a pointer, cut; `whole_bytes` tells how long it was."""

    source: str
    event_uid: str
    offset: int
    raw: bytes
    whole_bytes: int

    @classmethod
    def of(cls, pointer: Pointer, raw: bytes) -> Self:
        """Cut the record behind a pointer to what is kept."""
        return cls(pointer.source, pointer.event_uid, pointer.offset, raw[:RAW_BYTES], len(raw))


class Run(msgspec.Struct, frozen=True):
    """One command that wrote; times in microseconds UTC, `stats` as JSON."""

    run: int
    command: str
    release: str
    started: int
    ended: int | None
    status: str
    stats: bytes


class JournalEntry(msgspec.Struct, frozen=True):
    """One line of the journal; `digest` covers its other fields, and so all entries before."""

    seq: int
    at: int
    actor: str
    action: str
    detail: str
    previous: str
    digest: str
