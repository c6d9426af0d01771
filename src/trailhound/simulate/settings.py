"""What decides the bytes of a simulation: equal settings give equal files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

NOISE_WORDS = {"quiet": 0.15, "normal": 0.5, "loud": 1.0}
PEOPLE_RANGE = (5, 2000)
DAYS_RANGE = (1, 90)
DEFAULT_START = date(2026, 11, 2)
"""A Monday; a fixed default, so that the demo is the same on every machine and every day."""


@dataclass(frozen=True, slots=True)
class Settings:
    """`noise` runs from 0 to 1 and scales what is odd but innocent, not ordinary work."""

    seed: int = 1
    people: int = 25
    days: int = 7
    noise: float = NOISE_WORDS["normal"]
    start: date = DEFAULT_START
    story: str = "mailbox-takeover"

    def __post_init__(self) -> None:
        """Refuse values outside the documented ranges."""
        _inside("people", self.people, *PEOPLE_RANGE)
        _inside("days", self.days, *DAYS_RANGE)
        _inside("noise", self.noise, 0, 1)


def noise_level(text: str) -> float:
    """Read `quiet`, `normal`, `loud` or a number from 0 to 1."""
    return NOISE_WORDS[text] if text in NOISE_WORDS else float(text)


def _inside(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        message = f"{name} must be from {low} to {high}, got {value}"
        raise ValueError(message)
