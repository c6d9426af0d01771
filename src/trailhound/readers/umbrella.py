"""Cisco Umbrella's DNS logs as CSV in a bucket: quoted cells, with and without a line of names.

Native names are those of the documented order; log versions add fields at the end. Times are UTC.
Fields: Cisco Umbrella, log formats and versioning, DNS logs.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from trailhound.model.identity import source_digest
from trailhound.readers.column_batch import ColumnBatch
from trailhound.readers.csv_records import cells_of
from trailhound.readers.lines import decoded, head_lines, line_blocks
from trailhound.text.timestamp import parse_times

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trailhound.model.batch import Batch, Column
    from trailhound.model.limits import Budget
    from trailhound.model.source import Source

KIND = "dns.umbrella"
FIELDS = (
    "Timestamp", "Most Granular Identity", "Identities", "InternalIp", "ExternalIp", "Action",
    "QueryType", "ResponseCode", "Domain", "Categories", "Most Granular Identity Type",
    "Identity Types", "Blocked Categories", "Rule ID", "Destination Countries", "Organization ID",
)  # fmt: skip
FEWEST = 10
_ROW = re.compile(
    r'"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d","(?:[^"]|"")*","(?:[^"]|"")*",'
    r'"[0-9A-Fa-f:.]*","[0-9A-Fa-f:.]*",'
    r'"(?:Allowed|Blocked|Proxied)[^"]*","\d{1,5} \([A-Z0-9-]{1,16}\)","'
)
_HEADER = re.compile(
    r'"?Timestamp"?,"?(?:Most Granular Identity|Policy Identity)"?,', re.IGNORECASE
)
_TYPE = re.compile(r"\d{1,5} \(([A-Z0-9-]{1,16})\)\Z")


class Umbrella:
    """Reads DNS logs."""

    name = "dns.umbrella"
    splittable = True

    def sniff(self, head: bytes, path: str) -> float:
        """Bid on the share of lines that are rows or the names."""
        del path
        texts = [line.decode("utf-8", "replace") for line in head_lines(head)[:40]]
        fits = sum(bool(_ROW.match(text) or _HEADER.match(text)) for text in texts)
        return 0.95 * fits / len(texts) if texts else 0.0

    def read(self, source: Source, budget: Budget) -> Iterator[Batch]:
        """Yield batches in the order of the source."""
        digest = source_digest(source.head)
        for lines, offsets in line_blocks(source, budget):
            rows = [cells_of(text, ",") for text in decoded(lines, offsets, budget)]
            kept = _kept(rows, lines, offsets, budget)
            for start in range(0, len(kept), budget.limits.batch_rows):
                piece = kept[start : start + budget.limits.batch_rows]
                columns = _columns([rows[row] for row in piece])
                yield ColumnBatch(
                    KIND, {}, source.name, [offsets[row] for row in piece],
                    [lines[row] for row in piece], columns, parse_times(columns["Timestamp"]),
                    digest=digest,
                )  # fmt: skip


def _kept(
    rows: Sequence[list[str]], lines: Sequence[bytes], offsets: Sequence[int], budget: Budget
) -> list[int]:
    kept: list[int] = []
    for row, cells in enumerate(rows):
        header = cells[:1] == ["Timestamp"]
        if len(cells) < FEWEST and not header:
            detail = f"{len(cells)} fields where {FEWEST} or more are"
            budget.lose("umbrella.fields", offsets[row], len(lines[row]), detail)
            continue
        budget.parsed_bytes += len(lines[row])
        if not header:
            kept.append(row)
    return kept


def _columns(rows: Sequence[list[str]]) -> dict[str, Column]:
    """Name the cells; a field beyond those known is `field_<n>`."""
    width = max(map(len, rows))
    names = (*FIELDS, *(f"field_{number}" for number in range(len(FIELDS) + 1, width + 1)))
    padded = [cells + [""] * (width - len(cells)) for cells in rows]
    columns: dict[str, Column] = {
        name: [value or None for value in column]
        for name, column in zip(names, zip(*padded, strict=True), strict=False)
    }
    columns["query_type"] = [_type(value) for value in columns["QueryType"]]
    columns["query"] = [_name(value) for value in columns["Domain"]]
    return columns


def _type(value: object) -> str | None:
    found = _TYPE.match(str(value))
    return found[1] if found else None


def _name(value: object) -> str | None:
    return str(value).removesuffix(".") if value else None


READER = Umbrella()
