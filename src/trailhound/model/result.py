"""What a scan hands to the reports: everything that was found, read, not read, and not judged."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from trailhound.model.finding import Finding
from trailhound.model.incident import Incident
from trailhound.model.oddity import Oddity

SCHEMA = "trailhound.result/1"


class InputReport(msgspec.Struct):
    """What became of one source.

    `status`: `read`, `known` (the workspace has it), `unknown` (no reader recognised it), `skipped`
    (no evidence, e.g. an empty file), `refused` (unreadable, a device, a limit before the first
    record).
    """

    source: str
    reader: str
    events: int
    bytes: int = 0
    status: str = "read"
    incomplete: bool = False
    known: bool = False
    """Already registered in the workspace by content: read before, counted once."""
    first: int | None = None
    last: int | None = None
    oddity_counts: dict[str, int] = {}
    oddities: list[Oddity] = []
    digest: str = ""


class Judged(StrEnum):
    """How well one class of indicators could be judged with the evidence at hand."""

    JUDGED = "judged"
    THIN = "thin"
    BLIND = "blind"


class Gap(msgspec.Struct, frozen=True):
    """What a product whose logs are here does not tell, and the setting that makes it."""

    source: str
    missing: str
    switch_on: str


class NotJudged(msgspec.Struct, frozen=True):
    """One class of indicators: what could be judged, what is missing, how to switch it on.

    `gaps` are those of products that are in the evidence, also of a class that was judged by
    others.
    """

    number: int
    indicator: str
    state: Judged
    missing: str = ""
    switch_on: str = ""
    days: int = 0
    gaps: list[Gap] = []


class Assumed(msgspec.Struct, frozen=True):
    """Something taken for true without being told: own domain, time zone, year, host."""

    what: str
    value: str
    why: str


class SkippedRule(msgspec.Struct, frozen=True):
    """A rule that could not be used, with its place and the reason."""

    file: str
    line: int
    reason: str


class Stats(msgspec.Struct):
    """Counts of one scan. Durations go to stderr: equal input gives equal output."""

    files: int = 0
    events: int = 0
    bytes: int = 0
    first: int | None = None
    last: int | None = None
    rules: int = 0
    rules_total: int = 0
    rules_skipped: int = 0
    rules_without_source: int = 0
    folded: int = 0
    hidden: int = 0
    yara_only: int = 0
    """Sources no reader knows, which YARA rules looked at."""
    by_reader: dict[str, int] = {}
    by_table: dict[str, int] = {}
    rule_sets: list[str] = []


class Folded(msgspec.Struct, frozen=True):
    """A rule that hits so widely that it is probably normal here; `allow` would hide it."""

    title: str
    detector: str
    hits: int
    hosts: int
    why: str
    allow: str


class Result(msgspec.Struct):
    """One scan, ordered: incidents by score, findings by time then id, inputs by name."""

    inputs: list[InputReport]
    findings: list[Finding]
    incidents: list[Incident]
    not_judged: list[NotJudged]
    assumed: list[Assumed]
    stats: Stats
    folded: list[Folded] = []
    skipped_rules: list[SkippedRule] = []
    not_read: list[str] = []
    title: str = ""
    tenant: str = ""
    interrupted: bool = False
    tables_lost: str = ""
    """Why there are no tables of events although they were wanted; "" when there are."""
    redacted: str = ""
    """What was replaced or left out to show it to others: `people`, `bodies` or `all`."""
    version: str = ""
