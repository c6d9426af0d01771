"""The first run makes the environment; nothing that can happen meanwhile leaves a broken one."""

from __future__ import annotations

import os
import re
import signal
import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.bootstrap.clone import Clone

pytestmark = pytest.mark.slow

MAKING = ": making "


def wait_for(path, seconds: float = 60) -> None:
    limit = time.monotonic() + seconds
    while not path.exists():
        assert time.monotonic() < limit, f"{path} did not appear"
        time.sleep(0.01)


def leftovers(clone: Clone) -> list[str]:
    return sorted(p.name for p in clone.folder.glob(".venv?*"))


def test_cold_then_warm(clone):
    cold = clone.run("scan", "a b", "*")
    assert (cold.returncode, cold.stdout) == (0, "stub click scan a b *\n")
    assert 2 <= len(cold.stderr.splitlines()) <= 4
    assert all(line.startswith("trailhound: ") for line in cold.stderr.splitlines())
    warm = clone.run("scan")
    assert (warm.stdout, warm.stderr) == ("stub click scan\n", "")
    assert leftovers(clone) == []


def test_two_first_runs_at_once(clone):
    both = [clone.start(), clone.start()]
    ends = [process.communicate(timeout=300) for process in both]
    assert [p.returncode for p in both] == [0, 0], ends
    assert [out for out, _ in ends] == ["stub click\n"] * 2
    assert sum(err.count(MAKING) for _, err in ends) == 1
    assert leftovers(clone) == []


@pytest.mark.parametrize("death", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_killed_in_the_middle_then_resumed(clone, death):
    process = clone.start()
    wait_for(clone.folder / ".venv.tmp")
    os.killpg(process.pid, death)
    process.communicate(timeout=60)
    assert process.returncode != 0
    assert not (clone.folder / ".venv").exists()
    if death is not signal.SIGKILL:
        assert not (clone.folder / ".venv.lock").is_symlink()
    again = clone.run()
    assert (again.returncode, again.stdout) == (0, "stub click\n")
    assert leftovers(clone) == []


def test_killed_between_rename_and_stamp(clone):
    clone.run()
    (clone.folder / ".venv/.stamp").unlink()
    again = clone.run()
    assert (again.returncode, again.stdout) == (0, "stub click\n")
    assert MAKING in again.stderr


def test_a_failed_installation_leaves_nothing_that_looks_ready(clone):
    lock = clone.folder / "requirements.lock"
    good = lock.read_text()
    lock.write_text(re.sub("sha256:.{8}", "sha256:00000000", good))
    failed = clone.run()
    assert failed.returncode == 4
    assert "could not be installed" in failed.stderr
    assert not (clone.folder / ".venv").exists()
    lock.write_text(good)
    assert clone.run().stdout == "stub click\n"


def test_a_changed_lock_is_installed(clone):
    clone.run()
    with (clone.folder / "requirements.lock").open("a") as lock:
        lock.write("# changed\n")
    again = clone.run()
    assert (again.returncode, again.stdout) == (0, "stub click\n")
    assert "updated" in again.stderr
    assert clone.run().stderr == ""


def test_a_vanished_interpreter_is_replaced(clone):
    clone.run()
    python = clone.folder / ".venv/bin/python"
    python.unlink()
    python.symlink_to("/nonexistent/python3")
    again = clone.run()
    assert (again.returncode, again.stdout) == (0, "stub click\n")


def test_a_moved_clone_is_noticed(clone, tmp_path):
    clone.run()
    moved = clone.folder.rename(tmp_path / "elsewhere")
    clone = type(clone)(moved, clone.tools, clone.home)
    again = clone.run()
    assert (again.returncode, again.stdout) == (0, "stub click\n")
    assert "moved" in again.stderr
    scripts = [p.read_bytes() for p in (moved / ".venv/bin").iterdir() if p.name == "activate"]
    assert scripts
    assert os.fsencode(moved / ".venv") in scripts[0]
    assert b".venv.tmp" not in scripts[0]


def test_offline_with_a_wheelhouse(clone):
    cut = {"https_proxy": "http://127.0.0.1:9", "HTTPS_PROXY": "http://127.0.0.1:9"}
    refused = clone.run(TRAILHOUND_OFFLINE="1", **cut)
    assert refused.returncode == 4
    assert "no wheelhouse/" in refused.stderr
    filled = clone.run("dev", "wheelhouse", TRAILHOUND_OFFLINE="0")
    assert filled.returncode == 0, filled.stderr
    assert list((clone.folder / "wheelhouse").glob("click-*.whl"))
    (clone.folder / ".venv/.stamp").unlink()
    offline = clone.run(TRAILHOUND_OFFLINE="1", **cut)
    assert (offline.returncode, offline.stdout) == (0, "stub click\n"), offline.stderr


def test_developers_packages_come_once(clone):
    program = "import click, idna; print('both')"
    first = clone.run("dev", "python", "-c", program)
    assert (first.returncode, first.stdout) == (0, "both\n"), first.stderr
    assert "requirements-dev.lock" in first.stderr
    assert clone.run("dev", "python", "-c", program).stderr == ""


def test_unknown_developers_command(clone):
    result = clone.run("dev", "nonsense")
    assert result.returncode == 2
    assert "usage: ./trailhound dev" in result.stderr


def test_nothing_in_the_working_directory_is_run(clone, tmp_path):
    clone.run()
    evidence = tmp_path / "evidence"
    evidence.mkdir()
    for name in ("click.py", "trailhound.py", "json.py", "sitecustomize.py"):
        (evidence / name).write_text("raise SystemExit('evidence was run')\n")
    result = clone.run(cwd=evidence, PYTHONPATH=str(evidence))
    assert (result.returncode, result.stdout) == (0, "stub click\n"), result.stderr


def test_a_symbolic_link_finds_the_clone(clone, tmp_path):
    clone.run()
    link = tmp_path / "bin"
    link.mkdir()
    (link / "trailhound").symlink_to(os.path.relpath(clone.folder / "trailhound", link))
    through = type(clone)(link, clone.tools, clone.home)
    result = through.run(cwd=tmp_path)
    assert (result.returncode, result.stdout, result.stderr) == (0, "stub click\n", "")
