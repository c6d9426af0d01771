"""Access logs of Apache, nginx and all that write like them.

Common and combined format, with or without the virtual host in front and with any fields behind.
All values stay as logged: nothing is decoded, because what was escaped is itself evidence.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from trailhound.model.identity import source_digest
from trailhound.readers.column_batch import ColumnBatch
from trailhound.readers.lines import decoded, head_lines, line_blocks
from trailhound.readers.minutes import NEVER, SECONDS, times_of
from trailhound.readers.syslog_years import MONTHS
from trailhound.text.timestamp import NO_TIME, parse_time

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from trailhound.model.batch import Batch, Column, Times
    from trailhound.model.limits import Budget
    from trailhound.model.source import Source
    from trailhound.readers.column_batch import Late

_STAMP = re.compile(
    r"\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\] \Z|\d{4}-\d\d-\d\dT[^\]]{8,24}\] \Z"
)
_RESULT = re.compile(r" (\d{3}|-)(?: (\d{1,18}|-))?(?: (.*?))? ?\Z")
_REQUEST = re.compile(r"([A-Za-z_-]{1,32}) (\S.*?)(?: (HTTP/\d(?:\.\d)?))?\Z")
_ADDRESS = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}\Z|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]+\Z")
_ADDRESSES = re.compile(r"[0-9A-Fa-f:.]{3,45}(?:, ?[0-9A-Fa-f:.]{3,45}){0,30}\Z")
_MONTHS = {name: f"{number:02}" for number, name in enumerate(MONTHS, 1)}


class Line(NamedTuple):
    """A line in the pieces between its quotation marks; nothing in them is understood yet."""

    left: str
    stamp: str
    request: str
    result: str
    referer: str | None
    agent: str | None
    rest: tuple[str, ...]


class WebAccess:
    """Reads access logs; a line that does not have their shape is said and lost."""

    name = "webserver.access"
    splittable = True

    def sniff(self, head: bytes, path: str) -> float:
        """Bid the share of lines that have the shape, at most 0.9."""
        del path
        lines = head_lines(head)[:40]
        fits = sum(_cut(line.decode("utf-8", "replace")) is not None for line in lines)
        return 0.9 * fits / len(lines) if lines else 0.0

    def read(self, source: Source, budget: Budget) -> Iterator[Batch]:
        """Yield batches in the order of the source."""
        digest = source_digest(source.head)
        minutes = _Minutes()
        for lines, offsets in line_blocks(source, budget):
            texts = decoded(lines, offsets, budget)
            for start in range(0, len(lines), budget.limits.batch_rows):
                piece = slice(start, start + budget.limits.batch_rows)
                cut = [_cut(text) for text in texts[piece]]
                kept = _kept(cut, lines[piece], offsets[piece], budget)
                if kept:
                    rows = [line for line in cut if line is not None]
                    raws, places = [raw for raw, _ in kept], [place for _, place in kept]
                    yield _batch(source, rows, raws, places, minutes, digest)


def _cut(text: str) -> Line | None:
    """Part a line at its quotation marks; None when it is no access line."""
    parts = _split_quoted(text) if '\\"' in text else text.split('"')
    if len(parts) < 3 or not len(parts) % 2:
        return None
    left, _, stamp = parts[0].partition(" [")
    result = parts[2]
    if not _STAMP.match(stamp) or " " not in left or not _RESULT.match(result):
        return None
    if len(parts) < 7:
        return Line(left, stamp, parts[1], result, None, None, tuple(parts[3:]))
    return Line(left, stamp, parts[1], result, parts[3], parts[5], tuple(parts[6:]))


def _split_quoted(text: str) -> list[str]:
    """Split at quotation marks that no backslash escapes (an even number of them does not)."""
    pieces: list[list[str]] = [[]]
    escaped = True
    for piece in text.split('"'):
        if not escaped:
            pieces.append([])
        pieces[-1].append(piece)
        escaped = (len(piece) - len(piece.rstrip("\\"))) % 2 == 1
    return ['"'.join(parts) for parts in pieces]


def _kept(
    cut: list[Line | None], lines: Sequence[bytes], offsets: Sequence[int], budget: Budget
) -> list[tuple[bytes, int]]:
    kept: list[tuple[bytes, int]] = []
    for line, raw, offset in zip(cut, lines, offsets, strict=True):
        if line is None:
            budget.lose("web.syntax", offset, len(raw), "a line that is no access record")
        else:
            budget.parsed_bytes += len(raw)
            kept.append((raw, offset))
    return kept


def _batch(  # noqa: PLR0917 - what a batch is made of
    source: Source,
    rows: list[Line],
    lines: list[bytes],
    offsets: list[int],
    minutes: _Minutes,
    digest: bytes,
) -> Batch:
    left, stamps, requests, results, referers, agents, rest = map(list, zip(*rows, strict=True))
    columns: dict[str, Column] = {
        "date": [stamp[:-2] for stamp in stamps],
        "cs-referer": referers,
        "cs-user-agent": agents,
    }
    late: dict[str, Late] = {}
    for names, values, make in (
        (_CLIENT_NAMES, left, _client),
        (_REQUEST_NAMES, requests, request_parts),
        (_RESULT_NAMES, results, _result),
        (_REST_NAMES, rest, _rest),
    ):
        late |= dict.fromkeys(names, partial(_columns, names, values, make))
    return ColumnBatch(
        "webserver.access", {}, source.name, offsets, lines, columns, _times(stamps, minutes),
        digest=digest, late=late,
    )  # fmt: skip


def _columns(
    names: tuple[str, ...], values: list[Any], make: Callable[[Any], tuple[Any, ...]]
) -> dict[str, Column]:
    """Make columns from one piece of each line; equal pieces are taken apart once."""
    known = {value: make(value) for value in dict.fromkeys(values)}
    parts = zip(*(known[value] for value in values), strict=True)
    return {name: list(part) for name, part in zip(names, parts, strict=True)}


_CLIENT_NAMES = ("c-ip", "cs-username", "cs-host")
_REQUEST_NAMES = ("cs-method", "cs-uri", "cs-uri-stem", "cs-uri-query", "cs-version")
_RESULT_NAMES = ("sc-status", "sc-bytes")
_REST_NAMES = ("x-forwarded-for", "extra")


def _client(left: str) -> tuple[str, str | None, str | None]:
    """`[virtual host] address identity user`; a user name may hold blanks."""
    first, *others = left.split(" ")
    host = None
    if len(others) > 2 and not _ADDRESS.match(first):
        host, first, others = first, others[0], others[1:]
    user = " ".join(others[1:])
    return first, None if user in ("-", "") else user, host


def request_parts(
    request: str,
) -> tuple[str | None, str | None, str | None, str | None, str | None]:
    """Part `GET /path?query HTTP/1.1`; what is no request (scans send anything) is all `cs-uri`."""
    match = _REQUEST.match(request)
    if match is None:
        uri = None if request in ("-", "") else request
        return None, uri, uri, None, None
    method, uri, version = match.groups()
    stem, _, query = uri.partition("?")
    return method, uri, stem, query or None, version


def _result(result: str) -> tuple[int | None, int | None]:
    match = _RESULT.match(result)
    status, size = (match[1], match[2]) if match else (None, None)
    return _number(status), _number(size)


def _number(text: str | None) -> int | None:
    return None if text in (None, "-") else int(str(text))


def _rest(rest: tuple[str, ...]) -> tuple[str | None, list[str] | None]:
    """Fields behind the user agent; the first that holds addresses is who a proxy spoke for."""
    fields = [field for field in (piece.strip() for piece in rest) if field]
    forwarded = next((field for field in fields if _ADDRESSES.match(field)), None)
    return forwarded, fields or None


class _Minutes(dict[str, int]):
    """The minutes seen: `03/Nov/2026:08:12 +0100`."""

    def __missing__(self, text: str) -> int:
        month = _MONTHS.get(text[3:6], "00")
        clock = f"{text[12:17]}:00{text[18:21]}:{text[21:23]}"
        micros = parse_time(f"{text[7:11]}-{month}-{text[:2]}T{clock}")
        self[text] = NEVER if micros == NO_TIME else micros
        return self[text]


def _times(stamps: list[str], minutes: _Minutes) -> Times:
    """Read stamps as both servers write them; nginx may also be told to write ISO 8601."""
    times = times_of([minutes[s[:17] + s[20:26]] + SECONDS[s[18:20]] for s in stamps])
    for row in (times == NO_TIME).nonzero()[0].tolist():
        times[row] = parse_time(stamps[row][:-2])
    return times


READER = WebAccess()
