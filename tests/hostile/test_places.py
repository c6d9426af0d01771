"""Paths that are not files, files that change, names that are weapons."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(os.name != "posix", reason="links, pipes and names of POSIX")

LINE = b'{"EventID":4625,"Channel":"Security","Computer":"pc1"}\n'


@pytest.fixture
def evidence(tmp_path):
    folder = tmp_path / "evidence"
    folder.mkdir()
    (folder / "auth.log").write_bytes(LINE * 20)
    return folder


@pytest.fixture
def traps(evidence, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.log").write_bytes(LINE)
    (evidence / "loop").symlink_to(".")
    (evidence / "up").symlink_to("..")
    (evidence / "secret").symlink_to(outside / "secret.log")
    (evidence / "a").symlink_to("b")
    (evidence / "b").symlink_to("a")
    (evidence / "zero").symlink_to("/dev/zero")
    os.mkfifo(evidence / "pipe")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(evidence / "socket"))
        yield evidence


def test_links_pipes_and_devices_do_not_hang_or_leak(traps, unpacked):
    outcome = unpacked(traps, Path("/dev/zero"), Path("/dev/tty"))
    assert outcome.read == {"evidence/auth.log": len(LINE) * 20}
    for name in ("loop", "up", "secret", "a", "b", "zero"):
        assert "file.link" in outcome.said[f"evidence/{name}"]
    for name in ("evidence/pipe", "evidence/socket", "zero", "tty"):
        assert outcome.said[name] == {"file.special": False}


def test_scan_lists_them(traps, scanned):
    result = scanned(traps)
    assert sum(item["events"] for item in result["inputs"]) == 20
    kinds = {kind for item in result["inputs"] for kind in item["kinds"]}
    assert {"file.link", "file.special"} <= kinds
    assert not any(item["incomplete"] for item in result["inputs"])


def test_a_link_to_itself_as_argument(tmp_path, unpacked):
    (tmp_path / "self").symlink_to("self")
    outcome = unpacked(tmp_path / "self")
    assert outcome.read == {}
    assert outcome.kinds <= {"file.link", "file.unreadable"}
    assert outcome.kinds


def test_a_file_that_never_stops_growing(evidence, looked):
    stop = threading.Event()

    def grow() -> None:
        with (evidence / "auth.log").open("ab") as log:
            while not stop.is_set():
                log.write(LINE * 100)
                log.flush()
                time.sleep(0.001)

    writer = threading.Thread(target=grow)
    writer.start()
    try:
        content, said = looked(evidence)
    finally:
        stop.set()
        writer.join()
    assert content["evidence/auth.log"].startswith(LINE * 20)
    assert {o.kind for _, o in said} <= {"file.growing"}


def test_folders_deeper_than_a_path_may_be_long(tmp_path, unpacked):
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(60):
        os.mkdir("d" * 100, dir_fd=here)
        inner = os.open("d" * 100, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)
    outcome = unpacked(tmp_path)
    assert outcome.lost == {"file.unreadable"}
    subprocess.run(["rm", "-rf", str(tmp_path / ("d" * 100))], check=True)


NAMES = [
    b"new\nline",
    b"carriage\rreturn",
    b"\x1b[2J\x1b]0;owned\x07",
    b"not-utf8-\xff\xfe",
    b"right\xe2\x80\xaeto-left.gol",
    b"--format",
    b" ",
    b"%s%n{0}",
    b"=cmd()",
    b"a!b",
    b"C:x",
    b"x" * 255,
]


def test_names_are_kept_apart_and_whole(evidence, looked):
    for name in NAMES:
        (evidence / os.fsdecode(name)).write_bytes(LINE)
    content, said = looked(evidence)
    names = [name.decode("utf-8", "backslashreplace") for name in NAMES]
    assert set(content) == {"evidence/auth.log"} | {f"evidence/{name}" for name in names}
    assert said == []


def test_scan_of_hostile_names(evidence, scanned):
    for number, name in enumerate(NAMES):
        line = LINE.replace(b"pc1", b"pc%d" % (number + 2))
        (evidence / os.fsdecode(name)).write_bytes(line * 20)
    result = scanned(evidence)
    assert len(result["inputs"]) == len(NAMES) + 1
    assert all(item["events"] == 20 for item in result["inputs"])


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads everything")
def test_scan_of_an_unreadable_file_is_incomplete(evidence, scanned):
    (evidence / "locked.log").write_bytes(LINE)
    (evidence / "locked.log").chmod(0)
    items = {item["source"]: item for item in scanned(evidence)["inputs"]}
    assert items["evidence/locked.log"]["incomplete"]
    assert items["evidence/auth.log"]["events"] == 20


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux")
def test_read_errors_in_the_middle_are_said(tmp_path, unpacked):
    """/proc/self/mem opens, and fails when it is read."""
    outcome = unpacked(Path("/proc/self/mem"))
    assert outcome.read == {}
    assert outcome.kinds <= {"file.empty", "file.unreadable"}
