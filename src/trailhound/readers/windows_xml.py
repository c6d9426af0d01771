"""Windows events as XML: what Event Viewer saves and `wevtutil qe /f:xml` writes.

An `<Events>` around them may be there or not, line ends may be anywhere. Each event is written
again as the `evtx` package gives it, so that all that reads binary logs reads these, too.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from trailhound.model.identity import source_digest
from trailhound.readers.event_xml import event_of
from trailhound.readers.evtx_router import EvtxRouter
from trailhound.readers.lines import BLOCK_BYTES, BOM, positioned
from trailhound.readers.projection import json_text
from trailhound.readers.windows_json import note_timeless

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trailhound.model.batch import Batch
    from trailhound.model.limits import Budget
    from trailhound.model.source import Source
    from trailhound.readers.windows import WindowsBatch

_START = re.compile(rb"<(?:[A-Za-z]\w{0,15}:)?Event[\s>]")
_END = re.compile(rb"</(?:[A-Za-z]\w{0,15}:)?Event\s*>")
_MARKUP = re.compile(rb"<\?[^<>]*>|<!--[^<>]*-->|</?(?:[A-Za-z]\w{0,15}:)?Events(?:\s[^<>]*)?>")
"""What may stand between events."""
_SCHEMA = b"schemas.microsoft.com/win/2004/08/events/event"
_SYSTEM = re.compile(rb"<(?:[A-Za-z]\w{0,15}:)?System\s*>")


class WindowsXml:
    """Reads `<Event>` elements, one after another."""

    name = "windows.xml"
    splittable = False

    def sniff(self, head: bytes, path: str) -> float:
        """Bid on an event element and what is always in it."""
        del path
        if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
            head = head.decode("utf-16", "replace").encode("utf-8", "replace")
        text = head.removeprefix(BOM).lstrip()
        if text[:1] != b"<" or not _START.search(text):
            return 0.0
        return 0.95 if _SCHEMA in text or _SYSTEM.search(text) else 0.0

    def read(self, source: Source, budget: Budget) -> Iterator[Batch]:
        """Yield batches by route, events in order within each."""
        digest = source_digest(source.head)
        router = EvtxRouter()
        texts: list[str] = []
        places: list[int] = []
        for raw, offset in _events(source, budget):
            text = _written(raw, offset, budget)
            if text is not None:
                texts.append(text)
                places.append(offset)
            if len(texts) >= budget.limits.batch_rows:
                yield from _timed(
                    router.batches(source.name, texts, places, budget, digest), budget
                )
                texts, places = [], []
        yield from _timed(router.batches(source.name, texts, places, budget, digest), budget)


def _timed(batches: Iterator[WindowsBatch], budget: Budget) -> Iterator[WindowsBatch]:
    for batch in batches:
        note_timeless(batch, budget)
        yield batch


def _written(raw: bytes, offset: int, budget: Budget) -> str | None:
    """Write an event as JSON; what is none is said."""
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        text = raw.decode("utf-8", "replace")
        budget.note("line.encoding", offset, len(raw), "an event that is not UTF-8")
    event = event_of(text)
    if event is None:
        budget.lose("windows.no_event", offset, len(raw), "an element that is no whole event")
        return None
    budget.parsed_bytes += len(raw)
    return json_text(event)


def _events(source: Source, budget: Budget) -> Iterator[tuple[bytes, int]]:
    """Cut out event elements; what stands between them is structure or said."""
    with source.open() as opened:
        stream, base = positioned(opened, source, budget)
        data, place = b"", 0
        while True:
            block = stream.read(BLOCK_BYTES)
            data, base, place = data[place:] + block, base + place, 0
            while (start := _START.search(data, place)) and (end := _END.search(data, start.end())):
                first = _last_start(data, start, end.start())
                _between(data[place:first], base + place, budget)
                yield data[first : end.end()], base + first
                place = end.end()
            if not block:
                _between(data[place:], base + place, budget)
                return
            place = _passed(data, place, base, budget)


def _last_start(data: bytes, start: re.Match[bytes], end: int) -> int:
    """Give where the event that ends here begins: one before it may have been cut off."""
    starts = [start.start(), *(m.start() for m in _START.finditer(data, start.end(), end))]
    return starts[-1]


def _passed(data: bytes, place: int, base: int, budget: Budget) -> int:
    """Pass over what will be no event however it goes on; give where the rest begins."""
    start = _START.search(data, place)
    tag = data.rfind(b"<")
    keep = start.start() if start else tag if tag >= place and b">" not in data[tag:] else len(data)
    _between(data[place:keep], base + place, budget)
    if len(data) - keep <= budget.limits.log_line_bytes:
        return keep
    budget.lose("line.too_long", base + keep, len(data) - keep, "an event over the limit")
    return len(data)


def _between(piece: bytes, offset: int, budget: Budget) -> None:
    if not _MARKUP.sub(b"", piece).strip():
        budget.parsed_bytes += len(piece)
    elif _START.search(piece):
        budget.lose("xml.truncated", offset, len(piece), "an event that does not end")
    else:
        quote = piece.strip()[:120].decode("utf-8", "replace")
        budget.lose("xml.syntax", offset, len(piece), f"no event: {quote}")


READER = WindowsXml()
