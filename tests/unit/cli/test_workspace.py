from __future__ import annotations

import json

import pytest

from trailhound.model.errors import UsageError, WorkspaceError
from trailhound.store.workspace import Workspace


def test_a_workspace_from_init_to_restore(run, tmp_path, filled):
    assert run("workspace", "init", "new").exit_code == 0
    assert "0 in 0 files" in run("workspace", "info", "new").stdout
    shown = run("workspace", "info", filled).stdout
    assert "events     3 in 2 files" in shown
    assert "2024-11-04 12:00:00 to 2024-11-04 12:01:00 UTC" in shown
    assert "3 authentication" in shown
    saved = run("workspace", "backup", filled, "b.tar.zst")
    assert (saved.exit_code, "b.tar.zst" in saved.stdout) == (0, True)
    assert run("workspace", "restore", "b.tar.zst", "back").exit_code == 0
    found = json.loads(run("workspace", "info", "back", "--format", "json").stdout)
    assert found["rows"] == {"authentication": 3}
    assert found["counts"]["journal"] == 1
    with Workspace.open(tmp_path / "back") as workspace, workspace.reading() as view:
        assert view.journal()[0].action == "workspace.restore"


def test_tidying(run, filled):
    (filled / "events" / "authentication" / "junk").mkdir()
    (filled / "events" / "authentication" / "junk" / "x.parquet").touch()
    assert "unregistered files: 1" in run("workspace", "info", filled).stdout
    assert "deleted 1 files" in run("workspace", "sweep", filled).stdout
    assert "joined 0 files" in run("workspace", "compact", filled).stdout
    assert "nothing to do" in run("workspace", "upgrade", filled).stdout


def test_a_sweep_leaves_what_is_read(run, filled):
    (filled / "events" / "x.parquet").touch()
    with Workspace.open(filled):
        assert "deleted 0 files, 1 are being read" in run("workspace", "sweep", filled).stdout


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        (["info", "nowhere"], WorkspaceError),
        (["init", "case"], WorkspaceError),
        (["backup", "case", "b.zip"], UsageError),
        (["compact", "nowhere"], WorkspaceError),
    ],
)
def test_what_cannot_be_done_is_said(run, filled, arguments, kind):
    assert isinstance(run("workspace", *arguments).exception, kind)


def test_a_workspace_in_use_is_not_compacted(run, filled):
    with Workspace.open(filled, write=True):
        failed = run("workspace", "compact", filled).exception
    assert "another process" in str(failed)
