from __future__ import annotations

import io
import struct
import zipfile

import pytest

from trailhound.model.limits import Limits


def make(members, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return out.getvalue()


@pytest.fixture
def given(tmp_path, unpack):
    def run(data: bytes, limits: Limits | None = None):
        path = tmp_path / "a.zip"
        path.write_bytes(data)
        return unpack(path, limits=limits)

    return run


@pytest.mark.parametrize(
    "method",
    [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA],
)
def test_every_method(given, method):
    found = given(make([("x/one.log", b"1" * 50_000), ("two", b"2")], method))
    assert found.content == {"a.zip!x/one.log": b"1" * 50_000, "a.zip!two": b"2"}
    assert found.said == []


def test_zip64_fields_are_understood(given):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive, archive.open("big", "w", force_zip64=True) as big:
        big.write(b"hello")
    assert given(out.getvalue()).content == {"a.zip!big": b"hello"}


def test_streamed_members(given):
    class Pipe(io.RawIOBase):
        data = b""

        def writable(self):
            return True

        def write(self, b):
            self.data += bytes(b)
            return len(b)

    out = Pipe()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("one", b"1" * 9000)
        archive.writestr("two", b"2" * 9000)
    whole = {"a.zip!one": b"1" * 9000, "a.zip!two": b"2" * 9000}
    found = given(out.data)
    assert (found.content, found.said) == (whole, [])
    cut = given(out.data[: out.data.index(b"PK\x01\x02")])
    assert cut.content == whole
    assert cut.lost == {"archive.truncated"}


def test_folders_and_macos_bookkeeping_are_no_evidence(given):
    found = given(make([("d/", b""), ("d/a", b"1"), ("__MACOSX/d/._a", b"x"), (".DS_Store", b"y")]))
    assert found.content == {"a.zip!d/a": b"1"}
    assert [(o.kind, o.lost, o.detail) for _, o in found.said] == [
        ("archive.noise", False, "2 files of macOS bookkeeping not read")
    ]


def test_empty_archive_and_empty_member(given):
    none = given(make([]))
    assert (none.content, none.kinds(), none.lost) == ({}, {"archive.empty"}, set())
    found = given(make([("nothing", b"")]))
    assert found.kinds("a.zip!nothing") == {"file.empty"}


def test_encrypted_member_is_lost_and_the_rest_is_read(given):
    data = bytearray(make([("secret", b"abc"), ("open", b"def")]))
    for magic, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(magic) + place] |= 1
    found = given(bytes(data))
    assert found.content == {"a.zip!open": b"def"}
    assert found.kinds("a.zip!secret") == {"archive.encrypted"}
    assert found.lost == {"archive.encrypted"}


def test_unsupported_method_names_it(given):
    data = bytearray(make([("x", b"abc")]))
    for magic, place in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        data[data.index(magic) + place] = 9
    found = given(bytes(data))
    assert found.lost == {"archive.method"}
    assert "deflate64" in found.said[0][1].detail


def test_altered_member_is_given_and_said(given):
    data = make([("x", b"the original text")], zipfile.ZIP_STORED)
    found = given(data.replace(b"original", b"ORIGINAL"))
    assert found.content == {"a.zip!x": b"the ORIGINAL text"}
    assert found.lost == {"archive.damaged"}


def test_local_header_with_another_name(given):
    data = make([("report.txt", b"abc")]).replace(b"report.txt", b"virus_.exe", 1)
    found = given(data)
    assert found.content == {"a.zip!report.txt": b"abc"}
    assert "the name" in found.said[0][1].detail
    assert found.kinds() == {"archive.ambiguous"}


def test_member_that_the_directory_hides_is_read(given):
    one, two = make([("seen", b"abc")]), make([("hidden", b"evil")])
    local = two[: two.index(b"PK\x01\x02")]
    found = given(local + one)
    assert found.content == {"a.zip!seen": b"abc", "a.zip!hidden": b"evil"}
    assert found.kinds("a.zip") == {"archive.ambiguous"}


def test_bytes_after_the_archive_are_said(given):
    found = given(make([("x", b"abc")]) + b"tail" * 50)
    assert found.content == {"a.zip!x": b"abc"}
    assert found.kinds() == {"archive.ambiguous"}


def test_two_archives_joined_give_both(given):
    found = given(make([("first", b"1")]) + make([("second", b"2")]))
    assert sorted(found.content) == ["a.zip!first", "a.zip!second"]


def test_truncated_archive_gives_what_is_whole(given):
    data = make([("one", bytes(range(256)) * 20), ("two", b"2" * 100)])
    found = given(data[: data.index(b"PK\x01\x02") - 3])
    assert found.content["a.zip!one"] == bytes(range(256)) * 20
    assert "archive.truncated" in found.lost


def test_same_name_twice_is_two_sources(given):
    with pytest.warns(UserWarning, match="Duplicate"):
        data = make([("x", b"1"), ("x", b"2")])
    found = given(data)
    assert found.content == {"a.zip!x": b"1", "a.zip!x~2": b"2"}
    assert found.kinds() == {"archive.ambiguous"}


def test_overlapping_members_are_said(given):
    data = bytearray(make([("a", b"1" * 500), ("b", b"2" * 500)], zipfile.ZIP_STORED))
    central = data.rindex(b"PK\x01\x02")
    data[central + 42 : central + 46] = struct.pack("<I", 0)
    found = given(bytes(data))
    assert {"archive.overlap", "archive.ambiguous"} <= found.kinds()


def test_directory_that_lies_about_its_count(given):
    data = bytearray(make([("a", b"1"), ("b", b"2")]))
    end = data.index(b"PK\x05\x06")
    data[end + 8 : end + 12] = struct.pack("<2H", 1, 1)
    found = given(bytes(data))
    assert sorted(found.content) == ["a.zip!a", "a.zip!b"]
    assert found.kinds() == {"archive.ambiguous"}


def test_symbolic_link_is_not_followed(given):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo("link")
        link.create_system = 3
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    found = given(out.getvalue())
    assert found.content == {}
    assert found.kinds("a.zip!link") == {"archive.link"}


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("../../etc/cron.d/x", "out of its folder"),
        ("/etc/passwd", "absolute"),
        ("C:x", "drive"),
        ("a\u202egpj.exe", "right-to-left"),
        ("n" * 4096, "longer"),
    ],
)
def test_names_are_only_names(given, name, word):
    found = given(make([(name, b"abc")]))
    assert list(found.content.values()) == [b"abc"]
    assert [o.kind for _, o in found.said] == ["archive.name"]
    assert word in found.said[0][1].detail
    assert len(found.said[0][0]) < 1100


def test_more_members_than_allowed(given):
    data = make([(f"{i}", b"x") for i in range(30)], zipfile.ZIP_STORED)
    found = given(data, Limits(archive_members=10))
    assert len(found.content) == 10
    assert found.lost == {"limit.archive_members"}


@pytest.mark.parametrize("at", range(0, 120, 7))
def test_one_flipped_byte_never_raises(given, at):
    data = bytearray(make([("one.log", b"hello " * 9)]))
    data[at % len(data)] ^= 0xFF
    given(bytes(data))


def test_zip64_end_records(given, monkeypatch):
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 1)
    data = make([("a", b"1"), ("b", b"2")])
    assert b"PK\x06\x06" in data
    end = bytearray(data)
    at = end.rindex(b"PK\x05\x06")
    end[at + 8 : at + 20] = b"\xff" * 12
    found = given(bytes(end))
    assert (found.content, found.said) == ({"a.zip!a": b"1", "a.zip!b": b"2"}, [])
    found = given(bytes(end).replace(b"PK\x06\x06", b"PK__"))
    assert sorted(found.content) == ["a.zip!a", "a.zip!b"]
    assert "archive.truncated" in found.lost


def test_member_that_is_not_where_the_directory_says(given):
    data = bytearray(make([("a", b"1"), ("b", b"2")]))
    data[data.index(b"PK\x03\x04")] = 0
    found = given(b"PK\x03\x04" + bytes(26) + bytes(data))
    assert found.content["a.zip!b"] == b"2"
    assert found.kinds("a.zip!a") == {"archive.damaged"}


def test_directory_that_is_cut(given):
    data = bytearray(make([("a", b"1"), ("b", b"2")]))
    second = data.rindex(b"PK\x01\x02")
    data[second] = 0
    found = given(bytes(data))
    assert sorted(found.content) == ["a.zip!a", "a.zip!b"]
    assert "archive.damaged" in found.lost


def test_folders_without_end(given):
    data = make([(f"d{i}/", b"") for i in range(100)], zipfile.ZIP_STORED)
    assert given(data, Limits(archive_members=10)).lost == {"limit.archive_members"}
