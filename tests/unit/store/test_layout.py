from __future__ import annotations

import pytest

from trailhound.model.errors import WorkspaceError
from trailhound.store import layout


@pytest.fixture
def root(tmp_path):
    layout.make_tree(tmp_path, "0.1.0")
    return tmp_path


def test_the_marker_reads_back(root):
    marker = layout.read_marker(root)
    assert (marker.format, marker.created_by) == (layout.FORMAT, "0.1.0")
    assert len(marker.id) == 16
    layout.check_format(root, marker)


@pytest.mark.parametrize(("step", "words"), [(1, "newer release"), (-1, "workspace upgrade")])
def test_another_format_is_refused_with_a_way_out(root, step, words):
    marker = layout.Marker(layout.FORMAT + step, "x", "9.9")
    with pytest.raises(WorkspaceError, match=words) as caught:
        layout.check_format(root, marker)
    assert "workspace.toml" in str(caught.value)


@pytest.mark.parametrize(
    "text", ["", "[workspace]\nformat = 'x'\nid = ''\ncreated_by = ''\n", "[workspace\n", "\x00"]
)
def test_a_damaged_marker_is_said(root, text):
    (root / layout.MARKER).write_text(text)
    with pytest.raises(WorkspaceError, match="restore it from a backup"):
        layout.read_marker(root)


def test_a_place_without_workspace_says_how_to_make_one(tmp_path):
    with pytest.raises(WorkspaceError, match="workspace init"):
        layout.read_marker(tmp_path)


def test_two_workspaces_have_two_names(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        layout.make_tree(tmp_path / name, "0.1.0")
    assert layout.read_marker(tmp_path / "a").id != layout.read_marker(tmp_path / "b").id
