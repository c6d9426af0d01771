"""Files a daemon writes itself, each line behind a stamp of its own; the same daemon under syslog.

The head tells which of the two a file is. A line of an own file that does not have its shape is
said and lost.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from trailhound.model.identity import source_digest
from trailhound.readers.column_batch import ColumnBatch
from trailhound.readers.device_guest import LOOKED_AT, CarriedReader
from trailhound.readers.lines import decoded, head_lines, line_blocks

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterator, Sequence

    from trailhound.model.batch import Batch, Column, Times
    from trailhound.model.limits import Budget
    from trailhound.model.source import Source
    from trailhound.readers.column_batch import Late

    Clocked = Callable[[Sequence[str], Sequence[int]], tuple[Times, str]]
    """Turns stamps at their offsets into times, and says how these are known."""

OWN_BID = 0.92


class StampedReader:
    """Reads one daemon's lines.

    Args of the constructor:
        name: of the reader.
        kind: of the lines; what the syslog reader calls them too.
        line: a line of an own file, with the groups `stamp` and `message`.
        names: the fields of a message; `parse` finds them.
        clock: makes what reads the stamps of a source.
    """

    splittable = True

    def __init__(  # noqa: PLR0917 - what tells daemons apart
        self,
        name: str,
        kind: str,
        line: re.Pattern[str],
        names: tuple[str, ...],
        parse: Callable[[str], dict[str, Any]],
        clock: Callable[[Source, Budget], Clocked],
    ) -> None:
        self.name = name
        self._kind, self._line, self._names, self._parse = kind, line, names, parse
        self._clock = clock
        self._syslog = CarriedReader(name, kind)

    def sniff(self, head: bytes, path: str) -> float:
        """Bid the share of lines of either shape."""
        return max(self._own(head), self._syslog.sniff(head, path))

    def read(self, source: Source, budget: Budget) -> Iterator[Batch]:
        """Yield batches in the order of the source."""
        if self._syslog.sniff(source.head, "") > self._own(source.head):
            yield from self._syslog.read(source, budget)
            return
        digest = source_digest(source.head)
        clock = self._clock(source, budget)
        for lines, offsets in line_blocks(source, budget):
            cut = [self._line.match(text) for text in decoded(lines, offsets, budget)]
            kept = self._kept(cut, lines, offsets, budget)
            for start in range(0, len(kept), budget.limits.batch_rows):
                rows = kept[start : start + budget.limits.batch_rows]
                found = [match for match in (cut[row] for row in rows) if match]
                raws, places = [lines[row] for row in rows], [offsets[row] for row in rows]
                yield self._batch(source.name, found, raws, places, clock, digest)

    def _own(self, head: bytes) -> float:
        texts = [line.decode("utf-8", "replace") for line in head_lines(head)[:LOOKED_AT]]
        fits = sum(self._line.match(text) is not None for text in texts)
        return OWN_BID * fits / len(texts) if texts else 0.0

    def _kept(
        self,
        cut: Sequence[re.Match[str] | None],
        lines: Sequence[bytes],
        offsets: Sequence[int],
        budget: Budget,
    ) -> list[int]:
        kept: list[int] = []
        for row, match in enumerate(cut):
            if match is None:
                kind = f"{self._kind.rpartition('.')[2]}.syntax"
                budget.lose(kind, offsets[row], len(lines[row]), "a line without a stamp")
            else:
                budget.parsed_bytes += len(lines[row])
                kept.append(row)
        return kept

    def _batch(  # noqa: PLR0917 - what a batch is made of
        self,
        source: str,
        found: Sequence[re.Match[str]],
        raws: list[bytes],
        places: list[int],
        clock: Clocked,
        digest: bytes,
    ) -> Batch:
        stamps, messages = (list(part) for part in zip(*(m.groups() for m in found), strict=True))
        columns: dict[str, Column] = {"timestamp": [*stamps], "message": [*messages]}
        late: dict[str, Late] = dict.fromkeys(self._names, partial(self._fields, messages))
        times, basis = clock(stamps, places)
        return ColumnBatch(
            self._kind, {}, source, places, raws, columns, times,
            digest=digest, time_basis=basis, late=late,
        )  # fmt: skip

    def _fields(self, messages: Sequence[str]) -> dict[str, Column]:
        rows = [self._parse(message) for message in messages]
        return {name: [row.get(name) for row in rows] for name in self._names}
