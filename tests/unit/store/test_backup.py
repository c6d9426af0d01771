from __future__ import annotations

import gzip
import io
import tarfile

import pytest

from trailhound.model.errors import UsageError, WorkspaceError
from trailhound.store.backup import backup, restore
from trailhound.store.workspace import Workspace


@pytest.fixture
def filled(root, scan, finding):
    with Workspace.open(root, write=True) as workspace:
        scan(workspace)
        with workspace.transaction() as tx:
            tx.upsert_findings([finding()], run=1)
    (root / "rules" / "own").mkdir()
    (root / "rules" / "own" / "a.yml").write_text("title: a")
    (root / "rules" / "link.yml").symlink_to("/etc/passwd")
    return root


@pytest.mark.parametrize("ending", ["tar.zst", "tar.gz"])
def test_what_is_restored_equals_what_was_saved(filled, tmp_path, ending):
    archive = tmp_path / f"b.{ending}"
    with Workspace.open(filled) as workspace:
        backup(workspace, archive)
        before = workspace.info()
    restore(archive, tmp_path / "back")
    with Workspace.open(tmp_path / "back", write=True) as workspace:
        after = workspace.info()
        with workspace.reading() as view:
            assert view.findings()[0].id == "f1"
    assert (after.rows, after.counts, after.id) == (before.rows, before.counts, before.id)
    assert (tmp_path / "back" / "rules" / "own" / "a.yml").read_text() == "title: a"
    assert not (tmp_path / "back" / "rules" / "link.yml").exists()
    assert (tmp_path / "back").stat().st_mode & 0o777 == 0o700
    assert {path.name for path in tmp_path.iterdir()} == {"case", "back", archive.name}


def test_a_backup_is_one_moment_while_another_writes(filled, tmp_path, finding, logins):
    with Workspace.open(filled, write=True) as writer, writer.transaction() as tx:
        tx.upsert_findings([finding("f2")], run=2)
        unregistered = writer.events("later")
        unregistered.add("authentication", logins())
        unregistered.flush()
        with Workspace.open(filled) as reader:
            backup(reader, tmp_path / "b.tar.gz")
    restore(tmp_path / "b.tar.gz", tmp_path / "back")
    with Workspace.open(tmp_path / "back") as workspace:
        assert workspace.info().counts["findings"] == 1
        assert workspace.info().unregistered == 0


@pytest.mark.parametrize("ending", ["tar.zst", "tar.gz"])
def test_equal_state_gives_equal_bytes(filled, tmp_path, ending):
    with Workspace.open(filled) as workspace:
        for name in "ab":
            backup(workspace, tmp_path / f"{name}.{ending}")
    assert (tmp_path / f"a.{ending}").read_bytes() == (tmp_path / f"b.{ending}").read_bytes()


def archive_with(path, name, *, kind=tarfile.REGTYPE, link=""):
    with gzip.open(path, "wb") as packed, tarfile.open(mode="w|", fileobj=packed) as tar:
        info = tarfile.TarInfo(name)
        info.type, info.linkname = kind, link
        info.size = 1 if kind == tarfile.REGTYPE else 0
        tar.addfile(info, io.BytesIO(b"x"))


@pytest.mark.parametrize(
    "name",
    [
        "../evil",
        "/etc/evil",
        "rules/../../evil",
        "rules/./a",
        "rules//a",
        "C:\\evil",
        "rules\\..\\evil",
        "other.txt",
        "rules",
        "events/a\nb",
        "rules/c:evil",
        "",
    ],
)
def test_names_that_no_backup_has_are_refused(tmp_path, name):
    archive_with(tmp_path / "b.tar.gz", name)
    with pytest.raises(WorkspaceError, match="not a backup"):
        restore(tmp_path / "b.tar.gz", tmp_path / "back")
    assert [path.name for path in tmp_path.iterdir()] == ["b.tar.gz"]


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.DIRTYPE]
)
def test_only_regular_files_are_taken(tmp_path, kind):
    archive_with(tmp_path / "b.tar.gz", "rules/a", kind=kind, link="/etc/passwd")
    with pytest.raises(WorkspaceError, match="not a backup"):
        restore(tmp_path / "b.tar.gz", tmp_path / "back")
    assert not (tmp_path / "back").exists()


@pytest.mark.parametrize("ending", ["tar.zst", "tar.gz"])
@pytest.mark.parametrize("damage", ["cut", "rubbish", "flip"])
def test_a_damaged_archive_leaves_nothing(filled, tmp_path, ending, damage):
    archive = tmp_path / f"b.{ending}"
    with Workspace.open(filled) as workspace:
        backup(workspace, archive)
    content = bytearray(archive.read_bytes())
    middle = len(content) // 2
    damaged = {
        "cut": content[:middle],
        "rubbish": bytearray(b"rubbish" * 100),
        "flip": content[:middle] + b"\xff" * 64 + content[middle + 64 :],
    }[damage]
    archive.write_bytes(damaged)
    with pytest.raises(WorkspaceError):
        restore(archive, tmp_path / "back")
    assert {path.name for path in tmp_path.iterdir()} == {"case", archive.name}


def test_nothing_is_overwritten(filled, tmp_path):
    with Workspace.open(filled) as workspace:
        backup(workspace, tmp_path / "b.tar.gz")
    with pytest.raises(WorkspaceError, match="something here"):
        restore(tmp_path / "b.tar.gz", filled)


def test_another_ending_is_refused(filled, tmp_path):
    with Workspace.open(filled) as workspace, pytest.raises(UsageError, match=r"tar\.zst"):
        backup(workspace, tmp_path / "b.zip")
