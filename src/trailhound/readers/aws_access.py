"""Access logs that AWS writes as text: S3 buckets, classic, application and network balancers.

Every line shows which log it is of. New fields come at the end, so more of them are no damage.
Names are those of AWS's own tables over these logs (Athena).
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from trailhound.model.batch import TimeBasis
from trailhound.model.identity import source_digest
from trailhound.readers.aws_access_fields import FORMATS, MADE_NAMES, made_columns
from trailhound.readers.clf_stamps import Stamps
from trailhound.readers.column_batch import ColumnBatch
from trailhound.readers.lines import decoded, head_lines, line_blocks
from trailhound.readers.zones import zone_of
from trailhound.text.timestamp import parse_times

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trailhound.model.batch import Batch, Column, Times
    from trailhound.model.limits import Budget
    from trailhound.model.source import Source
    from trailhound.readers.aws_access_fields import Format
    from trailhound.readers.column_batch import Late

    Row = tuple[list[str], bytes, int]
    """The values of a record, its line and its offset."""

_WORD = re.compile(r'"[^"]*"(?:,"[^"]*"){0,15}|\[[^\]]{0,40}\](?!\S)|[^\s"]\S*')


class AwsAccess:
    """Reads access logs of AWS, line by line."""

    name = "aws.access"
    splittable = True

    def sniff(self, head: bytes, path: str) -> float:
        """Bid the share of lines that begin as one of the logs does, at most 0.95."""
        del path
        lines = [line.decode("utf-8", "replace") for line in head_lines(head)[:40]]
        fits = sum(_parted(line) is not None for line in lines)
        return 0.95 * fits / len(lines) if lines else 0.0

    def read(self, source: Source, budget: Budget) -> Iterator[Batch]:
        """Yield batches by kind, records in order within each."""
        digest = source_digest(source.head)
        stamps = Stamps(zone_of(source, budget))
        for lines, offsets in line_blocks(source, budget):
            groups: dict[str, list[Row]] = {}
            texts = decoded(lines, offsets, budget)
            for text, line, offset in zip(texts, lines, offsets, strict=True):
                parted = _parted(text)
                if parted is None:
                    budget.lose("aws.access_syntax", offset, len(line), "a line of no known log")
                else:
                    budget.parsed_bytes += len(line)
                    groups.setdefault(parted[0].kind, []).append((parted[1], line, offset))
            for kind, rows in groups.items():
                for start in range(0, len(rows), budget.limits.batch_rows):
                    piece = rows[start : start + budget.limits.batch_rows]
                    yield _batch(source.name, FORMATS[kind], piece, stamps, digest)


def _parted(text: str) -> tuple[Format, list[str]] | None:
    """Part a record into its values; None when no log begins so or too few follow."""
    for known in FORMATS.values():
        if known.start.match(text):
            words = _WORD.findall(text)
            whole = len(words) >= known.least and (known.loose or not text.count('"') % 2)
            return (known, words) if whole else None
    return None


def _batch(
    source: str, known: Format, rows: Sequence[Row], stamps: Stamps, digest: bytes
) -> ColumnBatch:
    width = len(known.names)
    padded = [(words + ["-"] * (width - len(words)))[:width] for words, _, _ in rows]
    columns: dict[str, Column] = {
        name: [_value(value) for value in values]
        for name, values in zip(known.names, zip(*padded, strict=True), strict=True)
    }
    late: dict[str, Late] = dict.fromkeys(MADE_NAMES, partial(made_columns, known, columns))
    return ColumnBatch(
        known.kind, {}, source, [offset for _, _, offset in rows], [line for _, line, _ in rows],
        columns, _times(known, columns, stamps),
        digest=digest, time_basis=TimeBasis.EXACT, late=late,
    )  # fmt: skip


def _value(text: str) -> str | None:
    if text[:1] == '"' or (text[:1] == "[" and text[-1] == "]"):
        text = text[1:-1].replace('","', ",")
    return None if text in ("-", "") else text


def _times(known: Format, columns: dict[str, Column], stamps: Stamps) -> Times:
    texts = [str(value) for value in columns[known.time]]
    return stamps.times(texts) if known.kind == "aws.s3access" else parse_times(texts)


READER = AwsAccess()
