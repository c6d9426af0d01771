from __future__ import annotations

import csv
import gzip
import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from trailhound.simulate.clock import HOUR
from trailhound.simulate.life.diary import Diary
from trailhound.simulate.organisation import write
from trailhound.simulate.settings import Settings
from trailhound.simulate.stories.stage import Stage
from trailhound.simulate.world import World

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from trailhound.simulate.truth import Truth

SMALL = Settings(seed=7, people=6, days=3, story="all")


@dataclass(frozen=True)
class Written:
    """A finished simulation, read back with nothing but the standard library."""

    folder: Path
    truth: Truth

    @staticmethod
    def read(path: Path) -> str:
        data = path.read_bytes()
        return (gzip.decompress(data) if path.suffix == ".gz" else data).decode()

    def files(self, pattern: str) -> list[Path]:
        return sorted((self.folder / "evidence").glob(pattern))

    def text(self, pattern: str) -> str:
        return "".join(map(self.read, self.files(pattern)))

    def lines(self, pattern: str) -> list[str]:
        return self.text(pattern).splitlines()

    def windows(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.lines("windows/winlogbeat-*")]

    def zeek(self, log: str) -> list[dict[str, str]]:
        rows = []
        for path in self.files(f"zeek/*/{log}.*"):
            names: list[str] = []
            for line in self.read(path).splitlines():
                if line.startswith("#fields"):
                    names = line.split("\t")[1:]
                elif not line.startswith("#"):
                    rows.append(dict(zip(names, line.split("\t"), strict=True)))
        return rows

    def audit(self) -> list[dict[str, Any]]:
        rows = []
        for path in self.files("cloud/m365/UAL-*.csv"):
            text = path.read_text(encoding="utf-8-sig")
            rows += [json.loads(row["AuditData"]) for row in csv.DictReader(io.StringIO(text))]
        for path in self.files("cloud/m365/api/*.json"):
            rows += json.loads(path.read_bytes())
        return rows

    def trail(self) -> list[dict[str, Any]]:
        files = self.files("cloud/aws/**/*.json.gz")
        return [record for path in files for record in json.loads(self.read(path))["Records"]]

    def entra(self, container: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.lines(f"cloud/entra/{container}/**/PT1H.json")]


@pytest.fixture(scope="session")
def small(tmp_path_factory):
    """All stories in a company of six, three days long."""
    folder = tmp_path_factory.mktemp("simulation")
    return Written(folder, write(folder, SMALL))


@pytest.fixture
def world(tmp_path):
    return World(SMALL, tmp_path / "evidence")


@pytest.fixture
def finished(tmp_path, world):
    """Close a world and read back what its products wrote."""
    return lambda: Written(tmp_path, world.finish())


@pytest.fixture
def live(world, finished):
    """Let one kind of life run through the first day and read it back."""

    def run(make: Callable[[World, Diary], Any]) -> Written:
        life = make(world, Diary(SMALL, world.company))
        for at in list(world.hours())[:24]:
            life.hour(at)
            world.turn(at)
        return finished()

    return run


@pytest.fixture
def stage(world):
    return Stage(world, Diary(SMALL, world.company), "test")


@pytest.fixture
def at(world):
    """Nine o'clock of the first day."""
    return world.span.start + 9 * HOUR
