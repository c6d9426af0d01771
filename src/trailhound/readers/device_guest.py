"""Records of devices inside syslog lines, and files of nothing else, with and without headers.

What a device needs is a pattern its records begin with, a key that rows of one batch share, and a
function that reads records (`cef_records.py` and its like). Strangers between the lines of such a
file lose nothing: they are read as the syslog lines they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trailhound.readers.field_batch import FieldBatch
from trailhound.readers.lines import head_lines
from trailhound.readers.syslog import Syslog
from trailhound.readers.syslog_guests import Guest
from trailhound.readers.syslog_header import HeadParser

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterator, Sequence

    from trailhound.model.batch import Batch
    from trailhound.model.limits import Budget
    from trailhound.model.source import Source
    from trailhound.readers.device_records import Parsed
    from trailhound.readers.syslog_guests import Carried

LOOKED_AT = 40
"""Lines of the head that bid."""


@dataclass(frozen=True, slots=True)
class Device:
    """How the records of one kind are read.

    Attributes:
        kind: the log kind.
        mark: how a record begins.
        key: gives what the rows of one batch share.
        route: turns it into the route.
        parse: reads records that share it.
    """

    kind: str
    mark: re.Pattern[str]
    key: Callable[[str], str]
    route: Callable[[str], dict[str, str]]
    parse: Callable[[Sequence[str], str, Source, Budget], Parsed]

    def claims(self, message: str) -> bool:
        """Tell a record by its beginning."""
        return self.mark.match(message) is not None

    def guest(self) -> Guest:
        """Give what the syslog reader asks for."""
        return Guest(self.claims, self.batches, dated=True)

    def batches(self, carried: Carried) -> Iterator[Batch]:
        """Yield batches by key, records in order within each."""
        groups: dict[str, list[int]] = {}
        for row, message in enumerate(carried.messages):
            groups.setdefault(self.key(message), []).append(row)
        step = carried.budget.limits.batch_rows
        for key, rows in groups.items():
            for start in range(0, len(rows), step):
                yield self._batch(carried.some(rows[start : start + step]), key)

    def _batch(self, carried: Carried, key: str) -> Batch:
        parsed = self.parse(carried.messages, key, carried.source, carried.budget)
        times, basis = parsed.settled(carried.times)
        for row, detail in parsed.odd.items():
            kind = f"{self.kind.rpartition('.')[2]}.syntax"
            carried.budget.note(kind, carried.offsets[row], len(carried.lines[row]), detail)
        return FieldBatch(
            self.kind, self.route(key), carried.source.name, carried.offsets, carried.lines,
            parsed.fields, times, digest=carried.digest, time_basis=basis,
            late={"@host": lambda: {"@host": list(carried.hosts)}, **parsed.late},
        )  # fmt: skip


class CarriedReader(Syslog):
    """Bids the share of lines that are of its kind, at most 0.9: more than syslog itself.

    Args of the constructor:
        name: of the reader.
        kinds: log kinds that a line's program shows.
        claims: tells a record by what stands behind the header.
    """

    def __init__(self, name: str, *kinds: str, claims: Callable[[str], bool] | None = None) -> None:
        self.name = name
        self._kinds = frozenset(kinds)
        self._claims = claims

    def sniff(self, head: bytes, path: str) -> float:
        """Bid on what the first lines carry."""
        del path
        texts = [line.decode("utf-8", "replace") for line in head_lines(head)[:LOOKED_AT]]
        mine = [
            one.tag.kind in self._kinds or (self._claims is not None and self._claims(one.message))
            for one in HeadParser().block(texts)
        ]
        return 0.9 * sum(mine) / len(mine) if mine else 0.0
