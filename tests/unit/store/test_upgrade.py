from __future__ import annotations

import sqlite3

import pytest

from trailhound.model.errors import WorkspaceError
from trailhound.store import cases, layout
from trailhound.store.upgrade import upgrade
from trailhound.store.workspace import Workspace

STEP = """
from alembic import op
import sqlalchemy as sa
revision, down_revision = "0002", "0001"
def upgrade():
    op.add_column("runs", sa.Column("operator", sa.String, server_default="unknown"))
"""


@pytest.fixture
def next_release(root, tmp_path, scan, monkeypatch):
    """A workspace of this release, seen by one with a format and a migration more."""
    with Workspace.open(root, write=True) as workspace:
        scan(workspace)
    (tmp_path / "steps").mkdir()
    (tmp_path / "steps" / "m0002.py").write_text(STEP)
    migrate = cases.migrate
    monkeypatch.setattr(cases, "migrate", lambda path: migrate(path, (tmp_path / "steps",)))
    monkeypatch.setattr(layout, "FORMAT", layout.FORMAT + 1)
    return root


def operators(root):
    with sqlite3.connect(root / "cases.sqlite") as link:
        return link.execute("SELECT operator FROM runs").fetchall()


def test_an_old_workspace_is_refused_then_upgraded_and_kept(next_release):
    with pytest.raises(WorkspaceError, match="workspace upgrade"):
        Workspace.open(next_release)
    kept = upgrade(next_release)
    assert kept is not None
    assert kept.name == "case.format-1"
    assert operators(next_release) == [("unknown",)]
    with Workspace.open(next_release, write=True) as workspace:
        assert workspace.info().rows == {"authentication": 4}
    with pytest.raises(sqlite3.OperationalError):
        operators(kept)
    assert upgrade(next_release) is None


def test_a_failing_step_leaves_the_old_workspace(next_release, tmp_path):
    (tmp_path / "steps" / "m0002.py").write_text(STEP.replace("runs", "nothing"))
    with pytest.raises(WorkspaceError):
        upgrade(next_release)
    assert not layout.upgrading(next_release).exists()
    assert layout.read_marker(next_release).format == layout.FORMAT - 1


def test_a_crash_between_the_renames_is_finished(next_release):
    upgrade(next_release)
    next_release.replace(layout.upgrading(next_release))
    with pytest.raises(WorkspaceError, match="interrupted"):
        Workspace.open(next_release)
    upgrade(next_release)
    with Workspace.open(next_release) as workspace:
        assert workspace.info().rows == {"authentication": 4}


def test_this_release_needs_nothing_and_a_newer_one_is_refused(root, monkeypatch):
    assert upgrade(root) is None
    monkeypatch.setattr(layout, "FORMAT", layout.FORMAT - 1)
    with pytest.raises(WorkspaceError, match="newer release"):
        upgrade(root)


def test_a_workspace_in_use_is_not_upgraded(next_release, monkeypatch):
    monkeypatch.setattr(layout, "FORMAT", 1)
    with Workspace.open(next_release, write=True):
        monkeypatch.setattr(layout, "FORMAT", 2)
        with pytest.raises(WorkspaceError, match="another process"):
            upgrade(next_release)
