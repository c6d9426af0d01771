"""What a case file gives back."""

from __future__ import annotations

import msgspec


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
