"""The access log of Squid: its own format, and the combined one with Squid's result behind.

Names are those of Squid's documentation: https://wiki.squid-cache.org/Features/LogFormat
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from trailhound.model.batch import TimeBasis
from trailhound.model.identity import source_digest
from trailhound.readers.clf_stamps import Stamps
from trailhound.readers.column_batch import ColumnBatch
from trailhound.readers.lines import decoded, head_lines, line_blocks
from trailhound.readers.minutes import times_of
from trailhound.readers.request_urls import URL_NAMES, url_columns
from trailhound.readers.syslog_guests import Guest
from trailhound.readers.zones import zone_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trailhound.model.batch import Batch, Column
    from trailhound.model.limits import Budget
    from trailhound.model.source import Source
    from trailhound.readers.column_batch import Late
    from trailhound.readers.syslog_guests import Carried

KIND = "proxy.squid"
_WHEN = re.compile(r" {0,10}\d{1,12}\.\d{3}\Z")
_RESULT = re.compile(r"[A-Z][A-Z_]{2,40}/\d{3}\Z")
_CODE = re.compile(r"[A-Z][A-Z_]{2,40}:[A-Z][A-Z_0-9]{2,40}\Z")
_STAMP = re.compile(r"\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\] \"")
_SIZES = re.compile(r" (\d{3}|-) (\d{1,18}|-) \"")
_WIDTH = 10
_new = tuple.__new__  # a line without the cost of its constructor


class Line(NamedTuple):
    """A record; None where its format lacks the field."""

    time: str
    elapsed: str | None
    remotehost: str
    code: str
    status: str
    bytes: str
    method: str
    URL: str
    rfc931: str
    peerstatus: str
    peerhost: str | None
    type: str | None
    referer: str | None
    agent: str | None


_NAMES = (*Line._fields[:-1], "user-agent")


class Squid:
    """Reads both formats of Squid, line by line."""

    name = "proxy.squid"
    splittable = True

    def sniff(self, head: bytes, path: str) -> float:
        """Bid the share of lines that end as Squid ends them, at most 0.95."""
        del path
        lines = head_lines(head)[:40]
        fits = sum(_cut(line.decode("utf-8", "replace")) is not None for line in lines)
        return 0.95 * fits / len(lines) if lines else 0.0

    def read(self, source: Source, budget: Budget) -> Iterator[Batch]:
        """Yield batches in the order of the source."""
        digest = source_digest(source.head)
        stamps = Stamps(zone_of(source, budget))
        for lines, offsets in line_blocks(source, budget):
            texts = decoded(lines, offsets, budget)
            for start in range(0, len(lines), budget.limits.batch_rows):
                piece = slice(start, start + budget.limits.batch_rows)
                cut = [_cut(text) for text in texts[piece]]
                kept = _kept(cut, lines[piece], offsets[piece], budget)
                if kept:
                    rows, raws, places = zip(*kept, strict=True)
                    yield _batch(source.name, rows, raws, places, stamps, digest)


def _cut(text: str) -> Line | None:
    words = text.split()
    if len(words) < _WIDTH or not _WHEN.match(words[0]):
        return _combined(text)
    when, elapsed, client, result, size, method, url, user, peer, kind, *_ = words
    if not _RESULT.match(result) or "/" not in peer:
        return None
    code, _, status = result.partition("/")
    how, _, host = peer.partition("/")
    return _new(
        Line,
        (when, elapsed, client, code, status, size, method, url, user, how, host, kind, None, None),
    )


def _combined(text: str) -> Line | None:
    """Read `client ident user [time] "request" status size "referer" "agent" CODE:PEER`.

    Squid does not escape quotation marks: the agent reaches to the last one.
    """
    body, _, end = text.rpartition(" ")
    left, _, rest = body.partition(" [")
    names = left.split(" ", 2)
    if not _CODE.match(end) or not _STAMP.match(rest) or len(names) < 3:
        return None
    request, mark, tail = rest[29:].partition('"')
    sizes = _SIZES.match(tail)
    if not mark or sizes is None:
        return None
    referer, _, agent = tail[sizes.end() :].partition('" "')
    method, _, url = request.partition(" ")
    code, _, peer = end.partition(":")
    return Line(
        rest[:26], None, names[0], code, sizes[1], sizes[2], method, url.rpartition(" ")[0] or url,
        names[2], peer, None, None, referer, agent.removesuffix('"'),
    )  # fmt: skip


def _kept(
    cut: list[Line | None], lines: Sequence[bytes], offsets: Sequence[int], budget: Budget
) -> list[tuple[Line, bytes, int]]:
    kept: list[tuple[Line, bytes, int]] = []
    for line, raw, offset in zip(cut, lines, offsets, strict=True):
        if line is None:
            budget.lose("squid.syntax", offset, len(raw), "a line that is no access record")
        else:
            budget.parsed_bytes += len(raw)
            kept.append((line, raw, offset))
    return kept


def _batch(  # noqa: PLR0917 - what a batch is made of
    source: str,
    rows: Sequence[Line],
    lines: Sequence[bytes],
    offsets: Sequence[int],
    stamps: Stamps,
    digest: bytes,
    hosts: list[str | None] | None = None,
) -> ColumnBatch:
    columns: dict[str, Column] = {
        name: [None if value == "-" else value for value in values]
        for name, values in zip(_NAMES, zip(*rows, strict=True), strict=True)
    }
    columns["hostname"] = list(hosts or [None] * len(rows))
    late: dict[str, Late] = dict.fromkeys(URL_NAMES, partial(url_columns, columns["URL"]))
    times = times_of([_micros(row.time, stamps) for row in rows])
    return ColumnBatch(
        KIND, {}, source, offsets, lines, columns, times,
        digest=digest, time_basis=TimeBasis.EXACT, late=late,
    )  # fmt: skip


def _micros(when: str, stamps: Stamps) -> int:
    """Read `1795553793.185` or the stamp of the combined format."""
    return stamps.micros(when) if "/" in when else round(float(when) * 1000) * 1000


def _carried(carried: Carried) -> Iterator[Batch]:
    """Read records out of syslog lines; their own times count."""
    stamps = Stamps(zone_of(carried.source, carried.budget))
    step = carried.budget.limits.batch_rows
    for start in range(0, len(carried.lines), step):
        some = carried.some(range(start, min(start + step, len(carried.lines))))
        rows = [line for line in map(_cut, some.messages) if line is not None]
        yield _batch(
            carried.source.name, rows, some.lines, some.offsets, stamps, carried.digest, some.hosts
        )


GUEST = Guest(lambda message: _cut(message) is not None, _carried)
READER = Squid()
