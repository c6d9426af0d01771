from __future__ import annotations

import io
import os
import tarfile

import pytest

from trailhound.model.limits import Limits


def make(members, layout=tarfile.PAX_FORMAT):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=layout) as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def special(name, kind):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        info = tarfile.TarInfo(name)
        info.type, info.linkname = kind, "/etc/passwd"
        archive.addfile(info)
    return out.getvalue()


@pytest.fixture
def given(tmp_path, unpack):
    def run(data: bytes, limits: Limits | None = None):
        path = tmp_path / "a.tar"
        path.write_bytes(data)
        return unpack(path, limits=limits)

    return run


@pytest.mark.parametrize("layout", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_every_layout(given, layout):
    long = "d/" * 60 + "name-that-is-a-bit-longer"
    found = given(make([("one", b"1" * 1000), (long, b"2")], layout))
    assert found.content == {"a.tar!one": b"1" * 1000, f"a.tar!{long}": b"2"}
    assert found.said == []


@pytest.mark.parametrize("layout", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_long_and_foreign_names(given, layout):
    name = "ü" * 200
    assert given(make([(name, b"2")], layout)).content == {f"a.tar!{name}": b"2"}


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        (tarfile.SYMTYPE, "archive.link"),
        (tarfile.LNKTYPE, "archive.link"),
        (tarfile.CHRTYPE, "archive.special"),
        (tarfile.BLKTYPE, "archive.special"),
        (tarfile.FIFOTYPE, "archive.special"),
    ],
)
def test_links_and_devices_are_only_said(given, kind, word):
    found = given(special("x", kind))
    assert found.content == {}
    assert found.kinds("a.tar!x") == {word}
    assert found.lost == set()


def test_joined_archives_give_both(given):
    found = given(make([("one", b"1")]) + make([("two", b"2")]))
    assert found.content == {"a.tar!one": b"1", "a.tar!two": b"2"}


def test_truncated_member_gives_its_beginning(given):
    found = given(make([("one", b"1" * 5000)])[:2048])
    assert found.content == {"a.tar!one": b"1" * 1536} or found.lost == {"archive.truncated"}
    assert found.lost == {"archive.truncated"}


def test_damaged_header_is_passed_over_and_said(given):
    data = bytearray(make([("one", b"1"), ("two", b"2"), ("three", b"3")], tarfile.USTAR_FORMAT))
    data[1024 + 5] ^= 0xFF
    found = given(bytes(data))
    assert found.content == {"a.tar!one": b"1", "a.tar!three": b"3"}
    assert found.lost == {"archive.damaged"}


def test_size_that_lies_is_bounded(given):
    data = bytearray(make([("one", b"1" * 600)], tarfile.USTAR_FORMAT))
    data[124:136] = b"\x80" + bytes(3) + b"\xff" * 8
    checksum = sum(data[:148]) + 8 * 32 + sum(data[156:512])
    data[148:156] = b"%06o\0 " % checksum
    found = given(bytes(data))
    assert found.lost == {"archive.truncated"}
    assert len(found.content["a.tar!one"]) == len(data) - 512


def test_chain_of_long_names_does_not_recurse(given):
    chain = make([("n" * 200, b"")], tarfile.GNU_FORMAT)[:1024] * 3000
    found = given(chain + make([("end", b"x")], tarfile.USTAR_FORMAT))
    assert list(found.content.values()) == [b"x"]


def test_names_that_climb_are_only_names(given):
    found = given(make([("../../x", b"1"), ("/abs", b"2")]))
    assert sorted(found.content) == ["a.tar!../../x", "a.tar!/abs"]
    assert found.kinds() == {"archive.name"}


def test_folders_without_end(given):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for i in range(100):
            info = tarfile.TarInfo(f"d{i}")
            info.type = tarfile.DIRTYPE
            archive.addfile(info)
    found = given(out.getvalue(), Limits(archive_members=10))
    assert found.lost == {"limit.archive_members"}


@pytest.mark.parametrize("at", range(0, 512, 37))
def test_one_flipped_byte_never_raises(given, at):
    data = bytearray(make([("one", b"1" * 600), ("two", b"2")]))
    data[at] ^= 0xFF
    assert given(bytes(data)).said or at == 259  # without its magic it is no tar


def test_old_gnu_sparse_member_gives_its_stored_bytes(given):
    """A sparse map that does not fit the header goes on in blocks of its own."""
    info = tarfile.TarInfo("sparse")
    info.type, info.size = tarfile.GNUTYPE_SPARSE, 700
    header = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    header[482] = 1
    header[148:156] = b"%06o\0 " % (sum(header[:148]) + 8 * 32 + sum(header[156:]))
    extra = bytearray(512)
    extra[504] = 1
    data = bytes(header) + bytes(extra) + bytes(512) + b"x" * 700 + bytes(324)
    found = given(data + make([("next", b"n")]))
    assert found.content == {"a.tar!sparse": b"x" * 700, "a.tar!next": b"n"}


def test_pax_size_replaces_the_header_and_bad_records_are_passed_over(given):
    records = b"13 size=5000\nnonsense"
    extended = tarfile.TarInfo("x")
    extended.type, extended.size = tarfile.XHDTYPE, len(records)
    pax = extended.tobuf() + records.ljust(512, b"\0")
    member = make([("big", b"1" * 5000)])
    found = given(pax + member)
    assert found.content == {"a.tar!big": b"1" * 5000}
    assert found.said == []


def test_a_members_name_that_is_no_text_is_written_as_text(tmp_path, unpack):
    with tarfile.open(tmp_path / "a.tar", "w", format=tarfile.USTAR_FORMAT) as archive:
        for name in (b"na\xffme", b"na\xfeme"):
            member = tarfile.TarInfo(os.fsdecode(name))
            member.size = 1
            archive.addfile(member, io.BytesIO(name[2:3]))
    found = unpack(tmp_path / "a.tar")
    assert found.content == {r"a.tar!na\xffme": b"\xff", r"a.tar!na\xfeme": b"\xfe"}
