"""A sample of the records behind a finding, the same however the evidence was cut into pieces."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trailhound.model.finding import Pointer

MAX_POINTERS = 100

Place = tuple[int, str, int]
"""(time, source, offset): the order in which evidence is preferred."""

Placed = tuple[Place, "Pointer"]


class Sample:
    """The earliest pointers and at least one of each source, as they come."""

    def __init__(self) -> None:
        self._pointers: list[Placed] = []
        self._firsts: dict[str, Place] = {}
        self._last: Place | None = None
        """The latest place of a full sample, None while there is room."""

    def wants(self, place: Place) -> bool:
        """Tell whether the pointer of a place may be kept; making one costs more than asking."""
        if self._last is None or place < self._last:
            return True
        first = self._firsts.get(place[1])
        return len(self._firsts) < MAX_POINTERS if first is None else place < first

    def add(self, place: Place, pointer: Pointer) -> None:
        """Add a wanted pointer."""
        self._pointers.append((place, pointer))
        first = self._firsts.get(place[1])
        if first is None or place < first:
            self._firsts[place[1]] = place
        if len(self._pointers) >= 2 * MAX_POINTERS:
            self._pointers = kept(self._pointers)
            self._last = self._pointers[-1][0]
            self._firsts = {}
            for known, _ in self._pointers:
                self._firsts.setdefault(known[1], known)

    def pointers(self) -> list[Placed]:
        """Give the sample in order."""
        return kept(self._pointers)


def kept(pointers: Iterable[Placed]) -> list[Placed]:
    """Keep the earliest pointers and at least one of each source, in order; each event once."""
    ordered = sorted(pointers, key=itemgetter(0))
    events = {(one.event_uid, one.time): place for place, one in reversed(ordered)}
    if len(events) < len(ordered):
        ordered = [(p, one) for p, one in ordered if events[one.event_uid, one.time] is p]
    if len(ordered) <= MAX_POINTERS:
        return ordered
    seen: set[str] = set()
    firsts: list[Placed] = []
    rest: list[Placed] = []
    for pair in ordered:
        source = pair[0][1]
        (rest if source in seen else firsts).append(pair)
        seen.add(source)
    chosen = firsts[:MAX_POINTERS]
    return sorted(chosen + rest[: MAX_POINTERS - len(chosen)], key=itemgetter(0))
