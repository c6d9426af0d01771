"""Archives that say one thing and hold another, and names that want to leave."""

from __future__ import annotations

import io
import struct
import tarfile
import zipfile

import pytest

NAMES = [
    "../../../../etc/cron.d/x",
    "/etc/passwd",
    "..\\..\\x",
    "C:\\Windows\\x",
    "C:x",
    "CON",
    "nul.txt",
    "a\nb",
    "\x1b[31mred",
    "x\u202egpj.exe",
    "x" * 4096,
    ".",
    "..",
    "a//b",
    "!",
    "a!b",
]


def zip_of(names: list[str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number, name in enumerate(names):
            archive.writestr(zipfile.ZipInfo(name), b"%d\n" % number)
    return out.getvalue()


def tar_of(names: list[str]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for number, name in enumerate(names):
            info = tarfile.TarInfo(name)
            info.size = len(b"%d\n" % number)
            archive.addfile(info, io.BytesIO(b"%d\n" % number))
    return out.getvalue()


@pytest.mark.parametrize("make", [zip_of, tar_of])
def test_names_are_text_and_all_members_are_read(make, tmp_path, looked):
    path = tmp_path / "evidence"
    path.write_bytes(make(NAMES))
    before = sorted(tmp_path.parent.rglob("*"))
    content, said = looked(path)
    assert sorted(content.values()) == sorted(b"%d\n" % i for i in range(len(NAMES)))
    assert sorted(tmp_path.parent.rglob("*")) == before
    assert {o.kind for _, o in said} <= {"archive.name", "archive.ambiguous"}
    assert not any(o.lost for _, o in said)


def test_header_that_claims_terabytes(tmp_path, unpacked):
    data = bytearray(zip_of(["x"]))
    for magic, place in ((b"PK\x03\x04", 18), (b"PK\x01\x02", 20)):
        at = data.index(magic) + place
        data[at : at + 8] = struct.pack("<2I", 0xFFFFFFF0, 0xFFFFFFF0)
    path = tmp_path / "liar.zip"
    path.write_bytes(data)
    outcome = unpacked(path)
    assert outcome.lost
    assert outcome.mib < 150


def test_tar_header_that_claims_terabytes(tmp_path, unpacked):
    data = bytearray(tar_of(["x"]))
    data[124:136] = b"\x80" + bytes(4) + b"\x7f" + b"\xff" * 6
    data[148:156] = b"%06o\0 " % (sum(data[:148]) + 8 * 32 + sum(data[156:512]))
    path = tmp_path / "liar.tar"
    path.write_bytes(data)
    assert unpacked(path).lost == {"archive.truncated"}


def test_extended_header_of_a_gigabyte(tmp_path, unpacked):
    info = tarfile.TarInfo("x")
    info.type, info.size = tarfile.XHDTYPE, 1 << 30
    path = tmp_path / "pax.tar"
    with path.open("wb") as file:
        file.write(info.tobuf(tarfile.USTAR_FORMAT))
        file.write(b"9" * (32 << 20))
    outcome = unpacked(path)
    assert outcome.lost == {"archive.truncated"}
    assert outcome.mib < 150


@pytest.mark.parametrize(
    "magic", [b"7z\xbc\xaf\x27\x1c\x00\x04", b"Rar!\x1a\x07\x01\x00", b"Rar!\x1a\x07\x00"]
)
def test_archives_that_are_not_opened_lie_in_vain(magic, tmp_path, looked):
    path = tmp_path / "x.zip"
    path.write_bytes(magic + b"\xff" * 64)
    content, said = looked(path)
    assert content == {}
    assert [(o.kind, o.lost) for _, o in said] == [("file.unsupported_archive", True)]


def test_scan_of_a_locked_archive_is_incomplete(tmp_path, scanned):
    data = bytearray(zip_of(["auth.log"]))
    for magic, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(magic) + place] |= 1
    (tmp_path / "locked.zip").write_bytes(data)
    inputs = scanned(tmp_path / "locked.zip")["inputs"]
    assert any("archive.encrypted" in item["kinds"] and item["incomplete"] for item in inputs)
