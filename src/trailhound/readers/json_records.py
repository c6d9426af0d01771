"""JSON records of a source, whatever wraps them: lines, arrays, objects in a row, envelopes.

Envelopes are objects whose one list of objects is the log: CloudTrail's `Records`, Google's
`items`, Graph's `value`, the `hits` of Elasticsearch. Records are given as raw bytes with their
offset, never as parsed objects, so that readers decode only what they need.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

import msgspec

from trailhound.readers.lines import line_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trailhound.model.limits import Budget
    from trailhound.model.source import Source

ENVELOPES = (
    "Records", "records", "items", "activities", "value", "logEvents", "Events", "events", "data",
)  # fmt: skip
WHOLE_BYTES = 256 * 1024 * 1024
"""Documents (not lines) up to this size are read whole; larger ones are refused and said."""

Shape = Literal["lines", "document", "none"]

_ENVELOPE = re.compile(
    rb'\A\s*\{\s*(?:"(?:[^"\\]|\\.){0,200}"\s*:\s*(?:"(?:[^"\\]|\\.){0,500}"|[\w.+-]{1,40})\s*,\s*){0,9}'
    rb'"(?:Records|records|items|activities|value|logEvents|Events)"\s*:\s*\[',
    re.DOTALL,
)
"""Names and scalars may stand before the list, as in Google's and Graph's answers."""
_FIRST = re.compile(rb'\A\s*\{\s*"(?:events|data)"\s*:\s*\[')
"""Words that records use too are an envelope only where they come first."""
_HITS = re.compile(rb'\A\s*\{[^\[]{0,4000}"hits"\s*:\s*\[')
"""What Elasticsearch answers: the list lies one object further in."""
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[{}\[\]]', re.DOTALL)
"""A string that never ends takes the rest, so that a damaged document is passed over once."""
_BOM = b"\xef\xbb\xbf"
_BETWEEN = b" \t\r\n,"
_MAP_MEMBERS = 3


def shape_of(head: bytes) -> Shape:
    """Tell JSON lines from a document (array, envelope, objects over lines) by the first bytes."""
    text = head.removeprefix(_BOM).lstrip()
    if text[:1] == b"[":
        return "document"
    first, newline, rest = text.partition(b"\n")
    rest = rest.lstrip()
    if newline and rest and _is_object(first):
        return "lines"
    if _is_envelope(text):
        return "document"
    if text[:1] == b"{" and (not newline or _is_object(first)):
        return "lines"
    if _is_object(rest.partition(b"\n")[0]):
        return "lines"
    return "document" if text[:1] == b"{" else "none"


def _is_object(line: bytes) -> bool:
    """Tell a whole object; the first line of a log may be what rotation left of one."""
    line = line.strip()
    if line[:1] != b"{" or line[-1:] != b"}":
        return False
    try:
        msgspec.json.decode(line, type=msgspec.Raw)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return False
    return True


def json_records(source: Source, budget: Budget) -> Iterator[tuple[list[bytes], list[int]]]:
    """Yield lists of raw JSON objects and their byte offsets.

    Syntax is only checked as far as finding the ends of records needs; a reader that decodes a
    record and fails reports it with `bad_record`.
    """
    if shape_of(source.head) == "lines":
        yield from _json_lines(source, budget)
    elif source.span is None or source.span.start == 0:  # a document is read once, from its start
        yield from _document(source, budget)


def bad_record(raw: bytes, offset: int, budget: Budget) -> None:
    """Report one record that is not JSON (quarantined: counted, quoted, lost)."""
    quote = raw[:120].decode("utf-8", "replace")
    budget.lose("json.syntax", offset, len(raw), f"not a JSON object: {quote}")


def _is_envelope(text: bytes) -> bool:
    return bool(_ENVELOPE.match(text) or _FIRST.match(text) or _HITS.match(text))


def _json_lines(source: Source, budget: Budget) -> Iterator[tuple[list[bytes], list[int]]]:
    for lines, offsets in line_blocks(source, budget):
        if offsets[0] == 0 and lines[0].startswith(_BOM):
            lines[0] = lines[0].removeprefix(_BOM)
            budget.parsed_bytes += len(_BOM)
        if len(lines) == 1 and source.size is not None and len(lines[0]) >= source.size - 5:
            yield from _steps(*_only_line(lines[0], offsets[0], budget), budget)
        else:
            yield from _steps(lines, offsets, budget)


def _only_line(line: bytes, offset: int, budget: Budget) -> tuple[list[bytes], list[int]]:
    """Look into the one line of a source: it may be a whole document."""
    elements = _elements(line)
    if elements is None:
        return [line], [offset]
    records, offsets = _placed(elements, line, offset, budget)
    budget.parsed_bytes += len(line) - sum(map(len, records))
    return records, offsets


def _steps(
    records: list[bytes], offsets: list[int], budget: Budget
) -> Iterator[tuple[list[bytes], list[int]]]:
    step = budget.limits.batch_rows
    for start in range(0, len(records), step):
        yield records[start : start + step], offsets[start : start + step]


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
    yield from _steps(records, offsets, budget)


def _objects(data: bytes, budget: Budget) -> tuple[list[bytes], list[int]]:
    """Find the records: elements of the outer array or envelope, else each outermost object."""
    text = data.removeprefix(_BOM)
    base = len(data) - len(text)
    elements = _elements(text)
    if elements is not None:
        return _placed(elements, text, base, budget)
    if text.lstrip()[:1] == b"[":
        return _salvaged(text, base, 1, budget)
    return _one_after_another(text, base, budget)


def _elements(text: bytes) -> list[msgspec.Raw] | None:
    """Split a well-formed document; None when it is not one."""
    try:
        if text.lstrip()[:1] == b"[":
            return msgspec.json.decode(text, type=list[msgspec.Raw])
        members = msgspec.json.decode(text, type=dict[str, msgspec.Raw])
        records = _enveloped(members)
        return [msgspec.Raw(text.strip())] if records is None else records
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return None


def _enveloped(members: dict[str, msgspec.Raw]) -> list[msgspec.Raw] | None:
    """Give the records of an envelope: one list of them and else no object; or a map of them."""
    for name in ENVELOPES:
        others = (value for key, value in members.items() if key != name)
        if _opens(members.get(name), b"[") and not any(_opens(value, b"{") for value in others):
            return msgspec.json.decode(members[name], type=list[msgspec.Raw])
    if _opens(members.get("hits"), b"{"):
        inner = msgspec.json.decode(members["hits"], type=dict[str, msgspec.Raw])
        if _opens(inner.get("hits"), b"["):
            return msgspec.json.decode(inner["hits"], type=list[msgspec.Raw])
    values = list(members.values())
    return values if _is_map(values) else None


def _is_map(values: list[msgspec.Raw]) -> bool:
    """Tell whether a document's members are all records of one shape, their names being titles."""
    if len(values) < _MAP_MEMBERS or not all(_opens(value, b"{") for value in values):
        return False
    shapes = {
        frozenset(msgspec.json.decode(value, type=dict[str, msgspec.Raw]))
        for value in values[:_MAP_MEMBERS]
    }
    return len(shapes) == 1


def _opens(value: msgspec.Raw | None, mark: bytes) -> bool:
    return value is not None and bytes(memoryview(value)[:1]) == mark


def _placed(
    elements: list[msgspec.Raw], text: bytes, base: int, budget: Budget
) -> tuple[list[bytes], list[int]]:
    """Find the place of each element; what is no object becomes an oddity."""
    records: list[bytes] = []
    offsets: list[int] = []
    end = 0
    for element in elements:
        raw = bytes(element)
        start = text.find(raw, end)
        end = start + len(raw)
        if raw[:1] == b"{":
            records.append(raw)
            offsets.append(base + start)
        else:
            bad_record(raw, base + start, budget)
            budget.parsed_bytes -= len(raw)
    return records, offsets


def _one_after_another(text: bytes, base: int, budget: Budget) -> tuple[list[bytes], list[int]]:
    """Split objects that follow one another, each perhaps an envelope; save a torn end."""
    outer, places, end = _scan(text, base, 0, budget)
    records: list[bytes] = []
    offsets: list[int] = []
    for raw, place in zip(outer, places, strict=True):
        elements = _elements(raw) if _is_envelope(raw) else None
        inner = ([raw], [place]) if elements is None else _placed(elements, raw, place, budget)
        records += inner[0]
        offsets += inner[1]
    tail = text[end:]
    if tail.strip():
        level = 3 if _HITS.match(tail) else 2 if _is_envelope(tail) else 0
        saved, at = _salvaged(tail, base + end, level, budget)
        records += saved
        offsets += at
    return records, offsets


def _salvaged(text: bytes, base: int, level: int, budget: Budget) -> tuple[list[bytes], list[int]]:
    """Cut whole records out of a damaged document and say what is lost."""
    records, offsets, end = _scan(text, base, level, budget)
    if text[end:].strip():
        tail = len(text) - end
        budget.lose("json.truncated", base + end, tail, "the document ends inside a record")
        budget.parsed_bytes -= tail
    return records, offsets


def _scan(text: bytes, base: int, level: int, budget: Budget) -> tuple[list[bytes], list[int], int]:
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
                if records or level == 0:
                    _check_gap(text[end:start], base + end, budget)
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


def _check_gap(gap: bytes, offset: int, budget: Budget) -> None:
    if gap.strip(_BETWEEN + b"[]{}"):
        bad_record(gap, offset, budget)
        budget.parsed_bytes -= len(gap)
