"""Windows events as JSON: lines, arrays, objects; see `windows.py` for the wrappers understood."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from trailhound.model.identity import source_digest
from trailhound.readers.json_records import json_records
from trailhound.readers.windows import windows_batches
from trailhound.readers.wrapping import names_in
from trailhound.text.timestamp import NO_TIME, parse_time

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trailhound.model.batch import Batch, Value
    from trailhound.model.limits import Budget
    from trailhound.model.source import Source
    from trailhound.readers.windows import WindowsBatch

_MARKS: tuple[tuple[float, tuple[str, ...]], ...] = (
    (
        0.95,
        (
            "Channel channel log_name EventLog winlog.channel",
            "EventID event_id EventCode winlog.event_id",
        ),
    ),
    (0.95, ("LogName", "ProviderName", "MachineName", "Id")),
    (0.95, ("win", "eventdata eventData system", "eventID channel providerName")),
    (
        0.6,
        (
            "Channel channel EventID event_id EventCode",
            "winlog System EventData event_data SourceName EventSourceName ProviderName",
        ),
    ),
    (0.6, ("InstanceId EventID", "ReplacementStrings")),
)
"""Names that show events: one of each group must be there."""
_XML = re.compile(rb"<Event [^<>]{0,20}http://schemas\.microsoft\.com/win/2004/08/events/event")
_TIME_LIKE = re.compile(
    rb'"[\w.@ -]{0,40}(?:[Tt]ime|[Dd]ate|[Ss]tamp)[\w.@ -]{0,40}"\s*:\s*(?:"[^"]|[1-9{])'
)


_NO_TIME = "windows.no_time"


class WindowsJson:
    """Reads Windows events as JSON: NXLog, winlogbeat, evtx_dump, Velociraptor and the like."""

    name = "windows.json"
    splittable = True

    def sniff(self, head: bytes, path: str) -> float:
        """Bid on names of a channel and an event id; more when a wrapper is recognised."""
        del path
        names = names_in(head)
        if not names:
            return 0.0
        bids = (
            bid for bid, groups in _MARKS if not any(names.isdisjoint(g.split()) for g in groups)
        )
        return 0.95 if _XML.search(head) else next(bids, 0.0)

    def read(self, source: Source, budget: Budget) -> Iterator[Batch]:
        """Yield batches by route, records in order within each."""
        digest = source_digest(source.head)
        for raws, offsets in json_records(source, budget):
            budget.parsed_bytes += sum(map(len, raws))
            for batch in windows_batches(source.name, raws, offsets, budget, digest):
                note_timeless(batch, budget)
                yield batch


def note_timeless(batch: WindowsBatch, budget: Budget) -> None:
    """Say which records have no time though they have a member that is called like one."""
    values = batch.columns(("TimeCreated",))["TimeCreated"]
    minutes = {str(value)[:16] for value in values}
    if all(parse_time(f"{minute}:00") != NO_TIME for minute in minutes):
        return
    rows = np.flatnonzero(batch.times() == NO_TIME).tolist()
    rows = [row for row in rows if values[row] or _TIME_LIKE.search(batch.raw(row))]
    room = budget.oddities.room()
    for row in rows[:room]:
        detail = _without_time(values[row], batch.raw(row))
        budget.note(_NO_TIME, int(batch.offsets[row]), 0, detail)
    if rows[room:]:
        budget.oddities.count(_NO_TIME, len(rows[room:]))


def _without_time(value: Value, raw: bytes) -> str:
    if value:
        return f"not understood as a time: {str(value)[:60]}"
    found = _TIME_LIKE.search(raw)
    name = found[0].partition(b":")[0].decode("utf-8", "replace").strip() if found else ""
    return f"no time was found; {name} looks like one"


READER = WindowsJson()
