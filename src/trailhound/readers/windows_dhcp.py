"""The audit log of Windows DHCP servers, IPv4 and IPv6: an explanation, names, then the events.

Dates are month, day and year whatever the region; the clock is local. Native names are those of the
line of names.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from trailhound.model.identity import source_digest
from trailhound.readers.column_batch import ColumnBatch
from trailhound.readers.csv_records import cells_of
from trailhound.readers.lines import decoded, head_lines, line_blocks
from trailhound.readers.zones import Zones

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trailhound.model.batch import Batch, Column
    from trailhound.model.limits import Budget
    from trailhound.model.source import Source

KIND = "dhcp.windows"
_HEADER = re.compile(r"ID,Date,Time,Description,IP(?:v6)? Address,")
_ROW = re.compile(r"\d{1,5},\d\d/\d\d/\d\d(?:\d\d)?,\d\d:\d\d:\d\d,")
_PREAMBLE = re.compile(
    r"\s*(?:Microsoft DHCP|Event ID|QResult|\d{1,5}\+?\s*[:\t]|\d{1,5}\t|[A-Z0-9-]{1,4}:|Meaning)"
)
DEFAULT = (
    "ID", "Date", "Time", "Description", "IP Address", "Host Name", "MAC Address", "User Name",
    "TransactionID", "QResult", "Probationtime", "CorrelationID", "Dhcid", "VendorClass(Hex)",
    "VendorClass(ASCII)", "UserClass(Hex)", "UserClass(ASCII)", "RelayAgentInformation",
    "DnsRegError",
)  # fmt: skip
"""Names where a file begins in the middle."""


class WindowsDhcp:
    """Reads audit logs."""

    name = "dhcp.windows"
    splittable = False

    def sniff(self, head: bytes, path: str) -> float:
        """Bid on the line of names, or on rows."""
        del path
        texts = [line.decode("utf-8", "replace") for line in head_lines(head)]
        if texts and "DHCP Service Activity Log" in texts[0]:
            return 0.95
        rows = sum(_ROW.match(text) is not None for text in texts)
        return 0.95 if any(map(_HEADER.match, texts)) else 0.8 * rows / len(texts) if rows else 0.0

    def read(self, source: Source, budget: Budget) -> Iterator[Batch]:
        """Yield batches in the order of the source."""
        if source.span is not None and source.span.start:
            return  # the names at the start hold for all of it: one worker reads it
        digest = source_digest(source.head)
        zones = Zones(source, budget)
        names: tuple[str, ...] = DEFAULT
        started = False
        for lines, offsets in line_blocks(source, budget):
            texts = decoded(lines, offsets, budget)
            rows: list[int] = []
            for row, text in enumerate(texts):
                if _ROW.match(text):
                    rows.append(row)
                    started = True
                elif _HEADER.match(text):
                    names, started = _names(text), True
                elif started and not _PREAMBLE.match(text):
                    detail = "a line that is no lease event"
                    budget.lose("windows_dhcp.syntax", offsets[row], len(lines[row]), detail)
                    continue
                budget.parsed_bytes += len(lines[row])
            for start in range(0, len(rows), budget.limits.batch_rows):
                piece = rows[start : start + budget.limits.batch_rows]
                picked = [texts[row] for row in piece]
                columns = _columns(picked, [offsets[row] for row in piece], names, budget)
                times, basis = zones.times(_stamps(columns))
                yield ColumnBatch(
                    KIND, {}, source.name, [offsets[row] for row in piece],
                    [lines[row] for row in piece], columns, times,
                    digest=digest, time_basis=basis,
                )  # fmt: skip


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip(" .") for name in text.split(","))


def _columns(
    texts: Sequence[str], offsets: Sequence[int], names: tuple[str, ...], budget: Budget
) -> dict[str, Column]:
    """Part rows at their commas; one with other fields than the names is kept and said."""
    width = len(names)
    rows: list[list[str]] = []
    for text, offset in zip(texts, offsets, strict=True):
        cells = cells_of(text, ",") if '"' in text else text.split(",")
        if len(cells) > width and not "".join(cells[width:]).strip():
            cells = cells[:width]
        if len(cells) > width or len(cells) < 7:
            detail = f"{len(cells)} fields where {width} are named"
            budget.note("windows_dhcp.fields", offset, len(text), detail)
        rows.append((cells + [""] * width)[:width])
    return {
        name: [value.strip() or None for value in column]
        for name, column in zip(names, zip(*rows, strict=True), strict=True)
    }


def _stamps(columns: dict[str, Column]) -> list[str]:
    pairs = zip(columns["Date"], columns["Time"], strict=True)
    return [f"{_year(str(date))}-{str(date)[:2]}-{str(date)[3:5]} {time}" for date, time in pairs]


def _year(date: str) -> str:
    year = date[6:]
    return year if len(year) == 4 else f"20{year}"


READER = WindowsDhcp()
