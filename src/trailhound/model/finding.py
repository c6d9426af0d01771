"""One judgement and everything needed to check it."""

from __future__ import annotations

import hashlib
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

import msgspec

from trailhound.model.entity import Entity

if TYPE_CHECKING:
    from collections.abc import Iterable


class Severity(IntEnum):
    """How bad it would be if true; ordered, so comparisons read naturally."""

    INFORMATIONAL = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def word(self) -> str:
        """The lower-case name used in every output."""
        return self.name.lower()

    @classmethod
    def parse(cls, word: str) -> Severity:
        """Read a severity word; ValueError lists the allowed ones."""
        try:
            return cls[word.upper()]
        except KeyError:
            allowed = ", ".join(s.word for s in cls)
            raise ValueError(f"unknown severity {word!r}: use one of {allowed}") from None


class Nature(StrEnum):
    """A passive trace that says a compromise happened, or an attack in progress."""

    IOC = "ioc"
    IOA = "ioa"


class DetectorKind(StrEnum):
    """What kind of detector spoke."""

    RULE = "rule"
    BEHAVIOUR = "behaviour"
    INDICATOR = "indicator"


class Detector(msgspec.Struct, frozen=True):
    """Which detector spoke. `version` changes when its logic does; finding ids do not use it."""

    kind: DetectorKind
    id: str
    version: str = ""


class RuleInfo(msgspec.Struct, frozen=True, omit_defaults=True):
    """Attribution of a rule; the Detection Rule Licence asks for author and id with a match."""

    language: str
    id: str
    title: str
    author: str = ""
    level: str = ""
    status: str = ""
    tags: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    falsepositives: tuple[str, ...] = ()
    source: str = ""
    licence: str = ""
    description: str = ""


class Reason(msgspec.Struct, frozen=True):
    """One line of a `because` list. A field is None where it has no meaning.

    Attributes:
        feature: the native field or measured quantity.
        value: what was seen.
        op: how it was compared: `equals`, `contains`, `endswith`, `>=`, ...
        expected: what the detector looks for.
        usual: what is normal for this entity.
        weight: share of the confidence this line carries, 0..1.
        unit: unit of value, expected and usual.
        flips_at: the value at which the verdict would change.
        text: the same in plain English.
    """

    feature: str
    value: str | int | float | bool | None = None
    op: str | None = None
    expected: str | int | float | bool | None = None
    usual: str | int | float | None = None
    weight: float | None = None
    unit: str | None = None
    flips_at: str | int | float | None = None
    text: str = ""


class Pointer(msgspec.Struct, frozen=True):
    """The way back to one record.

    Attributes:
        source: `root-relative/path!member`.
        event_uid: the event's identity, see `identity.py`.
        offset: byte offset in the decoded source, or the record number where a format has no bytes.
        time: microseconds since 1970 UTC, None when the record carries no usable time.
        fields: native fields that the detector looked at or that its author wants shown.
    """

    source: str
    event_uid: str
    offset: int
    time: int | None
    fields: dict[str, str]


class Evidence(msgspec.Struct, frozen=True):
    """How often, since when, and where to look. `pointers` is a sample, `count` is exact."""

    count: int
    first: int | None
    last: int | None
    pointers: tuple[Pointer, ...]


class Finding(msgspec.Struct, frozen=True):
    """One judgement of one detector about one set of entities in one window of time.

    `time` is microseconds UTC of the first record; `confidence` is 0..1; `supporting` findings
    never ask for a person alone, they add weight to others.
    """

    id: str
    time: int | None
    title: str
    severity: Severity
    nature: Nature
    confidence: float
    detector: Detector
    entities: tuple[Entity, ...]
    evidence: Evidence
    because: tuple[Reason, ...]
    techniques: tuple[str, ...] = ()
    rule: RuleInfo | None = None
    tenant: str = ""
    supporting: bool = False


def finding_id(detector_id: str, key: Iterable[Entity], window_start: int) -> str:
    """Identify a judgement by who judged, about whom, in which window: a re-run revises it."""
    digest = hashlib.blake2b(digest_size=8)
    digest.update(detector_id.encode())
    for entity in sorted(key):
        digest.update(f"\x00{entity.type.value}\x01{entity.value}".encode("utf-8", "surrogatepass"))
    digest.update(f"\x00{window_start}".encode())
    return digest.hexdigest()
