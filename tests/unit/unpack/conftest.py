from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from trailhound.model.limits import Limits
from trailhound.unpack.walk import discover

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from trailhound.model.oddity import Oddity
    from trailhound.model.source import Source


@dataclass
class Found:
    """What a walk gave: bytes by name, and what was said about each name."""

    content: dict[str, bytes] = field(default_factory=dict)
    said: list[tuple[str, Oddity]] = field(default_factory=list)

    def kinds(self, name: str | None = None) -> set[str]:
        return {o.kind for n, o in self.said if name is None or n == name}

    @property
    def lost(self) -> set[str]:
        return {o.kind for _, o in self.said if o.lost}


@pytest.fixture
def unpack() -> Callable[..., Found]:
    def run(*paths: Path, limits: Limits | None = None) -> Found:
        found = Found()
        for source in sources(paths, limits, found):
            assert source.name not in found.content
            with source.open() as stream:
                found.content[source.name] = stream.read()
            assert found.content[source.name].startswith(source.head)
        return found

    def sources(paths: tuple[Path, ...], limits: Limits | None, found: Found) -> Iterator[Source]:
        return discover(paths, limits or Limits(), lambda n, o: found.said.append((n, o)))

    return run
