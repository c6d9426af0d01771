"""Time stamps cut at the second: minutes repeat from line to line, so each is understood once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from trailhound.model.batch import NO_TIME

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trailhound.model.batch import Times

NEVER = -(2**62)
"""Marks a part that is no time; the sum of two still fits into 64 bits."""


class _Seconds(dict[str, int]):
    """Microseconds by the two digits of the second."""

    def __missing__(self, text: str) -> int:
        return NEVER


SECONDS = _Seconds({f"{second:02}": second * 1_000_000 for second in range(60)})
SECONDS["60"] = 59_999_999  # a leap second is the last microsecond of its minute, not an error


def times_of(micros: Iterable[int]) -> Times:
    """Give an array in which sums with `NEVER` are NO_TIME."""
    times = np.fromiter(micros, dtype=np.int64)
    times[times < 0] = NO_TIME
    return times
