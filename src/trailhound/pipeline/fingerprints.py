"""Files named by their content, so that a copy is the same evidence and a grown log is known.

A log has grown when its beginning is, byte for byte, a file of the same name that the workspace
has. That is only asked of text, where places are bytes of the file; of the rest, the ids of events
say what is known.
"""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING, BinaryIO

import msgspec

from trailhound.model.identity import HEAD_DIGEST_BYTES, record_uid, source_digest
from trailhound.model.limits import MIB
from trailhound.unpack import compression
from trailhound.unpack.walk import STANDARD_INPUT, files

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    from trailhound.store.records import StoredInput
    from trailhound.unpack.walk import File

BLOCK = 4 * MIB
_HEAD = 4096
_UTF16 = (b"\xff\xfe", b"\xfe\xff")

Beginnings = dict[int, dict[str, str]]
"""Of registered files of one name: by size and digest, the reader that read them."""


class Fingerprint(msgspec.Struct, frozen=True):
    """What a file holds.

    Attributes:
        path: where it is, as the system has it; `name` is its name in results.
        beginning: the digest of the registered file it has grown from, else empty.
        known: bytes of the beginning that are whole lines.
        reader: the reader that read the beginning; another would give other events.
        torn: the id that the part of its last line got which was there, when it was not whole.
    """

    name: str
    path: bytes
    digest: str
    size: int
    beginning: str = ""
    known: int = 0
    reader: str = ""
    torn: str = ""


def fingerprints(paths: Sequence[Path], registered: Iterable[StoredInput]) -> list[Fingerprint]:
    """Name every file under the paths; what cannot be read has no fingerprint."""
    beginnings: dict[str, Beginnings] = {}
    for one in registered:
        if one.events and "!" not in one.digest:
            sizes = beginnings.setdefault(one.source, {})
            sizes.setdefault(one.bytes, {})[one.digest] = one.reader
    found = (fingerprint(file, beginnings.get(file.name, {})) for file in files(paths, _unsaid))
    return [one for one in found if one is not None]


def fingerprint(file: File, beginnings: Mapping[int, Mapping[str, str]]) -> Fingerprint | None:
    """Read a file once; None for what is no plain file, as `scan` will say itself."""
    try:
        if file.path == STANDARD_INPUT or not file.path.is_file() or file.path.is_symlink():
            return None
        with file.path.open("rb") as stream:
            digest, size, prefixes = _digests(stream, beginnings)
            grown = max((n for n, one in prefixes.items() if one in beginnings[n]), default=0)
            made = Fingerprint(file.name, os.fsencode(file.path), digest, size)
            if not 0 < grown < size or not _is_text(stream):
                return made
            known = _whole_lines(stream, grown)
            torn = _torn(stream, known, grown) if known < grown else ""
    except OSError:
        return None
    beginning = prefixes[grown]
    return msgspec.structs.replace(
        made,
        beginning=beginning,
        known=known,
        reader=beginnings[grown][beginning],
        torn=torn,
    )


def known_files(found: Iterable[Fingerprint], registered: Collection[str]) -> set[str]:
    """Give the names to leave out: registered before, or a copy of one that is read now."""
    seen = set(registered)
    known = set()
    for one in found:
        if one.digest in seen:
            known.add(one.name)
        seen.add(one.digest)
    return known


def _digests(stream: BinaryIO, sizes: Iterable[int]) -> tuple[str, int, dict[int, str]]:
    """Give the digest and size of all, and the digests of the beginnings of these sizes."""
    digest = hashlib.blake2b(digest_size=16)
    prefixes: dict[int, str] = {}
    at = 0
    for stop in sorted(sizes):
        while at < stop and (block := stream.read(min(BLOCK, stop - at))):
            digest.update(block)
            at += len(block)
        if at == stop:
            prefixes[stop] = digest.hexdigest()
    while block := stream.read(BLOCK):
        digest.update(block)
        at += len(block)
    return digest.hexdigest(), at, prefixes


def _is_text(stream: BinaryIO) -> bool:
    stream.seek(0)
    head = stream.read(_HEAD)
    return b"\0" not in head and not head.startswith(_UTF16) and compression.sniff(head) is None


def _whole_lines(stream: BinaryIO, size: int) -> int:
    """Give where the last whole line of a beginning ends.

    A last line without its end was read as far as it went; whole, it is another event.
    """
    start = max(0, size - BLOCK)
    stream.seek(start)
    return start + stream.read(size - start).rfind(b"\n") + 1


def _torn(stream: BinaryIO, start: int, stop: int) -> str:
    """Give the id of a line that lacked its end, as formats without ids of their own make it."""
    stream.seek(0)
    source = source_digest(stream.read(min(HEAD_DIGEST_BYTES, stop)))
    stream.seek(start)
    return record_uid(source, start, stream.read(stop - start).removesuffix(b"\r"))


def _unsaid(*_: object) -> None:
    """Leave saying what cannot be listed to the scan."""
