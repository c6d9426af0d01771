"""Records of delimited text: a header line, then one record per line or per quoted group of lines.

A quote that never closes would swallow the rest of the source. A record may therefore span at most
`MAX_LINES` lines; past that its first line is quarantined and reading goes on with the next one.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from trailhound.readers.lines import line_blocks

if TYPE_CHECKING:
    from trailhound.model.limits import Budget
    from trailhound.model.source import Source

DELIMITERS = ",;\t|"
MAX_LINES = 1_000
MAX_RETRIES = 50
"""Open quotes after which each line is taken for a record: a hostile source stays cheap to read."""

csv.field_size_limit(64 * 1024 * 1024)  # the limits on lines already hold; the module's is 128 KiB


@dataclass(slots=True)
class CsvRows:
    """Records side by side: cells, the lines they came from, their place."""

    cells: list[list[str]] = field(default_factory=list)
    raws: list[bytes] = field(default_factory=list)
    offsets: list[int] = field(default_factory=list)


def header_of(head: bytes) -> tuple[list[str], str]:
    """Give the column names of a source by its first line, and the delimiter; empty for no CSV."""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = head.decode("utf-16", "replace").encode("utf-8", "replace")
    first = head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n").partition(b"\n")[0]
    text = first.decode("utf-8", "replace").rstrip("\r")
    best = max(DELIMITERS, key=lambda mark: len(cells_of(text, mark)))
    names = [name.strip() for name in cells_of(text, best)]
    return (names, best) if len(names) > 1 else ([], "")


def csv_records(source: Source, budget: Budget) -> Iterator[tuple[list[str], CsvRows]]:
    """Yield the header's names with records, some batches of them at a time.

    The record of a CSV source may start anywhere, so one worker reads all of it: the one that has
    its start.
    """
    names, delimiter = header_of(source.head)
    if source.span is not None and source.span.start:
        return
    if not names:
        budget.lose("csv.header", 0, source.size or 0, "no line of names at the start")
        return
    lines = _Lines(source, budget)
    header = next(lines, None)
    if header is None:
        return
    budget.parsed_bytes += lines.taken_bytes()
    lines.forget()
    rows = CsvRows()
    for cells in _parsed(lines, delimiter, budget):
        taken = lines.taken()
        rows.cells.append(cells)
        rows.raws.append(b"\n".join(line for line, _ in taken))
        rows.offsets.append(taken[0][1])
        budget.parsed_bytes += lines.taken_bytes()
        lines.forget()
        if len(rows.cells) >= budget.limits.batch_rows:
            yield names, rows
            rows = CsvRows()
    if rows.cells:
        yield names, rows


class _Lines(Iterator[str]):
    """Lines for the csv module, with those of the record under way kept for a second try."""

    def __init__(self, source: Source, budget: Budget) -> None:
        self._blocks = line_blocks(source, budget)
        self._waiting: deque[tuple[bytes, int]] = deque()
        self._taken: list[tuple[bytes, int]] = []
        self.most = MAX_LINES

    def __next__(self) -> str:
        while not self._waiting:
            lines, offsets = next(self._blocks)
            self._waiting.extend(zip(lines, offsets, strict=True))
        if len(self._taken) >= self.most:
            raise csv.Error("a quote does not close")
        line = self._waiting.popleft()
        self._taken.append(line)
        return line[0].decode("utf-8", "replace").replace("\0", "\ufffd") + "\n"

    def taken(self) -> list[tuple[bytes, int]]:
        return self._taken

    def taken_bytes(self) -> int:
        return sum(len(line) for line, _ in self._taken)

    def forget(self) -> None:
        self._taken = []

    def give_back(self) -> tuple[bytes, int]:
        """Return all lines of the record but the first, which is given."""
        first, *rest = self._taken
        self._waiting.extendleft(reversed(rest))
        self._taken = []
        return first


def _parsed(lines: _Lines, delimiter: str, budget: Budget) -> Iterator[list[str]]:
    retries = 0
    while True:
        try:
            for cells in csv.reader(lines, delimiter=delimiter):
                if cells and cells[-1].endswith("\n"):  # a line end that was not taken for one
                    raise csv.Error("the source ends inside a quote")  # noqa: TRY301
                yield cells
        except csv.Error as error:
            line, offset = lines.give_back()
            quote = line[:120].decode("utf-8", "replace")
            budget.lose("csv.quote", offset, len(line), f"{error}: {quote}")
            retries += 1
            if retries > MAX_RETRIES:
                lines.most = 1
        else:
            return


def cells_of(line: str, delimiter: str) -> list[str]:
    """Split one line."""
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []
