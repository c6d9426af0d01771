"""How much one piece of evidence may cost. A limit that is hit is said: results are partial."""

from __future__ import annotations

from dataclasses import dataclass, field

from trailhound.model.oddity import Oddity, OddityLog

KIB = 1024
MIB = 1024 * KIB


@dataclass(frozen=True, slots=True)
class Limits:
    """Defaults of the `[limits]` section; sizes in bytes."""

    log_line_bytes: int = 1 * MIB
    json_depth: int = 64
    json_keys: int = 10_000
    archive_depth: int = 5
    archive_members: int = 5_000
    archive_member_bytes: int = 4096 * MIB
    archive_total_bytes: int = 16384 * MIB
    expansion_ratio: int = 200
    """Applies once a stream has given more than `expansion_floor_bytes`."""
    expansion_floor_bytes: int = 10 * MIB
    decode_layers: int = 6
    batch_rows: int = 2_000
    """A batch of 1 KiB records stays in the processor's cache: 2,000 measured best."""
    batch_bytes: int = 4 * MIB
    pointers_per_finding: int = 100
    field_bytes: int = 4 * KIB
    """Longest value copied into a finding's evidence."""
    yara_file_bytes: int = 64 * MIB
    yara_seconds: int = 10


@dataclass(slots=True)
class Budget:
    """What one source may still spend, and what was met while it was read."""

    limits: Limits = field(default_factory=Limits)
    oddities: OddityLog = field(default_factory=OddityLog)
    parsed_bytes: int = 0
    """Bytes of the decoded source that became events or are structure (headers, blank lines)."""

    def note(self, kind: str, offset: int, length: int = 0, detail: str = "") -> None:
        """Record an oddity that lost nothing."""
        self.oddities.add(Oddity(kind, offset, length, detail))

    def lose(self, kind: str, offset: int, length: int = 0, detail: str = "") -> None:
        """Record evidence that was refused or damaged: the source becomes incomplete."""
        self.oddities.add(Oddity(kind, offset, length, detail, lost=True))
