"""Lines without end and records without bottom."""

from __future__ import annotations

import gzip
import os

import pytest

from trailhound.model.limits import MIB

EVENT = b'{"EventID":4624,"Channel":"Security","Computer":"pc1"}\n'


def nested(depth: int, opening: bytes, closing: bytes) -> bytes:
    return opening * depth + b"1" + closing * depth


@pytest.mark.skipif(not hasattr(os, "SEEK_DATA"), reason="this system cannot say where holes are")
def test_sparse_line_of_a_gigabyte_is_cut(tmp_path, unpacked):
    path = tmp_path / "huge.log"
    with path.open("wb") as file:
        file.write(EVENT)
        file.truncate(1024 * MIB)
    outcome = unpacked(path)
    assert outcome.read["huge.log"] < 16 * MIB
    assert outcome.lost == {"file.sparse"}


def test_large_plain_file_streams(tmp_path, unpacked):
    path = tmp_path / "big.log"
    with path.open("wb") as file:
        for _ in range(600):
            file.write(b"x" * MIB)
    outcome = unpacked(path)
    assert outcome.read == {"big.log": 600 * MIB}
    assert outcome.mib < 150
    path.unlink()


def test_large_compressed_file_streams(tmp_path, unpacked):
    block = gzip.compress(os.urandom(MIB), 1)
    path = tmp_path / "big.gz"
    path.write_bytes(block * 300)
    outcome = unpacked(path)
    assert (outcome.read, outcome.said) == ({"big.gz": 300 * MIB}, {})
    assert outcome.mib < 150


@pytest.mark.parametrize("ending", [b"\n", b""])
def test_scan_of_a_line_of_100_megabytes(ending, tmp_path, scanned):
    path = tmp_path / "line.json"
    with path.open("wb") as file:
        file.write(EVENT + b'{"EventID":1,"x":"')
        for _ in range(100):
            file.write(b"x" * MIB)
        file.write(b'"}' + ending + (EVENT if ending else b""))
    (item,) = scanned(path)["inputs"]
    assert item["incomplete"]
    assert "line.too_long" in item["kinds"]
    assert item["events"] == (2 if ending else 1)


@pytest.mark.parametrize(
    ("opening", "closing"), [(b"[", b"]"), (b'{"a":', b"}"), (b'[{"a":', b"}]"), (b"[", b"")]
)
@pytest.mark.parametrize("place", ["line", "file", "array"])
def test_scan_of_json_nested_10000_deep(opening, closing, place, tmp_path, scanned):
    deep = nested(10_000, opening, closing)
    path = tmp_path / "deep.json"
    if place == "line":
        path.write_bytes(EVENT * 3 + b'{"EventID":1,"x":' + deep + b"}\n" + EVENT * 3)
    elif place == "array":
        path.write_bytes(b"[" + EVENT.strip() + b',{"x":' + deep + b"}," + EVENT.strip() + b"]")
    else:
        path.write_bytes(deep)
    (item,) = scanned(path)["inputs"]
    assert item["kinds"] or item["status"] == "unknown"
    if place == "line":
        assert item["events"] >= 6
        assert item["incomplete"]


def test_scan_of_a_record_with_100000_keys(tmp_path, scanned):
    keys = b",".join(b'"k%d":1' % i for i in range(100_000))
    (tmp_path / "keys.json").write_bytes(EVENT + b'{"EventID":1,' + keys + b"}\n" + EVENT)
    (item,) = scanned(tmp_path / "keys.json")["inputs"]
    assert item["events"] >= 2
