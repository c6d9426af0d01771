"""A workspace under attack: killed writers, full disks, read-only media, two writers, damage."""

from __future__ import annotations

import errno
import os
import random
import resource
import shutil
import subprocess
import sys
import time

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from trailhound.model.errors import WorkspaceError
from trailhound.model.result import InputReport
from trailhound.store import cases, durable
from trailhound.store.verify import verify
from trailhound.store.workspace import Workspace

BATCH_ROWS = 50
KILLS = 8

SCANNER = """
import sys
from pathlib import Path
import pyarrow as pa
from trailhound.model.result import InputReport
from trailhound.store.compaction import compact
from trailhound.store.workspace import Workspace

with Workspace.open(Path(sys.argv[1]), write=True) as workspace:
    with workspace.transaction() as tx:
        run = tx.begin_run("scan", "0.1.0", 0)
    number = 0
    while True:
        digest = f"{run}-{number}"
        writer = workspace.events(f"r{run}-{number}")
        for day in range(3):
            times = pa.array([day * 86_400_000_000 + n for n in range(ROWS)], pa.int64())
            rows = {"time": times, "metadata_source": [digest] * ROWS}
            writer.add("authentication", pa.RecordBatch.from_pydict(rows))
        files = writer.flush()
        with workspace.transaction() as tx:
            tx.register_parquet(files, run=run, input_digest=digest)
            tx.register_input(InputReport(digest, "r", 3 * ROWS, digest=digest), run=run)
            tx.journal(number, "scan", "batch", digest=digest)
        print(digest, flush=True)
        number += 1
        if number % 10 == 0:
            compact(workspace, run)
""".replace("ROWS", str(BATCH_ROWS))


@pytest.fixture
def root(tmp_path):
    Workspace.init(tmp_path / "case", "0.1.0")
    return tmp_path / "case"


def scanner(root, code=SCANNER):
    """Start a program of its own on a workspace."""
    command = [sys.executable, "-c", code, str(root)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def batch(source="s", rows=BATCH_ROWS):
    return pa.RecordBatch.from_pydict(
        {"time": pa.array(range(rows), pa.int64()), "metadata_source": [source] * rows}
    )


def work(workspace, digest, rows=BATCH_ROWS):
    writer = workspace.events(digest)
    writer.add("authentication", batch(digest, rows))
    with workspace.transaction() as tx:
        tx.register_parquet(writer.flush(), run=1)
        tx.register_input(InputReport(digest, "r", rows, digest=digest), run=1)


def work_on(workspace, batches, *, rows):
    for number in range(batches):
        work(workspace, f"n{number}", rows)


def events_by_source(root):
    """Count registered events by source: by what the files hold, not by what the manifest says."""
    counts: dict[str, int] = {}
    with Workspace.open(root) as workspace, workspace.reading() as view:
        for paths in view.event_paths().values():
            for path in paths:
                for source in pq.read_table(path)["metadata_source"].to_pylist():
                    counts[source] = counts.get(source, 0) + 1
        inputs = {row.digest for row in view.inputs()}
        assert view.broken_journal_entry() is None
    return counts, inputs


def test_kill_9_anywhere_loses_nothing_and_doubles_nothing(root):
    """Killed at random moments, before, inside and after transactions and compactions."""
    chance = random.Random(7)
    told = set()
    for _ in range(KILLS):
        with scanner(root) as child:
            told.add(child.stdout.readline().strip())
            time.sleep(chance.uniform(0.0, 0.35))
            child.kill()
            told |= set(child.stdout.read().split("\n")[:-1])
        verify(root)
    counts, inputs = events_by_source(root)
    assert told - {""} <= inputs, "what was said to be registered is registered"
    assert counts == dict.fromkeys(inputs, 3 * BATCH_ROWS), "no event lost, none counted twice"
    with Workspace.open(root, write=True) as workspace:
        assert workspace.info().unregistered == 0, "rubbish is swept"
    assert events_by_source(root) == (counts, inputs)


def fails_at(monkeypatch, number):
    """Let the n-th write of an event file run into a full disk."""
    calls = {"n": 0}
    real = durable.write

    def write(path, fill):
        calls["n"] += 1
        if calls["n"] == number:
            raise durable.failure(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), path)
        return real(path, fill)

    monkeypatch.setattr(durable, "write", write)


@pytest.mark.parametrize("number", [1, 2])
def test_a_full_disk_is_said_and_nothing_is_lost(root, monkeypatch, number):
    with Workspace.open(root, write=True) as workspace:
        work(workspace, "before")
        fails_at(monkeypatch, number)
        with pytest.raises(WorkspaceError, match="free some space"):
            work_on(workspace, 2, rows=BATCH_ROWS)
        monkeypatch.undo()
        work(workspace, "after")
    _, inputs = events_by_source(root)
    assert {"before", "after"} <= inputs
    verify(root)


@pytest.fixture
def file_size_limit():
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield lambda size: resource.setrlimit(resource.RLIMIT_FSIZE, (size, old[1]))
    resource.setrlimit(resource.RLIMIT_FSIZE, old)


@pytest.mark.parametrize("size", [0, 1_000, 60_000])
def test_a_file_size_limit_in_the_middle_of_a_write(root, file_size_limit, size):
    with Workspace.open(root, write=True) as workspace:
        work(workspace, "before")
        workspace_before = events_by_source(root)
        file_size_limit(size)
        with pytest.raises(WorkspaceError) as caught:
            work_on(workspace, 200, rows=4_000)
        file_size_limit(resource.RLIM_INFINITY)
        assert str(root) in str(caught.value)
        assert caught.value.todo
    counts, inputs = events_by_source(root)
    assert set(counts) == inputs
    assert workspace_before[1] <= inputs
    verify(root)


@pytest.fixture
def small_disk(tmp_path):
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1500k", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("mounting a small disk needs root and the right to mount")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_really_full_disk(small_disk):
    root = small_disk / "case"
    Workspace.init(root, "0.1.0")
    with Workspace.open(root, write=True) as workspace:
        work(workspace, "before")
        with pytest.raises(WorkspaceError, match="free some space"):
            work_on(workspace, 2_000, rows=BATCH_ROWS)
    counts, inputs = events_by_source(root)
    assert set(counts) == inputs
    assert "before" in inputs
    assert set(counts.values()) == {BATCH_ROWS}


def test_a_read_only_disk_can_be_read_and_says_so_when_written(small_disk):
    root = small_disk / "case"
    Workspace.init(root, "0.1.0")
    with Workspace.open(root, write=True) as workspace:
        work(workspace, "before")
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    assert events_by_source(root) == ({"before": BATCH_ROWS}, {"before"})
    with pytest.raises(WorkspaceError, match="read-only"):
        Workspace.open(root, write=True)


def test_a_read_only_case_file_is_said(root, monkeypatch):
    real = cases.connect
    monkeypatch.setattr(cases, "connect", lambda path, *, write: real(path, write=False))
    with (
        Workspace.open(root, write=True) as workspace,
        pytest.raises(WorkspaceError, match="read-only"),
    ):
        work(workspace, "x")


def test_a_second_scan_is_told_and_the_first_goes_on(root):
    with scanner(root) as child:
        assert child.stdout.readline()
        with pytest.raises(WorkspaceError, match=f"process {child.pid}"):
            Workspace.open(root, write=True)
        with Workspace.open(root) as reader, reader.reading() as view:
            assert view.inputs()
        assert child.stdout.readline()
        child.kill()
    Workspace.open(root, write=True).close()


def test_a_second_scan_may_wait(root):
    code = "import sys, time; from pathlib import Path; "
    code += "from trailhound.store.workspace import Workspace; "
    code += "held = Workspace.open(Path(sys.argv[1]), write=True); print(1, flush=True); "
    code += "time.sleep(0.5)"
    with scanner(root, code) as child:
        assert child.stdout.readline()
        Workspace.open(root, write=True, wait_seconds=20).close()


@pytest.mark.parametrize("name", ["cases.sqlite", "workspace.toml"])
@pytest.mark.parametrize("damage", ["empty", "rubbish", "cut", "directory", "missing"])
def test_damage_is_a_located_error(root, name, damage):
    path = root / name
    content = path.read_bytes()
    path.unlink()
    if damage == "directory":
        path.mkdir()
    elif damage != "missing":
        path.write_bytes(
            {"empty": b"", "rubbish": b"\xff\x00" * 900, "cut": content[: len(content) // 3]}[
                damage
            ]
        )
    with pytest.raises(WorkspaceError) as caught:
        Workspace.open(root).info()
    assert caught.value.where is not None
    assert str(root) in str(caught.value)


def test_a_workspace_of_a_newer_release_is_refused_and_untouched(root):
    marker = (root / "workspace.toml").read_text().replace("format = 1", "format = 2")
    (root / "workspace.toml").write_text(marker)
    before = {path: path.stat().st_mtime_ns for path in root.rglob("*")}
    for write in (False, True):
        with pytest.raises(WorkspaceError, match="newer release"):
            Workspace.open(root, write=write)
    assert {path: path.stat().st_mtime_ns for path in root.rglob("*")} == before


def test_a_copied_workspace_is_whole(root, tmp_path):
    with Workspace.open(root, write=True) as workspace:
        work(workspace, "before")
    shutil.copytree(root, tmp_path / "copy")
    assert events_by_source(tmp_path / "copy") == events_by_source(root)
