"""Zip archives: the central directory is the plan, the local headers are the check.

PKWARE APPNOTE 6.3.10. Two lists of members that disagree are how scanners are fooled, so both are
read: a member that only its local header knows is given as well, and every disagreement is noted.
An archive without its end, cut off while it was copied, is read along its local headers.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from trailhound.model.oddity import Oddity
from trailhound.unpack.archive import Member, readable_name, too_many
from trailhound.unpack.zip_methods import decoder_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trailhound.unpack.streams import Note, Store

LOCAL = struct.Struct("<4s5H3I2H")
CENTRAL = struct.Struct("<4s6H3I5H2I")
END = struct.Struct("<4s4H2IH")
END64 = struct.Struct("<4sQ2H2I4Q")
LOCATOR64 = struct.Struct("<4sIQI")
LOCAL_MAGIC, CENTRAL_MAGIC = b"PK\x03\x04", b"PK\x01\x02"
END_MAGIC, END64_MAGIC, LOCATOR64_MAGIC = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"
DESCRIPTOR_MAGIC = b"PK\x07\x08"
MAX16, MAX32 = 0xFFFF, 0xFFFFFFFF
UTF8, STREAMED, ENCRYPTED = 0x800, 0x8, 0x2041
"""Flag bits; encryption has three: traditional, strong, and of the directory itself."""

GAP_BYTES = 64
"""Smaller gaps between members are data descriptors and alignment."""

SCAN_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Entry:
    """One member as one of its two headers describes it; `at` is where the local header lies."""

    raw_name: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    at: int
    link: bool = False

    @property
    def name(self) -> str:
        """The name as text."""
        return readable_name(self.raw_name, utf8=bool(self.flags & UTF8))


@dataclass(frozen=True, slots=True)
class Directory:
    """Where the central directory lies. `shift`: bytes before the archive's own start."""

    start: int
    stop: int
    shift: int
    count: int
    end: int


def members(store: Store, most: int, note: Note) -> Iterator[Member]:
    """Give the members, at most `most` and those that only local headers name."""
    directory = _find_directory(store, note)
    if directory is None:
        note(Oddity("archive.truncated", store.size, 0, "has no directory at its end", lost=True))
        yield from _walk_local(store, 0, store.size)
        return
    spans: list[tuple[int, int]] = [(directory.start, directory.end)]
    for number, entry in enumerate(_central(store, directory, note)):
        if number >= most:
            note(too_many(entry.at))
            return
        member, stop = _checked(store, entry, note)
        spans.append((entry.at, stop))
        yield member
    yield from _outside(store, spans, note)


def _find_directory(store: Store, note: Note) -> Directory | None:
    """Look for the end record from the back; a comment may hide others, so each is tried."""
    base = max(0, store.size - END.size - MAX16)
    tail = store.read_at(base, store.size - base)
    at = len(tail)
    while (at := tail.rfind(END_MAGIC, 0, at)) >= 0:
        found = _directory_at(store, base + at, tail[at : at + END.size])
        if found is not None:
            if found.end != store.size:
                text = f"{store.size - found.end} bytes follow the end of the archive"
                note(Oddity("archive.ambiguous", found.end, store.size - found.end, text))
            return found
    return None


def _directory_at(store: Store, at: int, record: bytes) -> Directory | None:
    if len(record) < END.size:
        return None
    _, _, _, _, count, length, offset, comment = END.unpack(record)
    stop = at
    if MAX16 in {count, length, offset} or MAX32 in {length, offset}:
        locator = store.read_at(at - LOCATOR64.size, LOCATOR64.size) if at > LOCATOR64.size else b""
        if locator.startswith(LOCATOR64_MAGIC):
            wide = _end64(store, at, LOCATOR64.unpack(locator)[2])
            stop, count, length, offset = wide or (at, count, length, offset)
    start = stop - length
    if start < 0 or (length and store.read_at(start, 4) != CENTRAL_MAGIC):
        return None
    return Directory(start, stop, max(0, start - offset), count, at + END.size + comment)


def _end64(store: Store, at: int, declared: int) -> tuple[int, int, int, int] | None:
    """Read the zip64 end record: just before its locator or, when extended, where that says."""
    for stop in (at - LOCATOR64.size - END64.size, declared):
        record = store.read_at(stop, END64.size) if stop >= 0 else b""
        if len(record) == END64.size and record.startswith(END64_MAGIC):
            *_, count, length, offset = END64.unpack(record)
            return stop, count, length, offset
    return None


def _central(store: Store, directory: Directory, note: Note) -> Iterator[Entry]:
    at, number = directory.start, 0
    while at < directory.stop:
        fixed = store.read_at(at, CENTRAL.size)
        if len(fixed) < CENTRAL.size or not fixed.startswith(CENTRAL_MAGIC):
            note(Oddity("archive.damaged", at, 0, "the directory ends too early", lost=True))
            return
        names, extras, comments = struct.unpack_from("<3H", fixed, 28)
        variable = store.read_at(at + CENTRAL.size, names + extras)
        yield _central_entry(fixed, variable[:names], variable[names:], directory.shift)
        at += CENTRAL.size + names + extras + comments
        number += 1
    if number & MAX16 != directory.count & MAX16:
        text = f"the directory has {number} entries and claims {directory.count}"
        note(Oddity("archive.ambiguous", directory.start, 0, text))


def _central_entry(fixed: bytes, name: bytes, extra: bytes, shift: int) -> Entry:
    fields = CENTRAL.unpack(fixed)
    made_by, flags, method = fields[1] >> 8, fields[3], fields[4]
    crc, packed, size, offset = fields[7], fields[8], fields[9], fields[16]
    size, packed, offset = _wide(extra, size, packed, offset)
    link = made_by == 3 and fields[15] >> 28 == 0xA
    return Entry(name, flags, method, crc, packed, size, offset + shift, link)


def _wide(extra: bytes, *narrow: int) -> tuple[int, ...]:
    """Replace each 32-bit number that is full by the 64-bit one of the zip64 extra field."""
    at = 0
    while at + 4 <= len(extra):
        tag, length = struct.unpack_from("<2H", extra, at)
        if tag == 1:
            count = min(length, len(extra) - at - 4) // 8
            numbers = list(struct.unpack_from(f"<{count}Q", extra, at + 4))
            return tuple(
                numbers.pop(0) if value == MAX32 and numbers else value for value in narrow
            )
        at += 4 + length
    return narrow


def _local(store: Store, at: int) -> tuple[Entry, int] | None:
    """Read a local header: the entry and where its bytes start."""
    fixed = store.read_at(at, LOCAL.size) if at >= 0 else b""
    if len(fixed) < LOCAL.size or not fixed.startswith(LOCAL_MAGIC):
        return None
    fields = LOCAL.unpack(fixed)
    variable = store.read_at(at + LOCAL.size, fields[9] + fields[10])
    size, packed = _wide(variable[fields[9] :], fields[8], fields[7])
    entry = Entry(variable[: fields[9]], fields[2], fields[3], fields[6], packed, size, at)
    return entry, at + LOCAL.size + fields[9] + fields[10]


def _checked(store: Store, entry: Entry, note: Note) -> tuple[Member, int]:
    """Compare a directory entry with its local header; give the member and where it ends."""
    local = _local(store, entry.at)
    if local is None:
        refused = Oddity("archive.damaged", entry.at, 0, "not where the directory says", lost=True)
        return Member(entry.name, refused=refused), entry.at
    other, start = local
    differs = _differences(entry, other)
    if differs:
        text = f"{entry.name!a}: directory and local header disagree on {' and '.join(differs)}"
        note(Oddity("archive.ambiguous", entry.at, 0, text))
    stop = start + entry.packed
    if stop > store.size:
        text = f"{entry.name!a} goes beyond the end of the archive"
        note(Oddity("archive.truncated", entry.at, 0, text, lost=True))
    return _member(entry, start, min(stop, store.size)), stop


def _differences(entry: Entry, local: Entry) -> list[str]:
    pairs = {
        "the name": (entry.raw_name, local.raw_name),
        "the method": (entry.method, local.method),
        "encryption": (entry.flags & ENCRYPTED, local.flags & ENCRYPTED),
    }
    if not local.flags & STREAMED:
        pairs["the size"] = ((entry.packed, entry.size), (local.packed, local.size))
        pairs["the checksum"] = (entry.crc, local.crc)
    return [what for what, (ours, theirs) in pairs.items() if ours != theirs]


def _member(entry: Entry, start: int, stop: int) -> Member:
    if entry.flags & ENCRYPTED:
        refused = Oddity("archive.encrypted", entry.at, 0, "needs a password", lost=True)
        return Member(entry.name, refused=refused)
    if entry.link:
        refused = Oddity("archive.link", entry.at, 0, "a symbolic link, not followed")
        return Member(entry.name, refused=refused)
    decode = decoder_of(entry.method, entry.flags, entry.crc, entry.size)
    if isinstance(decode, Oddity):
        return Member(entry.name, refused=decode)
    return Member(entry.name, start, stop, decode)


def _outside(store: Store, spans: list[tuple[int, int]], note: Note) -> Iterator[Member]:
    """Look at what lies between, before and after the members the directory knows."""
    reached = 0
    for start, stop in [*sorted(spans), (store.size, store.size)]:
        if start < reached and start < store.size:
            text = "members lie over each other"
            note(Oddity("archive.overlap", start, reached - start, text))
        elif store.read_at(reached, 4) == LOCAL_MAGIC and start - reached > LOCAL.size:
            text = "holds members that its directory does not name"
            note(Oddity("archive.ambiguous", reached, start - reached, text))
            yield from _walk_local(store, reached, start)
        elif start - reached > GAP_BYTES:
            text = f"{start - reached} bytes belong to no member"
            note(Oddity("archive.ambiguous", reached, start - reached, text))
        reached = max(reached, stop)


def _walk_local(store: Store, at: int, stop: int) -> Iterator[Member]:
    """Follow local headers from `at`, without a directory."""
    while at < stop and (found := _local(store, at)) is not None:
        entry, start = found
        if entry.flags & STREAMED and not entry.packed:
            entry, end = _streamed(store, entry, start, stop)
        else:
            end = start + entry.packed
        if not entry.raw_name.endswith(b"/"):
            yield _member(entry, start, min(end, stop))
        at = _next_local(store, end, stop)


def _next_local(store: Store, at: int, stop: int) -> int:
    """Step over a data descriptor: 12 to 24 bytes."""
    window = store.read_at(at, 28) if at < stop else b""
    step = window.find(LOCAL_MAGIC)
    return at + step if step >= 0 else stop


def _streamed(store: Store, entry: Entry, start: int, stop: int) -> tuple[Entry, int]:
    """Find the end of a member whose size follows it: a descriptor that states just this length."""
    at = start
    while at < stop:
        window = store.read_at(at, SCAN_BYTES + 24)
        step = window.find(DESCRIPTOR_MAGIC)
        while 0 <= step < SCAN_BYTES and step + 16 <= len(window):
            packed = struct.unpack_from("<I", window, step + 8)[0]
            if packed == (at + step - start) & MAX32:
                return replace(entry, packed=at + step - start, size=-1), at + step
            step = window.find(DESCRIPTOR_MAGIC, step + 4)
        at += SCAN_BYTES
    return replace(entry, packed=stop - start, size=-1), stop
