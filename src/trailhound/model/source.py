"""Where evidence comes from: one decoded stream with a stable name."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HEAD_BYTES = 4096
"""What readers see when they bid for a source."""


@dataclass(frozen=True, slots=True)
class Span:
    """Part of a source that one worker reads: records that *start* in [start, stop), in bytes."""

    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Source:
    """One piece of evidence, archives and compression already undone.

    Attributes:
        name: `root-relative/path!member!member`, with `/` on every system.
        open: gives the decoded bytes from the start; each call is a fresh stream.
        head: the first `HEAD_BYTES` of the decoded bytes.
        path: the file itself when it is plain and on disk, else None.
        size: decoded bytes, None when unknown before reading.
        zone: IANA name or "" (UTC is then assumed for formats that carry no zone).
        modified: when the file on disk was last written (seconds since 1970), None when unknown; an
            upper bound for the time of what it holds.
        span: the part to read; None means all.
    """

    name: str
    open: Callable[[], BinaryIO] = field(repr=False)
    head: bytes = field(repr=False)
    path: Path | None = None
    size: int | None = None
    zone: str = ""
    span: Span | None = None
    modified: float | None = None
