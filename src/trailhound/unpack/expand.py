"""From one file to the sources inside it: compression and archives undone, layer by layer.

A stack of open archives instead of recursion, one `Expansion` account for the whole file. What is
refused is reported under the name that it would have had.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, BinaryIO

from trailhound.model.oddity import Oddity
from trailhound.model.source import HEAD_BYTES, Source
from trailhound.unpack import archive, compression, tars, zips
from trailhound.unpack.expansion import Expansion, Meter
from trailhound.unpack.spool import Spool
from trailhound.unpack.streams import ChunkStream, Once, Slice, buffered, chunks_of, head_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from trailhound.model.limits import Limits
    from trailhound.unpack.streams import Note, OpenRaw, Report, Store


MEMBERS = {archive.Kind.ZIP: zips.members, archive.Kind.TAR: tars.members}

LISTED_PER_MEMBER = 4
"""An archive may list this many folders, links and notes for each file it may hold."""


@dataclass(frozen=True, slots=True)
class Blob:
    """Bytes that may turn out to be a source, a compressed layer or an archive.

    Attributes:
        as_input: the same bytes for a decoder, not charged to the account of the file.
        store: random access to the same bytes where that needs no copy.
        head: the first bytes, where they have been read already.
    """

    name: str
    open: OpenRaw
    note: Note
    as_input: OpenRaw | None = None
    store: Callable[[], Store] | None = None
    path: Path | None = None
    size: int | None = None
    depth: int = 0
    head: bytes = b""


class Expander:
    """Opens what one file on disk holds: `origin` bytes there, last written at `modified`."""

    def __init__(
        self, limits: Limits, report: Report, origin: int, modified: float | None = None
    ) -> None:
        self._limits, self._modified = limits, modified
        self._report = report
        self._account = Expansion(limits, origin)

    def sources(self, blob: Blob) -> Iterator[Source]:
        """Give every source inside, in the order of the archives."""
        open_archives: list[Iterator[Blob]] = [iter((blob,))]
        while open_archives:
            found = next(open_archives[-1], None)
            if found is None:
                open_archives.pop()
                continue
            plain, head = self._decoded(found)
            kind = archive.sniff(head)
            if kind is not None and self._may_open(plain):
                open_archives.append(self._inside(plain, kind))
            elif not self._refused(plain, head):
                yield Source(
                    plain.name, plain.open, head, plain.path, plain.size, modified=self._modified
                )

    def _decoded(self, blob: Blob) -> tuple[Blob, bytes]:
        """Take compression off until none is left or there are too many layers."""
        head = blob.head or head_of(blob.open, HEAD_BYTES)
        for _ in range(self._limits.decode_layers):
            codec = compression.sniff(head)
            if codec is None:
                return blob, head
            decode = partial(compression.decode, blob.as_input or blob.open, codec, blob.note)
            blob = self._layer(blob, decode)
            head = head_of(blob.open, HEAD_BYTES)
        if compression.sniff(head) is not None:
            detail = f"compressed more than {self._limits.decode_layers} times"
            blob.note(Oddity("limit.decode_layers", 0, 0, detail, lost=True))
        return blob, head

    def _layer(self, blob: Blob, decode: Callable[[], Iterator[bytes]]) -> Blob:
        """Put a decoder on top. Bytes that only feed the next decoder are not charged twice."""
        member = blob.depth > 0
        charged = Meter(self._account, blob.note, member=member)
        private = Meter(self._account.private(), blob.note, member=member)
        return Blob(
            blob.name,
            open=partial(_open_decoded, decode, charged),
            note=blob.note,
            as_input=partial(_open_decoded, decode, private),
            depth=blob.depth,
        )

    def _may_open(self, blob: Blob) -> bool:
        if blob.depth < self._limits.archive_depth:
            return True
        detail = f"archives nested more than {self._limits.archive_depth} deep are not opened"
        blob.note(Oddity("limit.archive_depth", 0, 0, detail, lost=True))
        return False

    def _refused(self, blob: Blob, head: bytes) -> bool:
        """Say why there is no source in these bytes; False when there is one."""
        if not head:
            if not self._account.exhausted:
                blob.note(Oddity("file.empty", -1, 0, "no bytes"))
            return True
        oddity = archive.unsupported(head)
        if oddity is not None:
            blob.note(oddity)
        return oddity is not None

    def _inside(self, blob: Blob, kind: archive.Kind) -> Iterator[Blob]:
        """Give the members of an archive until a limit of the whole file is met."""
        store = self._store(blob)
        names: dict[str, int] = {}
        listed = noise = 0
        most = LISTED_PER_MEMBER * self._limits.archive_members
        for member in MEMBERS[kind](store, most, blob.note):
            listed += 1
            if member.name.endswith("/"):
                continue
            if archive.is_noise(member.name):
                noise += 1
                continue
            if self._full(blob):
                break
            yield from self._member(blob, store, member, self._unique(names, member, blob))
        if not listed:
            blob.note(Oddity("archive.empty", -1, 0, "an archive without members"))
        if noise:
            blob.note(
                Oddity("archive.noise", -1, 0, f"{noise} files of macOS bookkeeping not read")
            )

    def _store(self, blob: Blob) -> Store:
        """An archive is read out of order; one that comes out of a decoder is spooled once."""
        if blob.store is not None:
            return blob.store()
        return Spool().fill(chunks_of(blob.open), blob.note)

    def _full(self, blob: Blob) -> bool:
        if self._account.members >= self._limits.archive_members:
            detail = f"more than {self._limits.archive_members} members, the rest is not read"
            blob.note(Oddity("limit.archive_members", -1, 0, detail, lost=True))
            return True
        self._account.members += 1
        if self._account.exhausted:
            detail = "what this file decodes to has reached its limit, the rest is not read"
            blob.note(Oddity("limit.ratio", -1, 0, detail, lost=True))
        return self._account.exhausted

    def _unique(self, names: dict[str, int], member: archive.Member, blob: Blob) -> str:
        """Two members of one name are two sources; the second is called `name~2`."""
        short = archive.short_name(member.name)
        names[short] = names.get(short, 0) + 1
        if names[short] == 1:
            return short
        blob.note(Oddity("archive.ambiguous", member.start, 0, f"holds '{short}' more than once"))
        return f"{short}~{names[short]}"

    def _member(
        self, blob: Blob, store: Store, member: archive.Member, name: str
    ) -> Iterator[Blob]:
        full = f"{blob.name}!{name}"
        note = Once(self._report, full)
        trick = archive.name_trick(member.name)
        if trick is not None:
            note(trick)
        if member.refused is not None:
            note(member.refused)
            return
        window = partial(_open_slice, store, member.start, member.stop)
        inner = Blob(full, window, note, depth=blob.depth + 1)
        if member.decode is None:
            part = partial(_Part, store, member.start, member.stop)
            yield replace(inner, store=part, size=member.stop - member.start)
        else:
            decode = partial(member.decode, window, note)
            meter = Meter(self._account, note, member=True)
            yield replace(inner, open=partial(_open_decoded, decode, meter))


class _Part:
    """A member of a tar as a store of its own, so that an archive in it needs no copy."""

    def __init__(self, store: Store, start: int, stop: int) -> None:
        self._store = store
        self._start = start
        self.size = stop - start

    def read_at(self, offset: int, length: int) -> bytes:
        """Give up to `length` bytes from `offset`."""
        length = max(0, min(length, self.size - offset))
        return self._store.read_at(self._start + offset, length)


def _open_slice(store: Store, start: int, stop: int) -> BinaryIO:
    return buffered(Slice(store, start, stop))


def _open_decoded(decode: Callable[[], Iterator[bytes]], meter: Meter) -> BinaryIO:
    return buffered(ChunkStream(meter.limited(decode())))
