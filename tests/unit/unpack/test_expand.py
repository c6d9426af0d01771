from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import tarfile
import tempfile
import zipfile

import pyarrow as pa
import pytest

from trailhound.model.limits import MIB, Limits
from trailhound.unpack import spool
from trailhound.unpack.walk import discover

LINE = b"2026-01-05T10:00:00Z host app: something happened\n"


def zip_of(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def tar_of(**members: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


@pytest.fixture
def given(tmp_path, unpack):
    def run(data: bytes, limits: Limits | None = None, name: str = "x"):
        path = tmp_path / name
        path.write_bytes(data)
        return unpack(path, limits=limits)

    return run


def test_compression_keeps_the_name_and_content_decides(given):
    found = given(gzip.compress(lzma.compress(LINE)), name="x.json.bz2")
    assert found.content == {"x.json.bz2": LINE}


@pytest.mark.parametrize(
    "pack",
    [gzip.compress, bz2.compress, lzma.compress, lambda d: pa.compress(d, "zstd", asbytes=True)],
)
def test_compressed_tar(given, pack):
    found = given(pack(tar_of(a=LINE, b=LINE * 2)), name="logs.tar.any")
    assert found.content == {"logs.tar.any!a": LINE, "logs.tar.any!b": LINE * 2}
    assert found.said == []


def test_archives_in_archives_and_compressed_members(given):
    inner = zip_of(deep=gzip.compress(LINE))
    found = given(zip_of(tgz=gzip.compress(tar_of(zip=inner, log=LINE))), name="e.zip")
    assert found.content == {"e.zip!tgz!zip!deep": LINE, "e.zip!tgz!log": LINE}


def test_sources_can_be_opened_again_and_together(tmp_path):
    path = tmp_path / "x.tar.gz"
    path.write_bytes(gzip.compress(tar_of(a=LINE * 99, b=LINE)))
    a, b = list(discover([path], Limits(), lambda *_: None))
    first, second = a.open(), a.open()
    assert first.read(10) == second.read(10) == b.open().read(10)
    assert first.read() == second.read() == (LINE * 99)[10:]
    first.seek(50)
    assert first.read(4) == LINE[:4]


def test_sources_outlive_the_walk(tmp_path, monkeypatch):
    monkeypatch.setattr(spool, "MEMORY_BYTES", 1000)
    path = tmp_path / "x.zip"
    path.write_bytes(zip_of(inner=zip_of(log=os.urandom(5000))))
    sources = list(discover([path], Limits(), lambda *_: None))
    path.unlink()
    assert len(sources[0].open().read()) == 5000


def test_layers_beyond_the_limit_are_said(given):
    data = LINE
    for _ in range(8):
        data = gzip.compress(data)
    found = given(data)
    assert found.lost == {"limit.decode_layers"}
    assert given(data, Limits(decode_layers=8)).content == {"x": LINE}


def test_depth_beyond_the_limit_is_said(given):
    data = LINE
    for _ in range(4):
        data = zip_of(x=data)
    assert given(data, Limits(archive_depth=4)).content == {"x!x!x!x!x": LINE}
    assert given(data, Limits(archive_depth=3)).lost == {"limit.archive_depth"}


def test_ratio_ends_the_stream_and_says_so(given):
    limits = Limits(expansion_floor_bytes=MIB, expansion_ratio=2)
    found = given(gzip.compress(bytes(50 * MIB)), limits)
    assert MIB < len(found.content["x"]) < 2 * MIB
    assert found.lost == {"limit.ratio"}


def test_high_ratio_below_the_floor_is_fine(given):
    found = given(gzip.compress(bytes(5 * MIB)))
    assert (len(found.content["x"]), found.said) == (5 * MIB, [])


def test_members_share_one_account(given):
    limits = Limits(expansion_floor_bytes=MIB, expansion_ratio=2)
    found = given(zip_of(**{f"m{i}": bytes(MIB // 2) for i in range(20)}), limits)
    assert sum(map(len, found.content.values())) < 2 * MIB
    assert found.lost == {"limit.ratio"}


def test_reading_again_costs_nothing(tmp_path):
    path = tmp_path / "x.gz"
    path.write_bytes(gzip.compress(bytes(700_000)))
    said: list = []
    limits = Limits(expansion_floor_bytes=MIB, expansion_ratio=1)
    (source,) = discover([path], limits, lambda *a: said.append(a))
    assert [len(source.open().read()) for _ in range(5)] == [700_000] * 5
    assert said == []


def test_member_and_archive_limits(given):
    data = zip_of(a=os.urandom(3000), b=os.urandom(3000))
    found = given(data, Limits(archive_member_bytes=1000))
    assert [len(v) for v in found.content.values()] == [1000, 1000]
    assert found.lost == {"limit.member_bytes"}
    assert "limit.archive_bytes" in given(data, Limits(archive_total_bytes=1000)).lost


def test_full_disk_keeps_what_fits(given, monkeypatch):
    def full(self, data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(spool, "MEMORY_BYTES", 1000)
    monkeypatch.setattr(spool.Spool, "_write", full)
    found = given(gzip.compress(tar_of(a=LINE * 100)))
    assert "limit.spool" in found.lost


@pytest.mark.parametrize(
    ("magic", "name"), [(b"7z\xbc\xaf\x27\x1c", "7z"), (b"Rar!\x1a\x07\x01", "rar")]
)
def test_other_archives_are_refused_by_name(given, magic, name):
    found = given(magic + bytes(100))
    assert found.content == {}
    assert found.lost == {"file.unsupported_archive"}
    assert name in found.said[0][1].detail


def test_nothing_is_written_outside_the_spool(tmp_path, unpack, monkeypatch):
    monkeypatch.setattr(spool, "MEMORY_BYTES", 1000)
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    evidence = tmp_path / "evidence"
    evidence.mkdir()
    monkeypatch.chdir(evidence)
    hostile = {"../up": LINE * 99, "/tmp/trailhound-was-here": LINE, "C:\\x": LINE}
    (evidence / "a.zip").write_bytes(zip_of(**hostile, inner=tar_of(**hostile)))
    (evidence / "b.tgz").write_bytes(gzip.compress(tar_of(**hostile)))
    before = sorted(tmp_path.rglob("*"))
    found = unpack(evidence)
    assert len(found.content) == 9
    assert sorted(tmp_path.rglob("*")) == before
    assert not os.path.lexists("/tmp/trailhound-was-here")
