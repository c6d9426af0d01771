from __future__ import annotations

import os
import threading

import pytest

from trailhound.unpack import spool
from trailhound.unpack.spool import Spool


def filled(*chunks: bytes) -> Spool:
    return Spool().fill(iter(chunks), lambda _: None)


@pytest.mark.parametrize("memory", [4, 1_000_000])
def test_memory_and_file_hold_the_same(memory, monkeypatch):
    monkeypatch.setattr(spool, "MEMORY_BYTES", memory)
    held = filled(b"0123", b"45", b"6789")
    assert held.size == 10
    assert held.read_at(0, 10) == b"0123456789"
    assert held.read_at(3, 4) == b"3456"
    assert held.read_at(8, 100) == b"89"
    assert held.read_at(10, 5) == b""


def test_without_pread_it_seeks(monkeypatch):
    monkeypatch.setattr(spool, "MEMORY_BYTES", 4)
    monkeypatch.setattr(spool, "HAS_PREAD", False)
    held = filled(b"0123456789")
    assert (held.read_at(5, 2), held.read_at(1, 2)) == (b"56", b"12")


def test_the_file_has_no_name_and_ends_with_the_spool(tmp_path, monkeypatch):
    monkeypatch.setattr(spool, "MEMORY_BYTES", 4)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    held = filled(b"0123456789")
    assert os.listdir(tmp_path) == [] or os.name == "nt"  # noqa: PTH208
    assert held._file is not None
    file = held._file
    del held
    assert file.closed


def test_a_full_disk_keeps_what_was_held(monkeypatch):
    def full(self, data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(spool, "MEMORY_BYTES", 4)
    monkeypatch.setattr(Spool, "_write", full)
    said: list = []
    Spool().fill(iter([b"0123", b"4567"]), said.append)
    assert [(o.kind, o.lost) for o in said] == [("limit.spool", True)]
    assert "ENOSPC" in said[0].detail


def test_short_reads_are_completed(tmp_path, monkeypatch):
    path = tmp_path / "x"
    path.write_bytes(b"0123456789")
    real = os.pread
    monkeypatch.setattr(os, "pread", lambda fd, n, at: real(fd, min(n, 3), at))
    descriptor = os.open(path, os.O_RDONLY)
    assert spool.read_at(descriptor, threading.Lock(), 1, 8) == b"12345678"
    os.close(descriptor)
