"""JSON records of a source, whatever wraps them: lines, arrays, objects one after another, envelopes.

Envelopes are objects whose one list of objects is the log: CloudTrail's `Records`, Google's `items`,
Graph's `value`. Records are given as raw bytes with their offset, never as parsed objects, so that
readers decode only what they need.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from trailhound.model.limits import Budget
from trailhound.model.source import Source
from trailhound.readers.lines import line_blocks

ENVELOPES = (b"Records", b"records", b"items", b"activities", b"value", b"events", b"logEvents", b"data")
WHOLE_BYTES = 256 * 1024 * 1024
"""Documents (not lines) up to this size are read whole; larger ones are refused and said."""

Shape = Literal["lines", "document", "none"]

_ENVELOPE = re.compile(
    rb'\A\s*\{\s*"(?:' + b"|".join(ENVELOPES) + rb')"\s*:\s*\[', re.DOTALL
)
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|[{}\[\]]', re.DOTALL)
_BOM = b"\xef\xbb\xbf"


def shape_of(head: bytes) -> Shape:
    """Tell JSON lines from a document (array, envelope, pretty-printed objects) by the first bytes."""
    text = head.removeprefix(_BOM).lstrip()
    if text[:1] == b"[" or _ENVELOPE.match(text):
        return "document"
    if text[:1] != b"{":
        return "none"
    first, newline, rest = text.partition(b"\n")
    first = first.rstrip()
    if not newline:
        return "lines"
    return "lines" if first.endswith(b"}") and rest.lstrip()[:1] in (b"{", b"") else "document"


def json_records(source: Source, budget: Budget) -> Iterator[tuple[list[bytes], list[int]]]:
    """Yield lists of raw JSON objects and their byte offsets.

    Syntax is only checked as far as finding the ends of records needs; a reader that decodes a record
    and fails reports it with `bad_record`.
    """
    if shape_of(source.head) == "lines":
        yield from _json_lines(source, budget)
    else:
        yield from _document(source, budget)


def bad_record(raw: bytes, offset: int, budget: Budget) -> None:
    """Report one record that is not JSON (quarantined: counted, quoted, lost)."""
    quote = raw[:120].decode("utf-8", "replace")
    budget.lose("json.syntax", offset, len(raw), f"not a JSON object: {quote}")


def _json_lines(source: Source, budget: Budget) -> Iterator[tuple[list[bytes], list[int]]]:
    for lines, offsets in line_blocks(source, budget):
        if offsets[0] == 0 and lines[0].startswith(_BOM):
            lines[0] = lines[0].removeprefix(_BOM)
            budget.parsed_bytes += len(_BOM)
        step = budget.limits.batch_rows
        for start in range(0, len(lines), step):
            yield lines[start : start + step], offsets[start : start + step]


def _document(source: Source, budget: Budget) -> Iterator[tuple[list[bytes], list[int]]]:
    with source.open() as stream:
        data = stream.read(WHOLE_BYTES + 1)
    if len(data) > WHOLE_BYTES:
        budget.lose("limit.document", 0, 0, "one JSON document over 256 MiB was not read")
        return
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        data = data.decode("utf-16", "replace").encode("utf-8", "replace")
    records, offsets = _objects(data, budget)
    budget.parsed_bytes += len(data) - sum(map(len, records))
    step = budget.limits.batch_rows
    for start in range(0, len(records), step):
        yield records[start : start + step], offsets[start : start + step]


def _objects(data: bytes, budget: Budget) -> tuple[list[bytes], list[int]]:
    """Find the records: elements of the outer array or envelope, else each outermost object."""
    text = data.removeprefix(_BOM).lstrip()
    envelope = _ENVELOPE.match(text)
    base = len(data) - len(text)
    depth_of_records = 1 if text[:1] == b"[" else 2 if envelope else 0
    records, offsets, end = _scan(text, base, depth_of_records)
    if end < len(text.rstrip()):
        tail = len(text) - end
        budget.lose("json.truncated", base + end, tail, "the document ends inside a record")
        budget.parsed_bytes -= tail
    return records, offsets


def _scan(text: bytes, base: int, level: int) -> tuple[list[bytes], list[int], int]:
    """Cut out objects that open at `level` brackets; give them and the place after the last one.

    `_TOKEN` passes over strings as a whole, so brackets inside them do not count.
    """
    records: list[bytes] = []
    offsets: list[int] = []
    depth = start = end = 0
    for token in _TOKEN.finditer(text):
        mark = token[0]
        if mark in (b"{", b"["):
            if depth == level and mark == b"{":
                start = token.start()
            depth += 1
        elif mark in (b"}", b"]"):
            depth -= 1
            if depth == level and mark == b"}":
                records.append(text[start : token.end()])
                offsets.append(base + start)
                end = token.end()
            elif depth <= 0:
                end = token.end()
                depth = max(depth, 0)
    return records, offsets, end
