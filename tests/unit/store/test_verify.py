from __future__ import annotations

import pytest

from trailhound.model.errors import WorkspaceError
from trailhound.store.verify import verify
from trailhound.store.workspace import Workspace


@pytest.fixture
def filled(root, scan):
    with Workspace.open(root, write=True) as workspace:
        scan(workspace)
    return root


def test_a_whole_workspace_passes(filled):
    assert verify(filled)["manifest"] == 1


@pytest.mark.parametrize("damage", ["remove", "cut", "case file", "newer"])
def test_what_is_missing_is_said(filled, damage):
    (event_file,) = filled.rglob("*.parquet")
    if damage == "remove":
        event_file.unlink()
    elif damage == "cut":
        event_file.write_bytes(event_file.read_bytes()[:-1])
    elif damage == "case file":
        (filled / "cases.sqlite").unlink()
    else:
        marker = (filled / "workspace.toml").read_text().replace("format = 1", "format = 99")
        (filled / "workspace.toml").write_text(marker)
    with pytest.raises(WorkspaceError):
        verify(filled)
