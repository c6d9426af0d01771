"""What a reader met that is not a well-formed record. Evidence in its own right, never dropped."""

from __future__ import annotations

from dataclasses import dataclass, field

MAX_KEPT = 200
"""Examples kept per source; beyond it only the counts grow, so a hostile file stays cheap."""


@dataclass(frozen=True, slots=True)
class Oddity:
    """One thing that could not be read as the format says.

    Attributes:
        kind: a dotted word from a closed set, e.g. `json.syntax`, `line.too_long`, `limit.depth`.
        offset: bytes from the start of the decoded source; -1 where no place exists.
        length: bytes the oddity stands for, 0 when unknown.
        detail: one line for a person; may quote hostile text, so it is escaped when shown.
        lost: True when the evidence at this place was refused or damaged: the result is incomplete.
    """

    kind: str
    offset: int = -1
    length: int = 0
    detail: str = ""
    lost: bool = False


@dataclass(slots=True)
class OddityLog:
    """The oddities of one source: all counted, the first `MAX_KEPT` kept."""

    kept: list[Oddity] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    lost: bool = False

    def add(self, oddity: Oddity) -> None:
        """Count an oddity and keep it while there is room."""
        self.counts[oddity.kind] = self.counts.get(oddity.kind, 0) + 1
        self.lost = self.lost or oddity.lost
        if len(self.kept) < MAX_KEPT:
            self.kept.append(oddity)

    def room(self) -> int:
        """How many more are kept: of a column of oddities, only these need be made."""
        return MAX_KEPT - len(self.kept)

    def count(self, kind: str, number: int) -> None:
        """Count oddities that lost nothing and for which there is no room."""
        self.counts[kind] = self.counts.get(kind, 0) + number

    @property
    def total(self) -> int:
        """Number of oddities met, kept or not."""
        return sum(self.counts.values())
