"""Files that a cloud service delivers in one piece: all records of a span of time, then closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from trailhound.simulate.evidence import Pointer
from trailhound.simulate.products.files import date_file, open_for_writing

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Record = TypeVar("Record")


class Blobs(Generic[Record]):
    """Collects the records of one span and writes them as one file when the span is over.

    `name` gives the file of an instant, `identify` the record's own id, `encode` the file's bytes.
    """

    def __init__(
        self,
        root: Path,
        span: int,
        name: Callable[[int], str],
        identify: Callable[[Record], str],
        encode: Callable[[list[Record]], bytes],
    ) -> None:
        self._root = root
        self._span = span
        self._name = name
        self._identify = identify
        self._encode = encode
        self._records: list[Record] = []
        self._begin = 0
        self._source = ""

    def write(self, at: int, record: Record) -> Pointer:
        begin = max(at // self._span * self._span, self._begin)
        if begin != self._begin or not self._source:
            self.close()
            self._begin = begin
            self._source = self._name(begin)
        self._records.append(record)
        return Pointer(self._source, self._identify(record))

    def tick(self, at: int) -> None:
        if self._records and at >= self._begin + self._span:
            self.close()

    def close(self) -> None:
        if not self._records:
            return
        with open_for_writing(self._root / self._source) as file:
            file.write(self._encode(self._records))
        date_file(self._root / self._source, self._begin + self._span)
        self._records = []
