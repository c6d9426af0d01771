"""From a pointer back to the record: reads the source again, up to the records asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trailhound.model.limits import Budget, Limits
from trailhound.readers import choose
from trailhound.unpack.walk import expand, files

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from trailhound.model.finding import Pointer
    from trailhound.model.source import Source


def raw_records(
    paths: Sequence[Path], pointers: Iterable[Pointer], limits: Limits | None = None
) -> dict[str, bytes]:
    """Give the raw records by event id; one whose source changed or is gone is missing."""
    limits = limits or Limits()
    wanted: dict[str, dict[int, set[str]]] = {}
    for pointer in pointers:
        wanted.setdefault(pointer.source, {}).setdefault(pointer.offset, set()).add(
            pointer.event_uid
        )
    found: dict[str, bytes] = {}
    for file in files(paths, lambda *_: None):
        if not any(name == file.name or name.startswith(f"{file.name}!") for name in wanted):
            continue
        for source in expand(file, limits, lambda *_: None):
            if source.name in wanted:
                found |= _in_source(source, wanted[source.name], limits)
    return found


def _in_source(source: Source, places: dict[int, set[str]], limits: Limits) -> dict[str, bytes]:
    reader = choose(source)
    missing = {uid for uids in places.values() for uid in uids}
    found: dict[str, bytes] = {}
    for batch in reader.read(source, Budget(limits)) if reader else ():
        rows = [row for row, offset in enumerate(batch.offsets.tolist()) if offset in places]
        for row, uid in zip(rows, batch.uids(rows), strict=True):
            if uid in missing:
                found[uid] = batch.raw(row)
                missing.discard(uid)
        if not missing:
            break
    return found
