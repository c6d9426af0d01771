"""The journal's hash chain: a changed, moved or removed line is noticed by whoever verifies.

Removal of the *last* lines is noticed only by one who noted the newest digest elsewhere, which is
why `workspace info` prints it.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import msgspec

from trailhound.store.records import JournalEntry

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

START = "0" * 64


def follow(
    last: JournalEntry | None, at: int, actor: str, action: str, detail: Mapping[str, object]
) -> JournalEntry:
    """Make the entry that comes after `last`."""
    seq, previous = (last.seq + 1, last.digest) if last else (1, START)
    text = json.dumps(detail, sort_keys=True, separators=(",", ":"), default=str)
    bare = JournalEntry(seq, at, actor, action, text, previous, "")
    return msgspec.structs.replace(bare, digest=_digest(bare))


def first_broken(entries: Iterable[JournalEntry]) -> int | None:
    """Give the place (from 1) of the first entry that does not follow from the one before."""
    previous = START
    for place, entry in enumerate(entries, 1):
        if (entry.seq, entry.previous, entry.digest) != (place, previous, _digest(entry)):
            return place
        previous = entry.digest
    return None


def _digest(entry: JournalEntry) -> str:
    body = json.dumps(msgspec.structs.astuple(entry)[:-1])
    return hashlib.sha256(body.encode()).hexdigest()
