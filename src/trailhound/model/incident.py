"""Findings that belong together, as one story an analyst can act on."""

from __future__ import annotations

import msgspec

from trailhound.model.entity import Entity
from trailhound.model.finding import Nature, Severity

NEEDS_YOU = 70
"""From this score on an incident asks for a person."""

LOOK_AT = 40
"""From this score on it is worth a look, as one tested rule of level high is alone; below it is a
weak signal, folded and counted."""


class ScorePart(msgspec.Struct, frozen=True):
    """One named share of an incident's score (points of 100)."""

    name: str
    points: float
    text: str


class Step(msgspec.Struct, frozen=True):
    """One line of the story: when, what, where to look."""

    time: int | None
    nature: Nature
    kind: str
    text: str
    finding: str


class Incident(msgspec.Struct, frozen=True):
    """A group of findings with one score, one summary made of facts, and the actions it suggests.

    `start` and `end` are microseconds UTC; `findings` are ids; `score` is 0..100.
    """

    id: str
    title: str
    score: int
    severity: Severity
    start: int | None
    end: int | None
    nature: Nature
    entities: tuple[Entity, ...]
    findings: tuple[str, ...]
    summary: str
    parts: tuple[ScorePart, ...] = ()
    steps: tuple[Step, ...] = ()
    doubts: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    above_fold: bool = False
