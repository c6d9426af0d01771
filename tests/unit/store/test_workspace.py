from __future__ import annotations

import pytest

from trailhound.model.errors import WorkspaceError
from trailhound.store.workspace import Workspace

NOON = 1_730_721_600_000_000


def test_a_new_workspace_is_private_and_complete(root):
    assert root.stat().st_mode & 0o777 == 0o700
    names = {path.name for path in root.iterdir()}
    assert names >= {"workspace.toml", "org.toml", "allow.toml", "rules", "events", "cases.sqlite"}
    assert [path.name for path in root.parent.iterdir()] == ["case"]


def test_an_existing_empty_directory_may_become_one(tmp_path):
    (tmp_path / "empty").mkdir(mode=0o755)
    Workspace.init(tmp_path / "empty", "0.1.0")
    assert (tmp_path / "empty").stat().st_mode & 0o777 == 0o700


def test_nothing_is_overwritten(tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()
    with pytest.raises(WorkspaceError, match="something here"):
        Workspace.init(tmp_path / "full", "0.1.0")
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(WorkspaceError, match="something here"):
        Workspace.init(tmp_path / "link", "0.1.0")


def test_info_tells_what_is_inside(root, scan, finding):
    with Workspace.open(root, write=True) as workspace:
        run = scan(workspace)
        with workspace.transaction() as tx:
            tx.upsert_findings([finding()], run=run)
            tx.journal(1, "analyst", "opened")
    with Workspace.open(root) as workspace:
        info = workspace.info()
    assert info.rows == {"authentication": 4}
    assert info.counts["findings"] == 1
    assert info.counts["inputs"] == 1
    assert (info.files, info.unregistered, info.journal_broken_at) == (1, 0, None)
    assert info.first == NOON
    assert info.last == NOON + 3 * 60_000_000
    assert len(info.journal_head) == 64


def test_opening_for_writing_sweeps_what_a_crash_left(root, logins, scan):
    with Workspace.open(root, write=True) as workspace:
        scan(workspace)
        writer = workspace.events("crashed")
        writer.add("authentication", logins())
        writer.flush()
        (root / "events" / "authentication" / "x.parquet.partial").touch()
        assert workspace.info().unregistered == 2
    with Workspace.open(root) as workspace:
        assert workspace.info().unregistered == 2
    with Workspace.open(root, write=True) as workspace:
        assert workspace.info().unregistered == 0
        assert workspace.info().rows == {"authentication": 4}


def test_nothing_is_swept_while_somebody_reads(root, logins):
    with Workspace.open(root, write=True) as workspace:
        writer = workspace.events("crashed")
        writer.add("authentication", logins())
        writer.flush()
    with Workspace.open(root), Workspace.open(root, write=True) as workspace:
        assert workspace.info().unregistered == 1
        assert workspace.sweep() == 0
    with Workspace.open(root, write=True) as workspace:
        assert workspace.info().unregistered == 0


def test_a_reader_cannot_write(root):
    with (
        Workspace.open(root) as workspace,
        pytest.raises(WorkspaceError, match="reading only"),
        workspace.transaction(),
    ):
        pass


def test_a_missing_case_file_is_said(root):
    (root / "cases.sqlite").unlink()
    with pytest.raises(WorkspaceError, match="case file is missing"):
        Workspace.open(root)


def test_the_lock_is_free_again_when_opening_fails(root):
    (root / "cases.sqlite").write_bytes(b"rubbish" * 1000)
    for _ in range(2):
        with pytest.raises(WorkspaceError, match="backup"):
            Workspace.open(root, write=True)
