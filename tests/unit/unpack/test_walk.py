from __future__ import annotations

import io
import os
import socket
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from trailhound.model.errors import UsageError
from trailhound.model.limits import Limits
from trailhound.unpack.walk import discover, expand, files

posix = pytest.mark.skipif(os.name != "posix", reason="links, pipes and modes of POSIX")


@pytest.fixture
def evidence(tmp_path):
    root = tmp_path / "evidence"
    (root / "dc1").mkdir(parents=True)
    (root / "dc1" / "Security.evtx").write_bytes(b"elf")
    (root / "auth.log").write_bytes(b"line\n")
    (root / "Zeta").write_bytes(b"z")
    return root


def test_names_begin_with_the_root_and_are_in_order(evidence, unpack):
    assert list(unpack(evidence).content) == [
        "evidence/Zeta",
        "evidence/auth.log",
        "evidence/dc1/Security.evtx",
    ]


def test_a_file_gives_its_name(evidence, unpack):
    assert list(unpack(evidence / "dc1" / "Security.evtx").content) == ["Security.evtx"]


def test_dot_gives_the_folders_name(evidence, unpack, monkeypatch):
    monkeypatch.chdir(evidence / "dc1")
    assert list(unpack(Path()).content) == ["dc1/Security.evtx"]
    assert next(iter(unpack(Path("..")).content)) == "evidence/Zeta"


def test_two_roots_of_one_name_stay_apart(evidence, tmp_path, unpack):
    other = tmp_path / "other" / "evidence"
    other.mkdir(parents=True)
    (other / "auth.log").write_bytes(b"b")
    names = list(unpack(evidence, other).content)
    assert names[-1] == "evidence~2/auth.log"


def test_plain_files_have_path_size_and_seek(evidence):
    source = next(discover([evidence / "auth.log"], Limits(), lambda *_: None))
    assert (source.path, source.size, source.head) == (evidence / "auth.log", 5, b"line\n")
    stream = source.open()
    stream.seek(2)
    assert stream.read() == b"ne\n"


def test_missing_path_is_the_operators_mistake(tmp_path):
    with pytest.raises(UsageError, match="no such file"):
        list(files([tmp_path / "nope"], lambda *_: None))


@posix
def test_links_below_the_root_are_not_followed(evidence, tmp_path, unpack):
    (tmp_path / "secret").write_bytes(b"secret")
    (evidence / "link").symlink_to(tmp_path / "secret")
    (evidence / "loop").symlink_to(evidence)
    (evidence / "dead").symlink_to(tmp_path / "nowhere")
    found = unpack(evidence)
    assert len(found.content) == 3
    for name in ("link", "loop", "dead"):
        assert found.kinds(f"evidence/{name}") == {"file.link"}
    assert found.lost == set()


@posix
def test_the_argument_itself_may_be_a_link(evidence, tmp_path, unpack):
    (tmp_path / "case").symlink_to(evidence)
    (tmp_path / "log").symlink_to(evidence / "auth.log")
    found = unpack(tmp_path / "case", tmp_path / "log")
    assert next(iter(found.content)) == "case/Zeta"
    assert found.content["log"] == b"line\n"


@posix
def test_pipes_sockets_and_devices_are_refused(evidence, unpack):
    os.mkfifo(evidence / "pipe")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(evidence / "sock"))
        found = unpack(evidence, Path("/dev/zero"))
    assert found.kinds("evidence/pipe") == {"file.special"}
    assert found.kinds("evidence/sock") == {"file.special"}
    assert found.kinds("zero") == {"file.special"}
    assert found.lost == set()


@posix
@pytest.mark.skipif(os.name == "posix" and os.geteuid() == 0, reason="root may read everything")
def test_unreadable_file_and_folder_are_lost(evidence, unpack):
    (evidence / "auth.log").chmod(0)
    (evidence / "dc1").chmod(0)
    found = unpack(evidence)
    (evidence / "dc1").chmod(0o700)
    assert found.kinds("evidence/auth.log") == {"file.unreadable"}
    assert found.kinds("evidence/dc1") == {"file.unreadable"}
    assert found.lost == {"file.unreadable"}


def test_failing_open_is_lost(evidence, unpack, monkeypatch):
    real = os.open

    def refuse(path, *args, **kwargs):
        if str(path).endswith("auth.log"):
            raise PermissionError(13, "Permission denied")
        return real(path, *args, **kwargs)

    monkeypatch.setattr(os, "open", refuse)
    found = unpack(evidence)
    assert found.kinds("evidence/auth.log") == {"file.unreadable"}
    assert len(found.content) == 2


def test_empty_file_is_said_and_no_source(evidence, unpack):
    (evidence / "none.log").touch()
    found = unpack(evidence)
    assert found.kinds("evidence/none.log") == {"file.empty"}
    assert found.lost == set()


@posix
def test_hostile_names_survive(evidence, unpack):
    raw = [b"a\nb", b"c\x1b[31m", b"d\xff\xfe", b"e\xe2\x80\xae"]
    for name in raw:
        (evidence / os.fsdecode(name)).write_bytes(b"x")
    names = unpack(evidence).content
    shown = ["a\nb", "c\x1b[31m", r"d\xff\xfe", "e\u202e"]
    assert {f"evidence/{name}" for name in shown} <= set(names)


def test_growing_file_is_read_to_the_size_it_had(evidence):
    said: list = []
    (source,) = discover([evidence / "auth.log"], Limits(), lambda *a: said.append(a))
    with (evidence / "auth.log").open("ab") as log:
        log.write(b"more\n")
    assert source.open().read() == b"line\n"
    assert [(n, o.kind, o.lost) for n, o in said] == [("auth.log", "file.growing", False)]


def test_shrunken_file_is_lost(evidence):
    said: list = []
    (source,) = discover([evidence / "auth.log"], Limits(), lambda *a: said.append(a))
    (evidence / "auth.log").write_bytes(b"l")
    assert source.open().read() == b"l"
    assert [(o.kind, o.lost) for _, o in said] == [("file.shrank", True)]


@posix
def test_swapped_file_is_refused(evidence, tmp_path):
    said: list = []
    sources = list(discover([evidence], Limits(), lambda *a: said.append(a)))
    (evidence / "auth.log").rename(tmp_path / "kept")
    (evidence / "auth.log").write_bytes(b"other\n")
    (evidence / "Zeta").rename(tmp_path / "kept2")
    (evidence / "Zeta").symlink_to(tmp_path / "kept")
    assert [s.open().read() for s in sources[:2]] == [b"", b""]
    assert [(o.kind, o.lost) for _, o in said] == [
        ("file.unreadable", True),
        ("file.changed", True),
    ]


@pytest.mark.skipif(not hasattr(os, "SEEK_DATA"), reason="this system cannot say where holes are")
def test_sparse_giant_is_cut(tmp_path, unpack):
    path = tmp_path / "giant"
    with path.open("wb") as giant:
        giant.write(b"head")
        giant.truncate(10**13)
    limits = Limits(expansion_floor_bytes=1000, expansion_ratio=2)
    found = unpack(path, limits=limits)
    assert 1000 < len(found.content["giant"]) < 100_000
    assert found.lost == {"file.sparse"}


@posix
def test_small_holes_are_no_matter(tmp_path, unpack):
    path = tmp_path / "log"
    with path.open("wb") as log:
        log.truncate(100_000)
        log.seek(200_000)
        log.write(b"x")
    found = unpack(path)
    assert (len(found.content["log"]), found.said) == (200_001, [])


def test_standard_input_is_a_source_that_can_be_read_twice(monkeypatch):
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"line\n" * 3)))
    (source,) = discover([Path("-")], Limits(), lambda *_: None)
    assert (source.name, source.head) == ("stdin", b"line\n" * 3)
    assert source.open().read() == source.open().read() == b"line\n" * 3


def test_files_and_expand_are_the_halves_of_discover(evidence):
    limits = Limits()
    names = [
        source.name
        for file in files([evidence], lambda *_: None)
        for source in expand(file, limits, lambda *_: None)
    ]
    assert names == [s.name for s in discover([evidence], limits, lambda *_: None)]


def test_deep_folders(tmp_path, unpack):
    folder = tmp_path / "deep"
    path = folder
    for _ in range(200):
        path = path / "d"
    path.mkdir(parents=True)
    (path / "log").write_bytes(b"x")
    assert list(unpack(folder).content.values()) == [b"x"]


def test_folder_that_cannot_be_listed_is_lost(evidence, unpack, monkeypatch):
    real = os.scandir

    def refuse(path):
        if str(path).endswith("dc1"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", refuse)
    found = unpack(evidence)
    assert found.kinds("evidence/dc1") == {"file.unreadable"}
    assert found.lost == {"file.unreadable"}
    assert len(found.content) == 2


def test_bookkeeping_of_macos_is_no_evidence(evidence, unpack):
    (evidence / ".DS_Store").write_bytes(b"x")
    found = unpack(evidence)
    assert found.kinds("evidence/.DS_Store") == {"file.noise"}
    assert len(found.content) == 3


def test_empty_standard_input(monkeypatch, unpack):
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO()))
    found = unpack(Path("-"))
    assert (found.content, found.kinds("stdin")) == ({}, {"file.empty"})


@posix
def test_a_name_that_is_no_text_is_written_as_text_and_the_file_is_read(tmp_path, unpack):
    root = tmp_path / os.fsdecode(b"ro\xe9t")
    root.mkdir()
    (root / os.fsdecode(b"na\xffme")).write_bytes(b"byte")
    (root / r"na\xffme").write_bytes(b"text")
    found = unpack(root)
    assert found.content == {r"ro\xe9t/na\x5cxffme": b"text", r"ro\xe9t/na\xffme": b"byte"}
