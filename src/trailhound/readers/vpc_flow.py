"""AWS VPC flow logs, versions 2 to 5, with a line of names (files in a bucket) or in default order.

Native names are those of the header in AWS's spelling (`srcaddr`, `pkt-srcaddr`, `tcp-flags`). A
line of a log that could not be written (`NODATA`, `SKIPDATA`) is a row without addresses.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from trailhound.model.identity import source_digest
from trailhound.readers.column_batch import ColumnBatch
from trailhound.readers.lines import decoded, head_lines, line_blocks
from trailhound.readers.minutes import NEVER, times_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trailhound.model.batch import Batch, Column
    from trailhound.model.limits import Budget
    from trailhound.model.source import Source

KIND = "aws.vpcflow"
DEFAULT = (
    "version", "account-id", "interface-id", "srcaddr", "dstaddr", "srcport", "dstport", "protocol",
    "packets", "bytes", "start", "end", "action", "log-status",
)  # fmt: skip
KNOWN = frozenset(DEFAULT) | frozenset(
    (
        "vpc-id", "subnet-id", "instance-id", "tcp-flags", "type", "pkt-srcaddr", "pkt-dstaddr",
        "region", "az-id", "sublocation-type", "sublocation-id", "pkt-src-aws-service",
        "pkt-dst-aws-service", "flow-direction", "traffic-path", "ecs-cluster-arn",
        "ecs-cluster-name", "ecs-container-instance-arn", "ecs-container-instance-id",
        "ecs-container-id", "ecs-second-container-id", "ecs-service-name",
        "ecs-task-definition-arn", "ecs-task-arn", "ecs-task-id", "reject-reason",
    )
)  # fmt: skip
_NUMBERS = ("srcport", "dstport", "packets", "bytes", "start", "end", "tcp-flags")
_LINE = re.compile(
    r"[2-9] (?:\d{12}|unknown|-) (?:eni-[0-9a-f]{8,17}|-) \S+ \S+ \S+ \S+ \S+ \S+ \S+ \d{9,11} "
    r"\d{9,11} (?:ACCEPT|REJECT|-) (?:OK|NODATA|SKIPDATA)\Z"
)
_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z ")
"""What an export of CloudWatch Logs puts before each line."""


class VpcFlow:
    """Reads flow logs; a header holds for what stands behind it, also in the middle."""

    name = "aws.vpcflow"
    splittable = False

    def sniff(self, head: bytes, path: str) -> float:
        """Bid on a header of known names, or on the share of lines in default order."""
        del path
        texts = [line.decode("utf-8", "replace") for line in head_lines(head)[:40]]
        if not texts:
            return 0.0
        if _is_header(texts[0]):
            return 0.95
        return 0.95 * sum(_LINE.match(_bare(text)) is not None for text in texts) / len(texts)

    def read(self, source: Source, budget: Budget) -> Iterator[Batch]:
        """Yield batches in the order of the source."""
        if source.span is not None and source.span.start:
            return  # the names at the start hold for all of it: one worker reads it
        digest = source_digest(source.head)
        names: tuple[str, ...] = DEFAULT
        for lines, offsets in line_blocks(source, budget):
            texts = [_bare(text) for text in decoded(lines, offsets, budget)]
            for start, stop in _stretches(texts):
                if _is_header(texts[start]):
                    names = tuple(name.replace("_", "-") for name in texts[start].split(" "))
                    budget.parsed_bytes += len(lines[start])
                    start += 1  # noqa: PLW2901 - the header is no row
                rows = _rows(texts, lines, offsets, (start, stop), names, budget)
                for first in range(0, len(rows), budget.limits.batch_rows):
                    piece = rows[first : first + budget.limits.batch_rows]
                    yield _batch(source.name, texts, lines, offsets, piece, names, digest)


def _bare(text: str) -> str:
    stamp = _STAMP.match(text)
    return (text[stamp.end() :] if stamp else text).rstrip()


def _is_header(text: str) -> bool:
    names = text.replace("_", "-").split(" ")
    return len(names) > 3 and KNOWN.issuperset(names) and "version" not in text[8:]


def _stretches(texts: Sequence[str]) -> list[tuple[int, int]]:
    """Give the lines from header to header."""
    starts = [row for row, text in enumerate(texts) if not text[:1].isdigit() and _is_header(text)]
    borders = sorted({0, *starts, len(texts)})
    return list(pairwise(borders))


def _rows(  # noqa: PLR0917 - lines, their place, and what they are held against
    texts: Sequence[str],
    lines: Sequence[bytes],
    offsets: Sequence[int],
    stretch: tuple[int, int],
    names: tuple[str, ...],
    budget: Budget,
) -> list[int]:
    """Give the rows that have as many fields as there are names; others are said and lost."""
    blanks = len(names) - 1
    kept: list[int] = []
    for row in range(*stretch):
        if texts[row].count(" ") == blanks:
            budget.parsed_bytes += len(lines[row])
            kept.append(row)
        else:
            detail = f"{texts[row].count(' ') + 1} fields where {len(names)} are named"
            budget.lose("vpcflow.fields", offsets[row], len(lines[row]), detail)
    return kept


def _batch(  # noqa: PLR0917 - what a batch is made of
    source: str,
    texts: Sequence[str],
    lines: Sequence[bytes],
    offsets: Sequence[int],
    rows: Sequence[int],
    names: tuple[str, ...],
    digest: bytes,
) -> Batch:
    cells = zip(*(texts[row].split(" ") for row in rows), strict=True)
    columns: dict[str, Column] = {}
    for name, column in zip(names, cells, strict=True):
        known = {value: _value(name, value) for value in set(column)}
        columns[name] = [known[value] for value in column]
    starts = columns.get("start") or columns.get("end") or [None] * len(rows)
    times = times_of([s * 1_000_000 if isinstance(s, int) else NEVER for s in starts])
    return ColumnBatch(
        KIND, {}, source, [offsets[row] for row in rows], [lines[row] for row in rows], columns,
        times, digest=digest, late={"@duration_us": lambda: _durations(columns)},
    )  # fmt: skip


def _value(name: str, text: str) -> str | int | None:
    if text == "-":
        return None
    if name in _NUMBERS and text.isascii() and text.isdecimal() and len(text) < 16:
        return int(text)
    return text


def _durations(columns: dict[str, Column]) -> dict[str, Column]:
    starts, ends = columns.get("start"), columns.get("end")
    if starts is None or ends is None:
        return {}
    pairs = zip(starts, ends, strict=True)
    micros: Column = [
        (e - s) * 1_000_000 if isinstance(s, int) and isinstance(e, int) and e >= s else None
        for s, e in pairs
    ]
    return {"@duration_us": micros}


READER = VpcFlow()
