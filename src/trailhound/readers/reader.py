"""What a reader is: it bids for a source by content, then gives batches of native columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trailhound.model.batch import Batch
    from trailhound.model.limits import Budget
    from trailhound.model.source import Source


class Reader(Protocol):
    """One input format.

    Attributes:
        name: `product.format`, shown to the user, e.g. `windows.evtx`.
        splittable: True when records start at line starts and need no header, so that several
            workers may each read a `Span` of one source.
    """

    name: str
    splittable: bool

    def sniff(self, head: bytes, path: str) -> float:
        """Bid for a source: 0 not mine, 1 sure. The path is a hint worth at most 0.2."""
        ...

    def read(self, source: Source, budget: Budget) -> Iterator[Batch]:
        """Yield batches in the order of the source.

        Bad data becomes an oddity in `budget`, never an exception; all other bytes, of rows and of
        structure, are added to `budget.parsed_bytes`.
        """
        ...
