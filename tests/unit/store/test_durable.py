from __future__ import annotations

import errno

import pytest

from trailhound.model.errors import WorkspaceError
from trailhound.store import durable


def full(_file):
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_file_is_whole(tmp_path):
    assert durable.write(tmp_path / "a", lambda file: file.write(b"abc")) == 3
    assert (tmp_path / "a").read_bytes() == b"abc"


@pytest.mark.parametrize("error", [full, lambda _: 1 / 0])
def test_what_fails_leaves_the_old_file_and_no_rubbish(tmp_path, error):
    (tmp_path / "a").write_bytes(b"old")
    with pytest.raises((WorkspaceError, ZeroDivisionError)):
        durable.write(tmp_path / "a", error)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a", b"old")]


def test_the_error_says_where_and_what_to_do(tmp_path):
    with pytest.raises(WorkspaceError, match="no space left") as caught:
        durable.write(tmp_path / "a", full)
    assert str(tmp_path / "a") in str(caught.value)
    assert "free some space" in str(caught.value)


def test_directories_are_made_with_their_parents(tmp_path):
    durable.make_directory(tmp_path / "a" / "b")
    durable.make_directory(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()
    (tmp_path / "file").touch()
    with pytest.raises(WorkspaceError):
        durable.make_directory(tmp_path / "file" / "b")
