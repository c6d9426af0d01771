"""What zip and tar have in common: members that are read where they lie, under names that are text.

Nothing is ever written under a member's name. A name that tries to lead elsewhere is kept, shown
and noted, because trying is evidence.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from trailhound.model.oddity import Oddity
from trailhound.unpack.names import text_name
from trailhound.unpack.streams import Note, OpenRaw

NAME_CHARACTERS = 1024
"""Longer names are cut and end in a digest, so that they stay different."""

Decode = Callable[[OpenRaw, Note], Iterator[bytes]]


@dataclass(frozen=True, slots=True)
class Member:
    """One file inside an archive.

    Attributes:
        name: as the archive has it, with `/` between parts.
        start, stop: where its bytes lie in the archive.
        decode: what turns those bytes into the file; None when they are the file.
        refused: why it cannot be read, None when it can.
    """

    name: str
    start: int = 0
    stop: int = 0
    decode: Decode | None = None
    refused: Oddity | None = None


class Kind(StrEnum):
    """Archives that are opened."""

    ZIP = "zip"
    TAR = "tar"


UNSUPPORTED = {
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"Rar!\x1a\x07": "rar",
    b"MSCF\x00\x00\x00\x00": "cabinet",
    b"LZIP\x01": "lzip",
    b"\x04\x22\x4d\x18": "lz4",
    b"\x1f\x9d\x90": "compress (.Z)",
}
"""Known by their first bytes, and not opened."""

ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08PK\x03\x04")
TAR_BLOCK = 512
TAR_MAGIC = b"ustar"
"""At byte 257; says tar also when the header itself is damaged."""


def sniff(head: bytes) -> Kind | None:
    """Say which archive the first bytes show."""
    if head.startswith(ZIP_MAGIC):
        return Kind.ZIP
    tar = is_tar_header(head[:TAR_BLOCK]) or head[257:262] == TAR_MAGIC
    return Kind.TAR if tar else None


def unsupported(head: bytes) -> Oddity | None:
    """Say that a known archive cannot be opened here, and what to do."""
    for magic, name in UNSUPPORTED.items():
        if head.startswith(magic):
            detail = f"{name} archives are not opened: unpack it and scan the folder"
            return Oddity("file.unsupported_archive", 0, 0, detail, lost=True)
    return None


def is_tar_header(block: bytes) -> bool:
    """Say whether a block is a header: its checksum counts bytes 148..156 as spaces (ustar)."""
    if len(block) < TAR_BLOCK or not block[0]:
        return False
    declared = octal(block[148:156])
    if declared is None:
        return False
    unsigned = sum(block) - sum(block[148:156]) + 8 * 0x20
    return declared in {unsigned, unsigned - 256 * _high_bytes(block)}


def _high_bytes(block: bytes) -> int:
    """Some old writers summed signed bytes."""
    return sum(byte > 127 for byte in block[:148] + block[156:])


def octal(field: bytes) -> int | None:
    """Read a tar number: octal text, or base 256 after 0x80; None for neither."""
    if field[:1] == b"\x80":
        return int.from_bytes(field[1:], "big")
    text = field.strip(b" \0").partition(b"\0")[0].strip()
    if not text:
        return None
    return int(text, 8) if text.isdigit() and not set(text) & set(b"89") else None


def is_noise(name: str) -> bool:
    """Bookkeeping that macOS adds to folders and archives; never evidence of what happened."""
    parts = name.split("/")
    return "__MACOSX" in parts or parts[-1] == ".DS_Store"


def readable_name(raw: bytes, *, utf8: bool = True) -> str:
    """Decode a member's name; zip's other charset is code page 437, where all bytes are valid."""
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        text = raw.decode("utf-8", "surrogateescape") if utf8 else raw.decode("cp437")
    return text_name(text.replace("\\", "/"))


def short_name(name: str) -> str:
    """Cut a name that is too long to be shown anywhere."""
    if len(name) <= NAME_CHARACTERS:
        return name
    digest = hashlib.blake2b(name.encode(), digest_size=8).hexdigest()
    return f"{name[: NAME_CHARACTERS - 17]}~{digest}"


DRIVE = re.compile(r"[A-Za-z]:")


def name_trick(name: str) -> Oddity | None:
    """Say how a name would have led outside of the folder that it is unpacked to."""
    tricks = {
        "leads out of its folder": ".." in name.split("/"),
        "is absolute": name.startswith("/"),
        "names a drive": bool(DRIVE.match(name)),
        "contains a NUL": "\0" in name,
        f"is longer than {NAME_CHARACTERS} characters": len(name) > NAME_CHARACTERS,
        "hides its ending with a right-to-left mark": "\u202e" in name,
    }
    found = [trick for trick, present in tricks.items() if present]
    return Oddity("archive.name", -1, 0, f"the name {' and '.join(found)}") if found else None


def too_many(at: int) -> Oddity:
    """Say that an archive lists more than anybody would look at."""
    return Oddity(
        "limit.archive_members", at, 0, "too many members, the rest is not read", lost=True
    )
