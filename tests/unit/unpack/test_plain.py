from __future__ import annotations

import errno
import os
import stat
from types import SimpleNamespace

import pytest

from trailhound.model.limits import Limits
from trailhound.unpack import plain
from trailhound.unpack.plain import is_link, look, special_name, stored_bytes, unreadable


@pytest.fixture
def said():
    return []


def test_a_plain_file_is_described_and_opened(tmp_path, said):
    path = tmp_path / "x"
    path.write_bytes(b"hello")
    found = look(path, Limits(), said.append)
    assert found is not None
    assert (found.size, found.whole, found.stored, said) == (5, True, 5, [])
    with found.open(said.append) as stream:
        assert stream.read() == b"hello"


def test_descriptors_are_given_back(tmp_path, said):
    if not os.path.isdir("/proc/self/fd"):  # noqa: PTH112
        pytest.skip("needs /proc to count open files")
    path = tmp_path / "x"
    path.write_bytes(b"hello")
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208
    for _ in range(20):
        found = look(path, Limits(), said.append)
        assert found is not None
        found.open(said.append).read(1)
        found.store(said.append).read_at(0, 2)
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208


def test_a_file_that_is_gone_is_lost(tmp_path, said):
    path = tmp_path / "x"
    path.write_bytes(b"hello")
    found = look(path, Limits(), said.append)
    path.unlink()
    assert found is not None
    assert found.open(said.append).read() == b""
    assert [(o.kind, o.lost) for o in said] == [("file.unreadable", True)]


def test_a_read_that_fails_is_lost_from_there(tmp_path, said, monkeypatch):
    path = tmp_path / "x"
    path.write_bytes(b"hello")
    found = look(path, Limits(), said.append)
    assert found is not None
    store = found.store(said.append)

    def fail(*_: object) -> bytes:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(plain, "read_at", fail)
    assert store.read_at(2, 3) == b""
    assert [(o.kind, o.offset, o.lost) for o in said] == [("file.unreadable", 2, True)]


@pytest.mark.skipif(not hasattr(os, "O_NOFOLLOW"), reason="this system opens links")
def test_a_link_that_was_swapped_in_is_not_opened(tmp_path, said):
    (tmp_path / "target").write_bytes(b"secret")
    (tmp_path / "link").symlink_to("target")
    assert look(tmp_path / "link", Limits(), said.append) is None
    assert [o.kind for o in said] == ["file.link"]


def test_reasons_name_the_error():
    assert "EACCES" in unreadable(PermissionError(errno.EACCES, "x")).detail
    assert "EIO" in unreadable(OSError()).detail


def test_junctions_are_links_and_other_reparse_points_are_not():
    def status(tag: int) -> SimpleNamespace:
        return SimpleNamespace(st_mode=stat.S_IFREG, st_reparse_tag=tag)

    assert is_link(status(0xA0000003))  # type: ignore[arg-type]
    assert not is_link(status(0x80000013))  # type: ignore[arg-type]


def test_special_files_have_names():
    assert special_name(stat.S_IFIFO) == "a named pipe"
    assert special_name(0) == "a special file"


@pytest.mark.skipif(not hasattr(os, "SEEK_DATA"), reason="this system cannot say where holes are")
def test_no_blocks_are_not_believed_when_there_is_data(tmp_path):
    """Some network file systems report no blocks."""
    path = tmp_path / "x"
    path.write_bytes(b"x" * 100_000)
    descriptor = os.open(path, os.O_RDONLY)
    status = SimpleNamespace(st_size=100_000, st_blocks=0)
    assert stored_bytes(descriptor, status) == 100_000  # type: ignore[arg-type]
    os.close(descriptor)
