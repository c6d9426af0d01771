"""Evidence that is cut off, altered, or not what its name says."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

LINES = b"".join(
    b"Jan  5 10:%02d:%02d web1 sshd[%d]: Failed password for root from 192.0.2.%d port 22 ssh2\n"
    % (i // 60 % 60, i % 60, 1000 + i, i % 250)
    for i in range(3000)
)
EVENTS = b'{"EventID":4624,"Channel":"Security","Computer":"pc1"}\n' * 50


def zipped(data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("auth.log", data)
    return out.getvalue()


def tarred(data: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        info = tarfile.TarInfo("auth.log")
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def packed(kind: str, data: bytes) -> bytes:
    if kind == "zst":
        return pa.compress(data, "zstd", asbytes=True)
    if kind == "tar.gz":
        return gzip.compress(tarred(data), mtime=0)
    pack: dict[str, Callable[[bytes], bytes]] = {
        "gz": gzip.compress,
        "bz2": bz2.compress,
        "xz": lzma.compress,
        "zip": zipped,
        "tar": tarred,
    }
    return pack[kind](data)


KINDS = ("gz", "bz2", "xz", "zst", "zip", "tar", "tar.gz")
PACKED = {kind: packed(kind, LINES) for kind in KINDS}


@pytest.mark.parametrize("kind", list(PACKED))
@pytest.mark.parametrize("part", [0.1, 0.5, 0.95])
def test_truncated_gives_a_true_beginning_and_says_so(kind, part, tmp_path, looked):
    data = PACKED[kind]
    path = tmp_path / f"auth.log.{kind}"
    path.write_bytes(data[: int(len(data) * part)])
    content, said = looked(path)
    assert any(oddity.lost for _, oddity in said)
    for text in content.values():
        assert LINES.startswith(text)


@pytest.mark.parametrize("kind", list(PACKED))
def test_any_flipped_byte_is_survived(kind, tmp_path, looked):
    data = PACKED[kind]
    path = tmp_path / f"auth.log.{kind}"
    for at in range(0, len(data), max(1, len(data) // 25)):
        flipped = bytearray(data)
        flipped[at] ^= 0x55
        path.write_bytes(flipped)
        content, said = looked(path)
        whole = list(content.values()) == [LINES]
        assert whole or said or path.name in content or content


@pytest.mark.parametrize("kind", list(PACKED))
def test_wrong_extension_changes_nothing(kind, tmp_path, looked):
    path = tmp_path / "picture.jpg"
    path.write_bytes(PACKED[kind])
    content, said = looked(path)
    assert (list(content.values()), said) == ([LINES], [])


JUNK = {
    "random": bytes((i * 7919 + 13) * i % 251 for i in range(100_000)),
    "zeros": bytes(100_000),
    "highs": b"\xff" * 100_000,
    "elf": b"\x7fELF" + bytes(500),
    "evtx_head_only": b"ElfFile\0" + bytes(4088),
    "zip_head_only": b"PK\x03\x04",
    "zip_end_only": b"PK\x05\x06" + bytes(18),
    "gzip_head_only": b"\x1f\x8b\x08",
    "xz_head_only": b"\xfd7zXZ\x00",
    "zst_head_only": b"\x28\xb5\x2f\xfd",
    "utf16": LINES.decode().encode("utf-16"),
    "mixed_encodings": LINES[:500]
    + "größe\n".encode("latin-1")
    + "größe\n".encode("utf-16")
    + LINES,
    "nul_in_lines": LINES.replace(b"root", b"ro\0ot"),
    "escapes": b"Jan  5 10:00:00 web1 sshd[1]: \x1b]0;owned\x07\x1b[2J\r\rFailed\n" * 50,
    "bare_returns": LINES.replace(b"\n", b"\r"),
    "no_newline_at_all": LINES.replace(b"\n", b" "),
}


@pytest.mark.parametrize("name", list(JUNK))
def test_junk_is_survived_by_unpacking(name, tmp_path, looked):
    path = tmp_path / name
    path.write_bytes(JUNK[name])
    content, said = looked(path)
    assert content or said


@pytest.mark.parametrize("name", list(JUNK))
def test_junk_is_survived_by_a_scan_and_listed(name, tmp_path, scanned):
    path = tmp_path / name
    path.write_bytes(JUNK[name])
    (tmp_path / "good.json").write_bytes(EVENTS)
    inputs = {item["source"]: item for item in scanned(tmp_path)["inputs"]}
    assert any(source.endswith(name) for source in inputs)
    (good,) = (item for source, item in inputs.items() if source.endswith("good.json"))
    assert (good["events"], good["incomplete"]) == (50, False)


@pytest.mark.parametrize("kind", ["gz", "xz", "zip", "tar.gz"])
def test_scan_of_truncated_evidence_is_incomplete(kind, tmp_path, scanned):
    data = packed(kind, EVENTS * 50)
    path = tmp_path / f"events.json.{kind}"
    path.write_bytes(data[: len(data) // 2])
    assert any(item["incomplete"] for item in scanned(path)["inputs"])


def test_zero_length(tmp_path, scanned):
    (tmp_path / "empty.evtx").touch()
    (tmp_path / "empty.gz").write_bytes(gzip.compress(b""))
    inputs = scanned(tmp_path)["inputs"]
    assert {kind for item in inputs for kind in item["kinds"]} >= {"file.empty"}
    assert not any(item["incomplete"] for item in inputs)


def test_wrong_extension_is_read_all_the_same(tmp_path, scanned):
    (tmp_path / "events.evtx").write_bytes(EVENTS)
    (tmp_path / "events.zip").write_bytes(EVENTS + b"\n")  # else it would be a copy, read once
    (tmp_path / "events.txt").write_bytes(gzip.compress(EVENTS))
    assert [item["events"] for item in scanned(tmp_path)["inputs"]] == [50, 50, 50]


def test_random_bytes_in_every_magic(tmp_path, looked):
    """What only begins like a known format must not be trusted further than it goes."""
    tail = JUNK["random"][:5000]
    for number, head in enumerate(data[:40] for data in PACKED.values()):
        path = tmp_path / f"{number}"
        path.write_bytes(head + tail)
        content, said = looked(path)
        assert said or content
