"""The traffic logs of HAProxy: HTTP, TCP and connection errors, bare and inside syslog.

Names are those of HAProxy's documentation: https://docs.haproxy.org/2.8/configuration.html#8.2
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from trailhound.model.batch import TimeBasis
from trailhound.model.identity import source_digest
from trailhound.readers.clf_stamps import Stamps
from trailhound.readers.column_batch import ColumnBatch
from trailhound.readers.haproxy_fields import MADE_NAMES, made_columns
from trailhound.readers.lines import decoded, head_lines, line_blocks
from trailhound.readers.syslog_guests import Guest
from trailhound.readers.zones import zone_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trailhound.model.batch import Batch, Column
    from trailhound.model.limits import Budget
    from trailhound.model.source import Source
    from trailhound.readers.column_batch import Late
    from trailhound.readers.syslog_guests import Carried

    Row = tuple[str | None, ...]

HTTP, TCP = "haproxy.http", "haproxy.tcp"
_HEAD = re.compile(
    r"(\S{1,64}):(\d{1,5}) \[(\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d\.\d{3})\] (\S{1,255}) ?"
)
_HEAD_NAMES = ("client_ip", "client_port", "accept_date", "frontend_name")
_NAMES = {
    HTTP: (
        *_HEAD_NAMES, "backend_name", "server_name", "timers", "status_code", "bytes_read",
        "captured_request_cookie", "captured_response_cookie", "termination_state", "connections",
        "queues", "captured_request_headers", "captured_response_headers", "http_request", "tls",
    ),
    TCP: (
        *_HEAD_NAMES, "backend_name", "server_name", "timers", "bytes_read", "termination_state",
        "connections", "queues", "bind_name", "error",
    ),
}  # fmt: skip


class Haproxy:
    """Reads lines without a syslog header, as containers and systemd units log them."""

    name = "webserver.haproxy"
    splittable = True

    def sniff(self, head: bytes, path: str) -> float:
        """Bid the share of lines that are records, at most 0.95."""
        del path
        lines = head_lines(head)[:40]
        fits = sum(_cut(line.decode("utf-8", "replace")) is not None for line in lines)
        return 0.95 * fits / len(lines) if lines else 0.0

    def read(self, source: Source, budget: Budget) -> Iterator[Batch]:
        """Yield batches by kind, records in order within each."""
        maker = _Maker(source, budget, source_digest(source.head))
        for lines, offsets in line_blocks(source, budget):
            cut = [_cut(text) for text in decoded(lines, offsets, budget)]
            for row, line, offset in zip(cut, lines, offsets, strict=True):
                if row is None:
                    budget.lose("haproxy.syntax", offset, len(line), "a line that is no record")
                else:
                    budget.parsed_bytes += len(line)
            yield from maker.batches(cut, lines, offsets, [None] * len(lines))


def _cut(text: str) -> tuple[str, Row] | None:
    """Take a record apart; give its kind and its values in the order of `_NAMES`."""
    head = _HEAD.match(text)
    if head is None:
        return None
    rest = text[head.end() :]
    words = rest.split(" ", 9)
    if len(words) > 8 and words[1].count("/") == 4 and words[0].count("/"):
        return HTTP, (*head.groups(), *_http(words))
    if len(words) == 6 and words[1].count("/") == 2 and words[0].count("/"):
        backend, _, server = words[0].partition("/")
        return TCP, (*head.groups(), backend, server, *words[1:], None, None)
    if head[4].endswith(":") and "/" in head[4] and rest:
        frontend, _, bind = head[4][:-1].partition("/")
        return TCP, (*head.groups()[:3], frontend, *[None] * 7, bind, rest)
    return None


def _http(words: list[str]) -> Row:
    backend, _, server = words[0].partition("/")
    captured, _, request = (words[9] if len(words) > 9 else "").partition('"')
    asked, _, answered = captured.strip().partition("} {")
    request, _, tls = request.rpartition('"')
    headers = (asked.strip("{}") or None, answered.strip("{}") or None)
    return (backend, server, *words[1:9], *headers, request or None, tls.strip() or None)


class _Maker:
    """Makes batches of one source."""

    def __init__(self, source: Source, budget: Budget, digest: bytes) -> None:
        self._name, self._digest, self._rows = source.name, digest, budget.limits.batch_rows
        self._stamps = Stamps(zone_of(source, budget))
        self._basis = TimeBasis.EXACT if source.zone else TimeBasis.ZONE_ASSUMED

    def batches(
        self,
        cut: Sequence[tuple[str, Row] | None],
        lines: Sequence[bytes],
        offsets: Sequence[int],
        hosts: Sequence[str | None],
    ) -> Iterator[Batch]:
        """Yield batches of the records among these lines, by kind."""
        for kind in _NAMES:
            places = [place for place, row in enumerate(cut) if row and row[0] == kind]
            for start in range(0, len(places), self._rows):
                piece = places[start : start + self._rows]
                rows = [row[1] for place in piece if (row := cut[place])]
                yield self._batch(
                    kind, rows, [lines[place] for place in piece],
                    [offsets[place] for place in piece], [hosts[place] for place in piece],
                )  # fmt: skip

    def _batch(
        self,
        kind: str,
        rows: list[Row],
        lines: list[bytes],
        offsets: list[int],
        hosts: list[str | None],
    ) -> Batch:
        columns: dict[str, Column] = {
            name: [None if value in ("-", "<NOSRV>") else value for value in values]
            for name, values in zip(_NAMES[kind], zip(*rows, strict=True), strict=True)
        }
        stamps = [str(stamp) for stamp in columns["accept_date"]]
        columns["hostname"] = list(hosts)
        late: dict[str, Late] = dict.fromkeys(
            MADE_NAMES if kind == HTTP else (), partial(made_columns, columns)
        )
        return ColumnBatch(
            kind, {}, self._name, offsets, lines, columns, self._stamps.times(stamps),
            digest=self._digest, time_basis=self._basis, late=late,
        )  # fmt: skip


def _carried(carried: Carried) -> Iterator[Batch]:
    """Read records out of syslog lines; the time at which a request came counts."""
    maker = _Maker(carried.source, carried.budget, carried.digest)
    cut = [_cut(message) for message in carried.messages]
    yield from maker.batches(cut, carried.lines, carried.offsets, carried.hosts)


GUEST = Guest(lambda message: _cut(message) is not None, _carried)
READER = Haproxy()
