"""What was planted, who only looks odd, and how a scan's answer compares with that.

No detector can see this: it is written beside the evidence, and detectors cannot import it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from trailhound.simulate.clock import MINUTE, iso_milli, parse_iso

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

TOLERANCE = 10 * MINUTE
"""How far a finding's time may be from the step it explains."""

_RANKS = {"informational": 0, "low": 1, "medium": 2, "high": 3, "critical": 4}
_MEDIUM = 2
_PRINCIPALS = frozenset({"user", "mailbox", "host", "device", "ip", "account"})
Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """One planted act: when (microseconds UTC), who is touched, and which record proves it."""

    id: str
    time: int
    story: str
    technique: str
    title: str
    hosts: tuple[str, ...]
    users: tuple[str, ...]
    addresses: tuple[str, ...]
    source: str
    record: str

    @property
    def names(self) -> frozenset[str]:
        """All names of the step, in the form in which names are compared."""
        return frozenset(map(plain_name, (*self.hosts, *self.users, *self.addresses)))


@dataclass(frozen=True, slots=True)
class Plan:
    """A step before its record is written."""

    id: str
    time: int
    story: str
    technique: str
    title: str
    hosts: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()

    def at(self, source: str, record: str) -> Step:
        """Return the step, now that its record has a place."""
        return Step(**asdict(self), source=source, record=record)


@dataclass(frozen=True, slots=True)
class Innocent:
    """A person or host that looks odd, with the harmless reason."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Truth:
    """All that a scan could find, and all that it must not accuse."""

    steps: tuple[Step, ...]
    innocent: tuple[Innocent, ...]
    events: int

    def write(self, path: Path) -> None:
        """Write the truth file."""
        document = {
            "schema": "trailhound.truth/1",
            "events": self.events,
            "steps": [asdict(step) | {"time": iso_milli(step.time) + "Z"} for step in self.steps],
            "innocent": [asdict(person) for person in self.innocent],
        }
        path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
        path.write_bytes(text.encode())


@dataclass(frozen=True, slots=True)
class Accused:
    """An incident that asks for a person and touches nobody who was attacked."""

    incident: str
    title: str
    names: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """A scan against the truth."""

    found: tuple[Step, ...]
    missed: tuple[Step, ...]
    accused: tuple[Accused, ...]

    @property
    def recall(self) -> float:
        """Return the share of planted steps that were found, 0..1; 1 when nothing was planted."""
        planted = len(self.found) + len(self.missed)
        return len(self.found) / planted if planted else 1.0


def read_truth(path: Path) -> Truth:
    """Read a truth file back."""
    document = json.loads(path.read_bytes())
    steps = tuple(_step(entry) for entry in document["steps"])
    innocent = tuple(Innocent(**entry) for entry in document["innocent"])
    return Truth(steps, innocent, document["events"])


def compare(truth: Truth, result: Document) -> Comparison:
    """Compare a scan's JSON document with what was planted.

    A step is found when a finding that counts names its host, user or address, points into its file
    and lies within ten minutes of it. A finding counts when it is of medium severity or more, or
    belongs to an incident above the fold. An incident above the fold accuses somebody when none of
    its key entities had a part in any step.
    """
    incidents = [i for i in result.get("incidents", ()) if _asks_for_a_person(i)]
    loud = {identity for incident in incidents for identity in incident.get("findings", ())}
    counted = [f for f in result.get("findings", ()) if _rank(f) >= _MEDIUM or f.get("id") in loud]
    traces = [_Trace.of(finding) for finding in counted]
    found = tuple(step for step in truth.steps if any(trace.explains(step) for trace in traces))
    missed = tuple(step for step in truth.steps if step not in found)
    return Comparison(found, missed, tuple(_accusations(truth, incidents)))


def plain_name(text: str) -> str:
    r"""Reduce `ACME\a.meyer`, `a.meyer@acme.example` or `PC1.corp.acme.example` to its first name.

    Addresses stay whole.
    """
    name = text.rpartition("\\")[2].partition("@")[0].lower()
    is_address = ":" in name or name.replace(".", "").isdigit()
    labels = name.split(".")
    return name if is_address or len(labels) < 3 else labels[0]


@dataclass(frozen=True, slots=True)
class _Trace:
    """What one finding says about where, when and who."""

    names: frozenset[str]
    places: tuple[tuple[str, int], ...]

    @classmethod
    def of(cls, finding: Document) -> _Trace:
        pointers = (finding.get("evidence") or {}).get("pointers", ())
        places = (
            (_file(str(pointer.get("source", ""))), time)
            for pointer in pointers
            if (time := _instant(pointer.get("time"))) is not None
        )
        return cls(frozenset(_names(finding)), tuple(places))

    def explains(self, step: Step) -> bool:
        if not self.names & step.names:
            return False
        return any(
            place.endswith(step.source) and abs(time - step.time) <= TOLERANCE
            for place, time in self.places
        )


def _accusations(truth: Truth, incidents: Iterable[Document]) -> Iterable[Accused]:
    involved = frozenset(name for step in truth.steps for name in step.names)
    reasons = {plain_name(person.name): person.reason for person in truth.innocent}
    for incident in incidents:
        names = sorted(set(_names(incident)))
        if names and not involved & set(names):
            reason = next(
                (reasons[n] for n in names if n in reasons), "had no part in anything planted"
            )
            yield Accused(str(incident.get("id")), str(incident.get("title")), tuple(names), reason)


def _asks_for_a_person(incident: Document) -> bool:
    return bool(incident.get("above_fold", _rank(incident) >= _MEDIUM))


def _rank(entry: Document) -> int:
    severity = entry.get("severity", 0)
    return severity if isinstance(severity, int) else _RANKS.get(str(severity).lower(), 0)


def _names(entry: Document) -> Iterable[str]:
    for entity in entry.get("entities", ()):
        if entity.get("type") in _PRINCIPALS:
            yield plain_name(str(entity.get("value", "")))


def _file(source: str) -> str:
    return source.partition("!")[0].replace("\\", "/")


def _instant(value: object) -> int | None:
    if isinstance(value, int):
        return value
    return parse_iso(value) if isinstance(value, str) else None


def _step(entry: dict[str, Any]) -> Step:
    lists = {name: tuple(entry[name]) for name in ("hosts", "users", "addresses")}
    return Step(**(entry | lists | {"time": parse_iso(entry["time"]) or 0}))
