"""Small files that unpack into large ones: stopped by ratio, cheap to stop, and said."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib

import pyarrow as pa
import pytest

from trailhound.model.limits import MIB, Limits

ZEROS = bytes(MIB)
CHEAP_SECONDS = 20
"""Alone it takes under two; test machines are shared."""


def gz_bomb(mib: int) -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    return b"".join(packer.compress(ZEROS) for _ in range(mib)) + packer.flush()


def bz2_bomb(mib: int) -> bytes:
    packer = bz2.BZ2Compressor(9)
    return b"".join(packer.compress(ZEROS) for _ in range(mib)) + packer.flush()


def xz_bomb(mib: int) -> bytes:
    packer = lzma.LZMACompressor(preset=0)
    return b"".join(packer.compress(ZEROS) for _ in range(mib)) + packer.flush()


def zst_bomb(mib: int) -> bytes:
    out = pa.BufferOutputStream()
    with pa.CompressedOutputStream(out, "zstd") as stream:
        for _ in range(mib):
            stream.write(ZEROS)
    return out.getvalue().to_pybytes()


def zip_of(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


BOMBS = {"gz": gz_bomb, "bz2": bz2_bomb, "xz": xz_bomb, "zst": zst_bomb}


@pytest.mark.parametrize("kind", list(BOMBS))
def test_bomb_of_one_stream(kind, tmp_path, unpacked):
    path = tmp_path / f"bomb.{kind}"
    path.write_bytes(BOMBS[kind](300))
    outcome = unpacked(path)
    limits = Limits()
    most = limits.expansion_floor_bytes + limits.expansion_ratio * path.stat().st_size
    assert outcome.read[path.name] <= most
    assert outcome.lost == {"limit.ratio"}
    assert outcome.seconds < CHEAP_SECONDS


@pytest.mark.parametrize("outer", list(BOMBS))
def test_bomb_in_a_compressed_bomb(outer, tmp_path, unpacked):
    path = tmp_path / "bomb"
    path.write_bytes(
        {"gz": gzip, "bz2": bz2, "xz": lzma}.get(outer, pa_zstd).compress(gz_bomb(300))
    )
    outcome = unpacked(path)
    assert sum(outcome.read.values()) < 80 * MIB
    assert outcome.lost == {"limit.ratio"}


class pa_zstd:  # noqa: N801  # stands beside the modules gzip, bz2 and lzma
    @staticmethod
    def compress(data: bytes) -> bytes:
        return pa.compress(data, "zstd", asbytes=True)


def test_zip_of_zeros(tmp_path, unpacked):
    path = tmp_path / "zeros.zip"
    path.write_bytes(zip_of({"zeros": bytes(256 * MIB)}))
    outcome = unpacked(path)
    assert 10 * MIB < outcome.read["zeros.zip!zeros"] < 70 * MIB
    assert outcome.lost == {"limit.ratio"}


def test_many_members_that_are_harmless_alone(tmp_path, unpacked):
    path = tmp_path / "many.zip"
    path.write_bytes(zip_of({f"m{i}": bytes(MIB) for i in range(400)}))
    outcome = unpacked(path)
    assert sum(outcome.read.values()) < 120 * MIB
    assert "limit.ratio" in outcome.lost


def test_nest_of_zips(tmp_path, unpacked):
    """Sixteen zips of sixteen zips of sixteen of a megabyte: 4 GiB in a few kilobytes."""
    data = bytes(MIB)
    for _ in range(3):
        data = zip_of({f"lib{i}": data for i in range(16)})
    path = tmp_path / "nest.zip"
    path.write_bytes(data)
    outcome = unpacked(path)
    assert sum(outcome.read.values()) < 30 * MIB
    assert "limit.ratio" in outcome.lost
    assert outcome.seconds < CHEAP_SECONDS


@pytest.mark.parametrize("pack", [zip_of, None])
def test_forty_deep(pack, tmp_path, unpacked):
    data = b"core"
    for _ in range(40):
        data = zip_of({"x": data}) if pack else gzip.compress(data)
    path = tmp_path / "deep"
    path.write_bytes(data)
    outcome = unpacked(path)
    assert outcome.lost == {"limit.archive_depth" if pack else "limit.decode_layers"}


def gzip_quine() -> bytes:
    """A gzip stream that decodes to itself would do; two that decode to each other do as well.

    Russ Cox, "Zip Files All The Way Down" (2010) builds one by hand. Here a stream holds so many
    copies of a gzip head that every layer looks like another.
    """
    data = b"\x1f\x8b\x08"
    for _ in range(30):
        data = gzip.compress(data, 0)
    return data


def test_endless_layers(tmp_path, unpacked):
    path = tmp_path / "quine.gz"
    path.write_bytes(gzip_quine())
    assert unpacked(path).lost == {"limit.decode_layers"}


def test_overlapping_members(tmp_path, unpacked):
    """One kernel of zeros that 2,000 directory entries share (Fifield, "A better zip bomb")."""
    whole = zip_of({"a": bytes(4 * MIB)})
    central = whole.index(b"PK\x01\x02")
    entry = whole[central : whole.index(b"PK\x05\x06")]
    directory = entry * 2000
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 2000, 2000, len(directory), central, 0)
    path = tmp_path / "overlap.zip"
    path.write_bytes(whole[:central] + directory + end)
    outcome = unpacked(path)
    assert sum(outcome.read.values()) < 60 * MIB
    assert "limit.ratio" in outcome.lost
    assert outcome.seconds < CHEAP_SECONDS


def test_too_many_members(tmp_path, unpacked):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for i in range(65_536):
            archive.writestr(zipfile.ZipInfo(f"{i}"), b"")
    path = tmp_path / "crowd.zip"
    path.write_bytes(out.getvalue())
    outcome = unpacked(path)
    assert outcome.lost == {"limit.archive_members"}
    assert len(outcome.said) <= 1 + Limits().archive_members


def test_tar_of_folders_only(tmp_path, unpacked):
    header = tarfile.TarInfo("d")
    header.type = tarfile.DIRTYPE
    path = tmp_path / "folders.tgz"
    path.write_bytes(gzip.compress(header.tobuf() * 100_000))
    outcome = unpacked(path)
    assert outcome.lost
    assert outcome.seconds < CHEAP_SECONDS


@pytest.mark.parametrize("kind", ["gz", "zip"])
def test_scan_says_that_a_bomb_was_cut(kind, tmp_path, scanned):
    path = tmp_path / f"bomb.{kind}"
    events = b'{"EventID":1,"Channel":"Security","Computer":"pc1"}\n' * 1_000_000
    path.write_bytes(gzip.compress(events) if kind == "gz" else zip_of({"events": events}))
    result = scanned(path)
    assert any(item["incomplete"] for item in result["inputs"])
    assert any("limit.ratio" in item["kinds"] for item in result["inputs"])
