from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from trailhound.store import compaction
from trailhound.store.workspace import Workspace

NOON = 1_730_721_600_000_000


def users(workspace):
    with workspace.reading() as view:
        paths = view.event_paths()["authentication"]
    found = [value for path in paths for value in pq.read_table(path)["user_name"].to_pylist()]
    return len(paths), sorted(found)


@pytest.fixture
def workspace(root, scan, logins):
    with Workspace.open(root, write=True) as opened:
        for user in "abc":
            scan(opened, logins(2, user=user), digest=user)
        other = {"user_name": ["d"], "time": pa.array([NOON], pa.int64()), "is_mfa": [True]}
        scan(opened, pa.RecordBatch.from_pydict(other), digest="d")
        scan(opened, logins(1, user="e", start=NOON + 86_400_000_000), digest="e")
        yield opened


def test_small_files_of_a_day_become_one(workspace):
    assert users(workspace) == (5, ["a", "a", "b", "b", "c", "c", "d", "e"])
    assert compaction.compact(workspace) == 4
    assert users(workspace) == (2, ["a", "a", "b", "b", "c", "c", "d", "e"])
    assert len(list(workspace.root.rglob("*.parquet"))) == 2
    assert compaction.compact(workspace) == 0
    with workspace.reading() as view:
        joined = view.event_files()[0]
    assert (joined.rows, joined.first, joined.last) == (7, NOON, NOON + 60_000_000)
    assert joined.bytes == (workspace.root / joined.path).stat().st_size


def test_large_files_stay(workspace):
    assert compaction.compact(workspace, small_bytes=10) == 0


def test_a_reader_keeps_its_files(workspace):
    with Workspace.open(workspace.root) as reader:
        with reader.reading() as view:
            before = view.event_paths()["authentication"]
        compaction.compact(workspace)
        assert all(path.is_file() for path in before)
    assert workspace.sweep() == 4


def test_a_crash_before_the_exchange_changes_nothing(workspace, monkeypatch):
    def crash(*_args, **_kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(type(workspace), "transaction", crash)
    with pytest.raises(KeyboardInterrupt):
        compaction.compact(workspace)
    monkeypatch.undo()
    assert users(workspace)[0] == 5
    assert workspace.sweep() == 1
    assert users(workspace)[0] == 5
