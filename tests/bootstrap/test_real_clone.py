"""The real tree with the real lock: how long it takes, and what a wheel carries."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import zipfile

import pytest

from tests.bootstrap.clone import ROOT, Clone, tool_folder
from tests.house.tree import tracked
from trailhound import __version__

pytestmark = pytest.mark.slow

OVERHEAD_SECONDS = 0.1
ROUNDS = 7


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Clone:
    """Give a copy of this tree whose first run is over."""
    folder = tmp_path_factory.mktemp("real")
    for path in tracked():
        target = folder / "clone" / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target)
    clone = Clone(folder / "clone", tool_folder(folder / "tools", uv=shutil.which("uv")), folder)
    first = clone.run("--version")
    assert (first.returncode, __version__ in first.stdout) == (0, True), first.stderr
    return clone


def best(command: list[str], environment: dict[str, str]) -> float:
    def once() -> float:
        begin = time.perf_counter()
        subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - begin

    return min(once() for _ in range(ROUNDS))


def test_later_runs_add_little(installed):
    python = str(installed.folder / ".venv/bin/python")
    environment = installed.environment
    direct = best([python, "-I", "-X", "utf8", "-m", "trailhound", "--version"], environment)
    through = best([str(installed.folder / "trailhound"), "--version"], environment)
    assert through - direct < OVERHEAD_SECONDS


def test_nothing_is_written_outside_the_environment(installed):
    made = {p.name for p in installed.folder.iterdir()} - {
        p.relative_to(ROOT).parts[0] for p in tracked()
    }
    assert made == {".venv"}


def built_wheel(folder):
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    [wheel] = folder.glob("*.whl")
    return wheel


def test_the_wheel_carries_everything_and_runs(tmp_path):
    wheel = built_wheel(tmp_path / "dist")
    package = ROOT / "src"
    wanted = {p.relative_to(package).as_posix() for p in tracked() if p.is_relative_to(package)}
    assert wanted - set(zipfile.ZipFile(wheel).namelist()) == set()
    fresh = tmp_path / "fresh"
    subprocess.run([os.path.realpath(sys.executable), "-m", "venv", fresh], check=True)
    quiet = ["-q", "--no-input", "--disable-pip-version-check", "--only-binary", ":all:"]
    subprocess.run([fresh / "bin/python", "-m", "pip", "install", *quiet, wheel], check=True)
    result = subprocess.run(
        [fresh / "bin/trailhound", "--version"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    )
    assert __version__ in result.stdout
