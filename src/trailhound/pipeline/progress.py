"""Progress of a scan, for whoever shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(slots=True)
class Done:
    """What a scan has done so far; bytes are those of the files, still packed."""

    bytes: int = 0
    total: int = 0
    events: int = 0
    findings: int = 0
    phase: str = "Reading"


class Progress(Protocol):
    """Shows progress; called after each task and phase."""

    def __call__(self, done: Done) -> None:
        """Show where the scan stands."""
        ...


def silent(done: Done) -> None:
    """Show nothing."""
    del done
