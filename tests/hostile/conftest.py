"""Hostile inputs meet the program in a process of their own, with a clock and a scale beside it."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from trailhound.model.limits import Limits
from trailhound.unpack.walk import discover

if TYPE_CHECKING:
    from collections.abc import Callable

    from trailhound.model.oddity import Oddity

HERE = Path(__file__).parent
SECONDS = 60
MEMORY_MIB = 512


@dataclass(frozen=True)
class Outcome:
    """What became of a hostile input: oddity kinds by source, bytes read, the cost."""

    said: dict[str, dict[str, bool]]
    read: dict[str, int]
    mib: float
    seconds: float

    @property
    def kinds(self) -> set[str]:
        return {kind for kinds in self.said.values() for kind in kinds}

    @property
    def lost(self) -> set[str]:
        return {kind for kinds in self.said.values() for kind, lost in kinds.items() if lost}


@pytest.fixture
def unpacked() -> Callable[..., Outcome]:
    """Unpack and read everything in a child: its memory is its own, a hang is a failure."""

    def run(*paths: Path, limits: Limits | None = None) -> Outcome:
        return Outcome(**child("unpack", paths, limits))

    return run


@pytest.fixture
def scanned() -> Callable[..., Any]:
    """Scan as the command line does, in a child; gives the result as plain data and the cost."""
    if not has_scan():
        pytest.skip("trailhound.pipeline.scan is not part of this tree")

    def run(*paths: Path) -> Any:
        return child("scan", paths, None)

    return run


def has_scan() -> bool:
    if importlib.util.find_spec("trailhound.pipeline") is None:
        return False
    return importlib.util.find_spec("trailhound.pipeline.scan") is not None


def child(what: str, paths: tuple[Path, ...], limits: Limits | None) -> Any:
    names = [os.fspath(path) for path in paths]
    changed = {
        name: value
        for name in (Limits.__slots__ if limits else ())
        if (value := getattr(limits, name)) != getattr(Limits(), name)
    }
    done = subprocess.run(
        [
            sys.executable,
            "-X",
            "faulthandler",
            str(HERE / "child.py"),
            json.dumps([what, names, changed]),
        ],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
        capture_output=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")[-4000:]
    answer = json.loads(done.stdout)
    assert answer["mib"] < MEMORY_MIB, f"{answer['mib']:.0f} MiB"
    return answer


@pytest.fixture
def looked() -> Callable[..., tuple[dict[str, bytes], list[tuple[str, Oddity]]]]:
    """Unpack in this process, for inputs whose danger is not their size."""

    def run(*paths: Path) -> tuple[dict[str, bytes], list[tuple[str, Oddity]]]:
        said: list[tuple[str, Oddity]] = []
        found = discover(paths, Limits(), lambda name, oddity: said.append((name, oddity)))
        return {source.name: source.open().read() for source in found}, said

    return run
