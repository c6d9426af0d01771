"""From a pointer back to the record: reads the source again, up to the records asked for.

A workspace keeps some records beside its findings, because evidence goes away: those of the worst
findings first, within limits on what is kept and on what is read again for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from trailhound.model.limits import MIB, Budget, Limits
from trailhound.readers import choose
from trailhound.unpack.walk import expand, files

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from trailhound.model.finding import Finding, Pointer
    from trailhound.model.source import Source

KEPT_EACH = 10
"""Records kept of one finding, the first ones: twice what `show` shows unasked."""
KEPT_RECORDS = 20_000
"""Records kept of one scan; each is cut to 4 KiB."""
READ_AGAIN = 1024 * MIB
"""Decoded bytes of all sources that are read again for the records of one scan."""


def raw_records(
    paths: Sequence[Path], pointers: Iterable[Pointer], limits: Limits | None = None
) -> dict[str, bytes]:
    """Give the raw records by event id; one whose source changed or is gone is missing."""
    return dict(each_record(paths, pointers, limits))


def each_record(
    paths: Sequence[Path], pointers: Iterable[Pointer], limits: Limits | None = None
) -> Iterator[tuple[str, bytes]]:
    """Give event ids and raw records in the order of the evidence, one at a time."""
    limits = limits or Limits()
    wanted: dict[str, dict[int, set[str]]] = {}
    for pointer in pointers:
        places = wanted.setdefault(pointer.source, {})
        places.setdefault(pointer.offset, set()).add(pointer.event_uid)
    within = {name[:end] for name in wanted for end in _file_ends(name)}
    for file in files(paths, lambda *_: None):
        if file.name in within:
            for source in expand(file, limits, lambda *_: None):
                if source.name in wanted:
                    yield from _in_source(source, wanted[source.name], limits)


def _file_ends(name: str) -> list[int]:
    """Give where the name of the file on disk may end: `!` parts members, and is a character."""
    return [*(at for at, character in enumerate(name) if character == "!"), len(name)]


def worth_keeping(findings: Iterable[Finding], sizes: Mapping[str, int]) -> list[Pointer]:
    """Choose the pointers whose records are kept; `sizes` are those of the sources at hand."""
    worst = sorted(findings, key=lambda one: (one.supporting, -one.severity, one.time or 0, one.id))
    chosen: list[Pointer] = []
    opened: set[str] = set()
    room = READ_AGAIN
    for pointer in (p for one in worst for p in one.evidence.pointers[:KEPT_EACH]):
        size = sizes.get(pointer.source)
        if size is None or (pointer.source not in opened and size > room):
            continue
        room -= 0 if pointer.source in opened else size
        opened.add(pointer.source)
        chosen.append(pointer)
    return chosen[:KEPT_RECORDS]


def _in_source(
    source: Source, places: dict[int, set[str]], limits: Limits
) -> Iterator[tuple[str, bytes]]:
    reader = choose(source)
    missing = {uid for uids in places.values() for uid in uids}
    for batch in reader.read(source, Budget(limits)) if reader else ():
        rows = [row for row, offset in enumerate(batch.offsets.tolist()) if offset in places]
        for row, uid in zip(rows, batch.uids(rows), strict=True):
            if uid in missing:
                yield uid, batch.raw(row)
                missing.discard(uid)
        if not missing:
            break
