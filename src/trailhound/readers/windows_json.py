"""Windows events as JSON: lines, arrays, objects; see `windows.py` for the wrappers understood."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from trailhound.model.identity import source_digest
from trailhound.readers.json_records import json_records, shape_of
from trailhound.readers.windows import windows_batches

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trailhound.model.batch import Batch
    from trailhound.model.limits import Budget
    from trailhound.model.source import Source

_CHANNEL = re.compile(rb'"(?:Channel|channel)"\s*:\s*"')
_EVENT_ID = re.compile(rb'"(?:EventID|event_id)"\s*:')
_WRAPPED = re.compile(
    rb'"(?:winlog|System|EventData|event_data|SourceName|ProviderGuid|RecordNumber)"\s*:'
)


class WindowsJson:
    """Reads Windows events as JSON: NXLog, winlogbeat, evtx_dump, Velociraptor and the like."""

    name = "windows.json"
    splittable = True

    def sniff(self, head: bytes, path: str) -> float:
        """Bid on a channel and an event id; more when a wrapper is recognised."""
        del path
        if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
            head = head.decode("utf-16", "replace").encode("utf-8", "replace")
        if shape_of(head) == "none":
            return 0.0
        named = bool(_CHANNEL.search(head)) + bool(_EVENT_ID.search(head))
        if named == 2:
            return 0.95
        return 0.6 if named and _WRAPPED.search(head) else 0.0

    def read(self, source: Source, budget: Budget) -> Iterator[Batch]:
        """Yield batches by route, records in order within each."""
        digest = source_digest(source.head)
        for raws, offsets in json_records(source, budget):
            for batch in windows_batches(source.name, raws, offsets, budget, digest):
                budget.parsed_bytes += batch.raw_bytes
                yield batch


READER = WindowsJson()
