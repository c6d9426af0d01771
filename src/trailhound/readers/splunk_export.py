"""Exports of Splunk and events as collectors send them to it: the text of events of any kind.

Read are lines, arrays and answers of searches (`{"result": {"_raw": ...}}`), events of the HTTP
collector (`event` beside `sourcetype`), and tables of test data (`log` beside `sourcetype`). The
texts of one `sourcetype` are read by the reader that is for them, as if they stood in a file.
Events nobody can read stay searchable as json.unknown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from trailhound.model.identity import source_digest
from trailhound.readers.head_objects import objects_in
from trailhound.readers.json_records import bad_record, json_records
from trailhound.readers.nested import nested, nested_batches
from trailhound.readers.projection import json_text, lenient_object
from trailhound.readers.unknown_json import stranger_batch
from trailhound.readers.wrapping import Opened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trailhound.model.batch import Batch
    from trailhound.model.limits import Budget
    from trailhound.model.source import Source
    from trailhound.readers.nested import Nested
    from trailhound.readers.reader import Reader

Raw = msgspec.Raw
_NOTHING = Raw(b"null")
_NEVER_INSIDE = frozenset({"generic.csv", "splunk.export"})
"""Readers that would take the first event for a line of names, or never end."""
_MARKS = b"{<["
"""First characters of events that share a kind, but not a form."""
_NOT_WHOLE = _NEVER_INSIDE | {"generic.json", "cloud.json"}
"""Readers that would find nothing in records whose events nobody can read."""


class _Event(msgspec.Struct, rename={"raw": "_raw"}, gc=False):
    raw: Any = None
    event: Raw = _NOTHING
    log: Raw = _NOTHING
    sourcetype: Any = None
    source: Any = None
    result: Raw = _NOTHING


_RECORD = msgspec.json.Decoder(_Event)


class SplunkExport:
    """Reads events of any format out of what Splunk exports or is sent."""

    name = "splunk.export"
    splittable = False  # an event's identity depends on those read together with it

    def sniff(self, head: bytes, path: str) -> float:
        """Bid on the text of an event beside what Splunk knows of each."""
        del path
        return 0.94 if any(map(_is_event, objects_in(head))) else 0.0

    def read(self, source: Source, budget: Budget) -> Iterator[Batch]:
        """Yield batches by kind of event, in order within each."""
        digest = source_digest(source.head)
        for raws, offsets in json_records(source, budget):
            for texts, part in _by_sourcetype(raws, offsets, budget):
                inside, reader = _inside(source, texts, part)
                if reader is None:
                    yield stranger_batch(part, source, budget, digest)
                else:
                    yield from nested_batches(inside, reader, budget)


def _is_event(names: frozenset[str]) -> bool:
    if "_raw" in names:
        return not names.isdisjoint(("sourcetype", "_time", "_indextime", "_bkt"))
    return {"source", "sourcetype"} <= names and not names.isdisjoint(("event", "log"))


def _by_sourcetype(
    raws: list[bytes], offsets: list[int], budget: Budget
) -> Iterator[tuple[list[bytes], Opened]]:
    """Divide records by the kind Splunk gives their events; those without a text are apart."""
    groups: dict[str, tuple[list[bytes], Opened]] = {}
    for raw, offset in zip(raws, offsets, strict=True):
        event = _event(raw)
        if event is None:
            bad_record(raw, offset, budget)
            continue
        budget.parsed_bytes += len(raw)
        text = _text(event)
        form = _MARKS.find(text[:1]) if text else 0
        key = f"{event.sourcetype} {event.source} {form}"
        if not text or _is_cut_off(text):
            key = ""
            detail = "an event without its end" if text else "a record without an event"
            budget.note("splunk.event", offset, len(raw), detail)
        texts, part = groups.setdefault(key, ([], Opened()))
        texts.append(text if key else b"")
        part.add(raw, offset, raw, None)
    yield from groups.values()


def _event(raw: bytes) -> _Event | None:
    """Give the event of a record or of the result in it; None for what is no JSON object."""
    record = _decoded(raw)
    if record is None or bytes(memoryview(record.result)[:1]) != b"{":
        return record
    return _decoded(bytes(record.result))


def _decoded(raw: bytes) -> _Event | None:
    try:
        return _RECORD.decode(raw)
    except (msgspec.MsgspecError, RecursionError, UnicodeError):
        lenient = lenient_object(raw)
        return None if lenient is None else _RECORD.decode(json_text(lenient))


def _text(event: _Event) -> bytes:
    """Give the text of an event; an event that is an object is its own JSON."""
    if isinstance(event.raw, str):
        return _in_line(event.raw)
    content = bytes(event.event if event.event != _NOTHING else event.log)
    if content[:1] == b'"':
        quoted = lenient_object(b'{"text":%b}' % content) or {}
        return _in_line(str(quoted.get("text", "")))
    return content if content[:1] == b"{" else b""


def _in_line(text: str) -> bytes:
    """Put a JSON event on one line; other events keep their lines."""
    raw = text.strip().encode("utf-8", "replace")
    return b" ".join(raw.split()) if raw[:1] == b"{" and b"\n" in raw else raw


def _is_cut_off(text: bytes) -> bool:
    """Tell an event without its end: Splunk cuts long lines off, and some inputs at line ends."""
    if text[:1] == b"{":
        return text[-1:] != b"}"
    return text.startswith(b"<Event") and not text.endswith(b"</Event>")


def _inside(source: Source, texts: list[bytes], part: Opened) -> tuple[Nested, Reader | None]:
    """Find the reader for the events, or for the records: some know what Splunk makes of theirs."""
    inside = nested(source, texts, part.offsets)
    reader = _reader_for(inside.source, _NEVER_INSIDE)
    if reader is None:
        inside = nested(source, [b" ".join(raw.splitlines()) for raw in part.raws], part.offsets)
        reader = _reader_for(inside.source, _NOT_WHOLE)
    return inside, reader


def _reader_for(source: Source, but: frozenset[str]) -> Reader | None:
    from trailhound.readers import MINIMUM_BID, readers  # the list of readers holds this one

    best, chosen = MINIMUM_BID, None
    for reader in readers():
        bid = 0.0 if reader.name in but else reader.sniff(source.head, "")
        if bid > best:
            best, chosen = bid, reader
    return chosen


READER = SplunkExport()
