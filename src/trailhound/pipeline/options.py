"""What a scan is asked to do, as plain data: it travels to worker processes."""

from __future__ import annotations

import msgspec

from trailhound.model.limits import Limits
from trailhound.rules.library import RuleSet


class ScanOptions(msgspec.Struct, frozen=True):
    """Options of a scan.

    Attributes:
        sets: Sigma rule sets, ours included when wanted.
        yara: YARA rule files.
        expand: values of Sigma placeholders.
        cache: folder for compiled rules, "" for none.
        tables: build tables of events (False for `--only rules`).
        match: run the rules (False when only tables are wanted).
        since, until: microseconds UTC; events outside are read but not judged.
        zones: (glob of source names, IANA zone), first match wins.
        mappings: user mapping TOML files.
        jobs: worker processes; 1 means this process.
        segments: folder for table segments, "" keeps tables in memory (only with one job).
        hunt: let experimental, hunting and low rules ask for a person.
    """

    sets: tuple[RuleSet, ...] = ()
    yara: tuple[str, ...] = ()
    expand: dict[str, tuple[str, ...]] = {}
    cache: str = ""
    tables: bool = True
    match: bool = True
    since: int | None = None
    until: int | None = None
    zones: tuple[tuple[str, str], ...] = ()
    mappings: tuple[str, ...] = ()
    jobs: int = 1
    segments: str = ""
    hunt: bool = False
    tenant: str = ""
    limits: Limits = Limits()
