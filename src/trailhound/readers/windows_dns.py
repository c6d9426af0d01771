"""The debug log of Windows DNS servers: one line a packet, with or without the packet's details.

Stamps follow the server's region: `11/24/2026 1:05:09 PM`, `24.11.2026 13:05:09`,
`20261124 13:05:09`. Whether the day or the month comes first shows where one is above 12, else by
AM and PM. Names are the reader's: the log has none. `client_ip` is who asked, `server_ip` whom the
server asked.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from trailhound.model.identity import source_digest
from trailhound.readers.field_batch import FieldBatch
from trailhound.readers.lines import decoded, head_lines, line_blocks
from trailhound.readers.zones import Zones

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trailhound.model.batch import Batch
    from trailhound.model.limits import Budget
    from trailhound.model.source import Source

KIND = "dns.windows"
MAX_DETAILS = 2_000
"""Lines of details one packet may have; more are not its own."""
_STAMP = (
    r"(\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\d{8}) (\d{1,2}[:.]\d\d[:.]\d\d)(?: ([AaPp])\.?[Mm]\.?)?"
)
_LINE = re.compile(_STAMP + r" ([0-9A-Fa-f]{3,5}) ([A-Z][A-Za-z_-]{2,12}) +(.*)")
_PACKET = re.compile(
    r"(?P<packet_id>[0-9A-Fa-f]{8,16}) (?P<protocol>UDP|TCP) (?P<direction>Snd|Rcv) "
    r"(?P<remote_ip>[0-9A-Fa-f:.%]{2,64}) +(?P<xid>[0-9A-Fa-f]{4}) (?P<response>[R ]) "
    r"(?P<opcode>[QNU?]) \[(?P<flags>[0-9A-Fa-f]{4}) +(?P<flag_letters>[A-Z ]{0,12}?) "
    r"+(?P<rcode>\w{1,16})\] (?P<query_type>\S{1,16}) +(?P<query>\S{1,2048})"
)
_LABEL = re.compile(r"\(\d{1,3}\)")
_PORT = re.compile(r"\s*Remote addr \S{2,64}, port (\d{1,5})")
_DATA = re.compile(r"\s*DATA {1,12}(\S.*)")
_DETAIL = re.compile(r"\s|(?:UDP|TCP) (?:question|response) info at ")
_PREAMBLE = re.compile(
    r"DNS Server log|Log file wrap|Message logging key|\s+(?:Field #|-{3,}|\d{1,2} {2,}|Remote|Xid|"
    r"Query|Opcode|\[|Flags|Response|Question|[A-Z?] = )|Note: "
)


class _Event(NamedTuple):
    """A line taken apart, and the lines of details behind it."""

    parts: tuple[str | None, ...]
    lines: list[bytes]
    details: list[str]
    offset: int


class WindowsDns:
    """Reads debug logs."""

    name = "dns.windows"
    splittable = False

    def sniff(self, head: bytes, path: str) -> float:
        """Bid on the first line of such a file, or on lines of packets."""
        del path
        texts = [line.decode("utf-8", "replace") for line in head_lines(head)[:60]]
        if texts and texts[0].startswith("DNS Server log file creation at"):
            return 0.95
        return 0.9 if any(_is_packet(text) for text in texts) else 0.0

    def read(self, source: Source, budget: Budget) -> Iterator[Batch]:
        """Yield batches in the order of the source."""
        if source.span is not None and source.span.start:
            return  # a packet's details may run over any border: one worker reads it all
        reading = _Reading(source, budget)
        for lines, offsets in line_blocks(source, budget):
            reading.add(lines, offsets, decoded(lines, offsets, budget))
            whole, reading.events = reading.events[:-1], reading.events[-1:]
            yield from reading.batches(whole)
        yield from reading.batches(reading.events)


def _is_packet(text: str) -> bool:
    found = _LINE.match(text)
    return found is not None and found[5] == "PACKET" and _PACKET.match(found[6]) is not None


class _Reading:
    """One source under way: the events not yet given, and how its dates are written."""

    def __init__(self, source: Source, budget: Budget) -> None:
        self._source, self._budget = source, budget
        self._digest = source_digest(source.head)
        self._zones = Zones(source, budget)
        self._day_first = _day_first(source.head, budget)
        self.events: list[_Event] = []

    def add(self, lines: Sequence[bytes], offsets: Sequence[int], texts: Sequence[str]) -> None:
        """Join lines to events; what belongs to none and is no preamble is lost."""
        for line, offset, text in zip(lines, offsets, texts, strict=True):
            found = _LINE.match(text) if text[:1].isdigit() else None
            if found:
                self.events.append(_Event(found.groups(), [line], [], offset))
            elif self._is_detail(text):
                self.events[-1].lines.append(line)
                self.events[-1].details.append(text)
            elif _PREAMBLE.match(text) is None:
                self._budget.lose("windows_dns.syntax", offset, len(line), "a line of no event")
                continue
            self._budget.parsed_bytes += len(line)

    def _is_detail(self, text: str) -> bool:
        known = _DETAIL.match(text) is not None
        return known and bool(self.events) and len(self.events[-1].details) < MAX_DETAILS

    def batches(self, events: list[_Event]) -> Iterator[Batch]:
        """Yield batches of whole events."""
        step = self._budget.limits.batch_rows
        for start in range(0, len(events), step):
            yield self._batch(events[start : start + step])

    def _batch(self, events: list[_Event]) -> Batch:
        stamps = [_stamp(event.parts, day_first=self._day_first) for event in events]
        times, basis = self._zones.times(stamps)
        return FieldBatch(
            KIND, {}, self._source.name, [event.offset for event in events],
            [b"\n".join(event.lines) for event in events], list(map(_fields, events)), times,
            digest=self._digest, time_basis=basis,
        )  # fmt: skip


def _day_first(head: bytes, budget: Budget) -> bool:
    """Tell `24/11/2026` from `11/24/2026` by the dates at the start of a source."""
    matches = [_LINE.match(line.decode("utf-8", "replace")) for line in head_lines(head)]
    dates = [re.split("[./-]", found[1]) for found in matches if found and "/" in found[1]]
    if any(int(date[0]) > 12 for date in dates):
        return True
    if any(int(date[1]) > 12 for date in dates):
        return False
    half = any(found[3] for found in matches if found)
    if dates:
        order = "month before day" if half else "day before month"
        budget.note("time.day_or_month", -1, 0, f"nothing tells the order, {order} is assumed")
    return not half


def _stamp(parts: Sequence[str | None], *, day_first: bool) -> str:
    """Give `2026-11-24 13:05:09`."""
    date, clock, half = parts[0] or "", (parts[1] or "").replace(".", ":"), parts[2]
    pieces = re.split("[./-]", date)
    if len(pieces) < 3:
        year, month, day = date[:4], date[4:6], date[6:]
    elif len(pieces[0]) == 4:
        year, month, day = pieces
    elif day_first or "." in date:
        day, month, year = pieces
    else:
        month, day, year = pieces
    hour, _, rest = clock.partition(":")
    if half:
        hour = str(int(hour) % 12 + (12 if half in "Pp" else 0))
    return f"{year if len(year) == 4 else '20' + year}-{month:0>2}-{day:0>2} {hour:0>2}:{rest}"


def _fields(event: _Event) -> dict[str, Any]:
    thread, context, rest = event.parts[3:6]
    fields: dict[str, Any] = {"thread_id": thread, "context": context, "message": rest}
    packet = _PACKET.match(rest or "") if context == "PACKET" else None
    if packet is None:
        return fields
    fields |= packet.groupdict()
    fields["response"] = fields["response"] == "R"
    fields["query"] = _LABEL.sub(".", fields["query"]).strip(".") or "."
    asked = (fields["direction"] == "Rcv") != fields["response"]
    remote = "client" if asked else "server"
    fields[f"{remote}_ip"] = fields["remote_ip"]
    for text in event.details:
        if port := _PORT.match(text):
            fields[f"{remote}_port"] = int(port[1])
        elif data := _DATA.match(text):
            fields.setdefault("answers", []).append(data[1].strip())
    return fields


READER = WindowsDns()
