from __future__ import annotations

import tarfile

import pytest

from trailhound.unpack.archive import (
    NAME_CHARACTERS,
    Kind,
    is_noise,
    is_tar_header,
    name_trick,
    octal,
    readable_name,
    short_name,
    sniff,
    unsupported,
)


def test_content_says_what_an_archive_is():
    header = tarfile.TarInfo("x").tobuf()
    assert sniff(header) is Kind.TAR
    assert sniff(b"PK\x05\x06" + bytes(18)) is Kind.ZIP
    for text in (b"", b"PK", b"PK is a text", header[:300].replace(b"ustar", b"_____")):
        assert sniff(text) is None


def test_an_old_header_without_magic_is_known_by_its_checksum():
    block = bytearray(512)
    block[:4] = b"\xe4.lo"
    block[148:156] = b"%06o\0 " % (sum(block) + 8 * 32)
    assert is_tar_header(bytes(block))
    block[148:156] = b"%06o\0 " % (sum(block[:148]) - 256 + 8 * 32)
    assert is_tar_header(bytes(block)), "summed as signed bytes"
    assert not is_tar_header(bytes(512))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (b"0000755\0", 0o755),
        (b"   755 \0", 0o755),
        (b"\x80\0\0\0\0\0\1\0", 256),
        (b"\0\0\0\0", None),
        (b"9999", None),
        (b"-1", None),
        (b"\xff\xff", None),
    ],
)
def test_numbers(field, value):
    assert octal(field) == value


def test_names():
    assert readable_name("größe".encode()) == "größe"
    assert readable_name(b"gr\x94\xe1e", utf8=False) == "größe"
    assert readable_name(b"a\\b\xff") == r"a/b\xff"
    assert short_name("x" * NAME_CHARACTERS) == "x" * NAME_CHARACTERS
    longer = {short_name("x" * 5000 + end) for end in "ab"}
    assert {len(name) for name in longer} == {NAME_CHARACTERS}
    assert len(longer) == 2


def test_tricks_are_named_together():
    trick = name_trick("/../\0")
    assert trick is not None
    assert "out of its folder and is absolute and contains a NUL" in trick.detail
    assert name_trick("a..b/c...d/e:f") is None


def test_noise():
    assert is_noise("a/__MACOSX/b")
    assert is_noise("a/.DS_Store")
    assert not is_noise("DS_Store/__MACOSX.log")


def test_unsupported_tells_what_to_do():
    oddity = unsupported(b"7z\xbc\xaf\x27\x1c")
    assert oddity is not None
    assert oddity.detail == "7z archives are not opened: unpack it and scan the folder"
    assert unsupported(b"7z is a text") is None
