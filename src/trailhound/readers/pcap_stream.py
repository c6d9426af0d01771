"""One direction of a TCP connection in order, within a small window and a common memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

WINDOW_SEGMENTS = 64
WINDOW_BYTES = 64 * 1024
SHARED_BYTES = 64 * 1024 * 1024
"""Early segments and unfinished headers of all connections together may take this much."""
_HALF, _WHOLE = 2**31, 2**32


class Moment(NamedTuple):
    """When a packet was captured (microseconds UTC), and where its frame begins in the file."""

    time: int
    offset: int


class Piece(NamedTuple):
    """Bytes in order; `missing` bytes before them were not captured."""

    missing: int
    data: bytes
    moment: Moment


@dataclass(slots=True)
class Room:
    """Memory that all connections share; `refused` counts what found none."""

    left: int = SHARED_BYTES
    refused: int = 0

    def take(self, size: int) -> bool:
        """Take room for some bytes, if there is any."""
        if size > self.left:
            self.refused += 1
            return False
        self.left -= size
        return True

    def give(self, size: int) -> None:
        """Give room back."""
        self.left += size


@dataclass(slots=True)
class Ordered:
    """Puts segments in order. What does not come within the window is missing."""

    room: Room
    _next: int | None = None
    """Sequence number that comes next; None: the first segment says it."""
    _early: dict[int, tuple[bytes, Moment]] = field(default_factory=dict)
    _held: int = 0

    def advance(self, sequence: int, size: int) -> bool:
        """Pass over a segment that comes in order while nothing waits; tells whether it does."""
        if self._next != sequence or self._early:
            return False
        self._next = (sequence + size) % _WHOLE
        return True

    def push(self, sequence: int, data: bytes, moment: Moment) -> Iterable[Piece]:
        """Take a segment; give what is now in order."""
        if self.advance(sequence, len(data)):
            return (Piece(0, data, moment),)
        return self._sorted(sequence, data, moment)

    def _sorted(self, sequence: int, data: bytes, moment: Moment) -> Iterator[Piece]:
        if self._next is None:
            self._next = sequence
        ahead = distance(self._next, sequence)
        if ahead <= 0:
            yield from self._now(data[-ahead:], moment)
        elif not self._keep(sequence, data, moment):
            yield from self.flush()
            yield from self._gap(sequence, data, moment)

    def flush(self) -> Iterator[Piece]:
        """Give what waits, with its gaps."""
        early = sorted(self._early.items(), key=lambda one: distance(self._next or 0, one[0]))
        self._drop()
        for sequence, (data, moment) in early:
            yield from self._gap(sequence, data, moment)

    def _gap(self, sequence: int, data: bytes, moment: Moment) -> Iterator[Piece]:
        missing = distance(self._next or 0, sequence)
        data = data[max(-missing, 0) :]
        if data:
            self._next = (max(missing, 0) + (self._next or 0) + len(data)) % _WHOLE
            yield Piece(max(missing, 0), data, moment)

    def _now(self, data: bytes, moment: Moment) -> Iterator[Piece]:
        while data:
            self._next = ((self._next or 0) + len(data)) % _WHOLE
            yield Piece(0, data, moment)
            data, moment = self._waiting(moment)

    def _waiting(self, moment: Moment) -> tuple[bytes, Moment]:
        """Take out an early segment that fits now; the map is small."""
        for sequence in list(self._early):
            ahead = distance(self._next or 0, sequence)
            if ahead <= 0:
                data, moment = self._early.pop(sequence)
                self._held -= len(data)
                self.room.give(len(data))
                if len(data) > -ahead:
                    return data[-ahead:], moment
        return b"", moment

    def _keep(self, sequence: int, data: bytes, moment: Moment) -> bool:
        if len(self._early) >= WINDOW_SEGMENTS or self._held + len(data) > WINDOW_BYTES:
            return False
        if sequence not in self._early:
            if not self.room.take(len(data)):
                return False
            self._held += len(data)
            self._early[sequence] = (data, moment)
        return True

    def _drop(self) -> None:
        self.room.give(self._held)
        self._early, self._held = {}, 0


def distance(start: int, stop: int) -> int:
    """Give how far one sequence number is ahead of another; they wrap at 32 bits."""
    return (stop - start + _HALF) % _WHOLE - _HALF
