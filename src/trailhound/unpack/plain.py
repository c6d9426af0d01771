"""Open evidence on disk as it was seen: no links, no devices, no more than it held then.

What is opened is compared with what was listed (device and inode), so a file that is swapped for
another between the two is refused and said, not read under the wrong name.
"""

from __future__ import annotations

import errno
import os
import stat
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from trailhound.model.oddity import Oddity
from trailhound.model.source import HEAD_BYTES
from trailhound.unpack.spool import read_at
from trailhound.unpack.streams import Slice, buffered

if TYPE_CHECKING:
    from pathlib import Path

    from trailhound.model.limits import Limits
    from trailhound.unpack.streams import Note

OPEN_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
REPARSE_LINKS = {0xA000000C, 0xA0000003}
"""Windows: IO_REPARSE_TAG_SYMLINK and _MOUNT_POINT (junctions); other tags are plain files."""

MAX_EXTENTS = 10_000


@dataclass(frozen=True, slots=True)
class PlainFile:
    """A regular file as it was when it was found.

    Attributes:
        size: the bytes that are read, also when the file has grown since.
        whole: False when only a part of a sparse file is read.
        stored: bytes that exist on disk, without the holes.
        head: the first bytes, read with the first look: most files are small.
        modified: when it was last written, seconds since 1970.
    """

    path: Path
    device: int
    inode: int
    size: int
    whole: bool = True
    stored: int = 0
    head: bytes = b""
    modified: float | None = None

    def store(self, note: Note) -> PlainStore:
        """Give random access; a file that cannot be opened any more is empty and noted as lost."""
        try:
            descriptor = os.open(self.path, OPEN_FLAGS)
        except OSError as error:
            note(unreadable(error))
            return PlainStore(None, 0, note)
        found = os.fstat(descriptor)
        if (found.st_dev, found.st_ino) != (self.device, self.inode):
            os.close(descriptor)
            note(Oddity("file.changed", 0, 0, "became another file while being read", lost=True))
            return PlainStore(None, 0, note)
        return PlainStore(descriptor, self.size, note)

    def open(self, note: Note) -> BinaryIO:
        """Give the bytes from the start."""
        return buffered(Slice(self.store(note)))


class PlainStore:
    """An open file of fixed size. Closed with the last stream that uses it."""

    def __init__(self, descriptor: int | None, size: int, note: Note) -> None:
        self._descriptor = descriptor
        self._lock = threading.Lock()
        self._note = note
        self.size = size

    def read_at(self, offset: int, length: int) -> bytes:
        """Give up to `length` bytes from `offset`; a read that fails gives nothing and is noted."""
        length = min(length, self.size - offset)
        if self._descriptor is None or length <= 0:
            return b""
        try:
            data = read_at(self._descriptor, self._lock, offset, length)
            self._compare(self._descriptor, offset + len(data), short=len(data) < length)
        except OSError as error:
            self._note(unreadable(error, offset))
            return b""
        return data

    def _compare(self, descriptor: int, at: int, *, short: bool) -> None:
        """At the end of the file, see whether it is still the size it was."""
        if short:
            detail = f"shrank from {self.size} bytes while being read"
            self._note(Oddity("file.shrank", at, self.size - at, detail, lost=True))
        elif at == self.size and (now := os.fstat(descriptor).st_size) > at:
            detail = f"grew to {now} bytes while being read; {at} are read"
            self._note(Oddity("file.growing", at, 0, detail))

    def __del__(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)


def unreadable(error: OSError, at: int = -1) -> Oddity:
    """Say why a file or directory cannot be read, in words that are the same everywhere."""
    reason = os.strerror(error.errno) if error.errno else "input/output error"
    name = errno.errorcode.get(error.errno or 0, "EIO")
    return Oddity("file.unreadable", at, 0, f"{reason} ({name})", lost=True)


def is_link(status: os.stat_result) -> bool:
    """A symbolic link or, on Windows, a junction: both lead elsewhere."""
    tag = getattr(status, "st_reparse_tag", 0)
    return stat.S_ISLNK(status.st_mode) or tag in REPARSE_LINKS


def special_name(mode: int) -> str:
    """Name what is neither file, directory nor link."""
    names = {
        stat.S_IFIFO: "a named pipe",
        stat.S_IFSOCK: "a socket",
        stat.S_IFCHR: "a character device",
        stat.S_IFBLK: "a block device",
    }
    return names.get(stat.S_IFMT(mode), "a special file")


def look(path: Path, limits: Limits, note: Note) -> PlainFile | None:
    """See what a path is; None when there is nothing to read, which is noted.

    The mode is looked at before the file is opened, because opening a device may act on it, and
    again afterwards, because it may have been swapped.
    """
    try:
        if _is_special(path.lstat().st_mode, note):
            return None
        descriptor = os.open(path, OPEN_FLAGS)
    except OSError as error:
        note(_refusal(error))
        return None
    try:
        return _described(path, descriptor, limits, note)
    except OSError as error:
        note(unreadable(error, 0))
        return None
    finally:
        os.close(descriptor)


def _is_special(mode: int, note: Note) -> bool:
    if stat.S_ISREG(mode) or stat.S_ISLNK(mode):
        return False
    note(Oddity("file.special", -1, 0, f"{special_name(mode)}, not read"))
    return True


def _refusal(error: OSError) -> Oddity:
    """A link swapped in after listing fails with ELOOP, a socket or dead device with ENXIO."""
    if error.errno == errno.ELOOP:
        return Oddity("file.link", -1, 0, "a symbolic link, not followed")
    if error.errno == errno.ENXIO:
        return Oddity("file.special", -1, 0, "a socket or device, not read")
    return unreadable(error)


def _described(path: Path, descriptor: int, limits: Limits, note: Note) -> PlainFile | None:
    status = os.fstat(descriptor)
    if _is_special(status.st_mode, note):
        return None
    if status.st_size == 0:
        note(Oddity("file.empty", -1, 0, "no bytes"))
        return None
    stored = stored_bytes(descriptor, status)
    most = limits.expansion_floor_bytes + limits.expansion_ratio * stored
    size = min(status.st_size, most)
    if size < status.st_size:
        detail = f"{status.st_size} bytes with {stored} on disk; the first {size} are read"
        note(Oddity("file.sparse", size, status.st_size - size, detail, lost=True))
    whole = size == status.st_size
    os.lseek(descriptor, 0, os.SEEK_SET)
    head = os.read(descriptor, min(size, HEAD_BYTES))
    return PlainFile(
        path, status.st_dev, status.st_ino, size, whole, stored, head, status.st_mtime
    )  # fmt: skip


def stored_bytes(descriptor: int, status: os.stat_result) -> int:
    """Give the bytes on disk. The block count is believed only when it looks full.

    Network file systems may report no blocks at all, so a low count is checked by asking where the
    data lies; a system that cannot say has no holes to be afraid of.
    """
    size = status.st_size
    blocks: int | None = getattr(status, "st_blocks", None)
    if blocks is None or blocks * 512 >= size or not hasattr(os, "SEEK_DATA"):
        return size
    return max(blocks * 512, _data_bytes(descriptor, status.st_size))


def _data_bytes(descriptor: int, size: int) -> int:
    total = at = 0
    try:
        for _ in range(MAX_EXTENTS):
            start = os.lseek(descriptor, at, os.SEEK_DATA)
            at = os.lseek(descriptor, start, os.SEEK_HOLE)
            total += at - start
            if at >= size:
                break
    except OSError as error:
        if error.errno != errno.ENXIO:
            return size
    return total
