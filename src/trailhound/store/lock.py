"""Advisory locks on a workspace: one writer, any number of readers, nobody waits to read.

`lock` is held by the writer. `readers.lock` is held shared by readers and taken exclusively,
without waiting, by whoever wants to delete event files that a reader may still have open.
The system releases both when a process dies, however it dies.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from typing import TYPE_CHECKING

from trailhound.model.errors import Where, WorkspaceError
from trailhound.store.durable import located

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WRITER = "lock"
READERS = "readers.lock"
_POLL_SECONDS = 0.1
_SWEEP_SECONDS = 5
"""A reader that comes while files are deleted waits so long for that to end."""

if sys.platform == "win32":
    import msvcrt

    def _try(handle: int, *, shared: bool) -> bool:
        """Readers take none: this system refuses to delete a file that is open."""
        if shared:
            return True
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _try(handle: int, *, shared: bool) -> bool:
        try:
            fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


class Lock:
    """A lock that this process holds until `release`."""

    def __init__(self, handle: int) -> None:
        self._handle = handle

    def release(self) -> None:
        """Give the lock back; a second call does nothing."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1


def take_writer(root: Path, wait_seconds: float = 0) -> Lock:
    """Become the only writer, waiting at most so long; WorkspaceError names the process that is."""
    path = root / WRITER
    with located(path):
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    deadline = time.monotonic() + wait_seconds
    while not _try(handle, shared=False):
        if time.monotonic() >= deadline:
            holder = _read(handle)
            os.close(handle)
            raise WorkspaceError(
                f"another process writes to this workspace (process {holder or 'unknown'})",
                where=Where(str(root)),
                todo="wait for it to end, or set store.lock_wait_seconds",
            )
        time.sleep(_POLL_SECONDS)
    with contextlib.suppress(
        OSError
    ):  # the number is a courtesy: a full disk must not stop a sweep
        os.lseek(handle, 0, os.SEEK_SET)
        os.write(handle, f"{os.getpid():<12}".encode())
    return Lock(handle)


def _read(handle: int) -> str:
    os.lseek(handle, 0, os.SEEK_SET)
    return os.read(handle, 64).decode("ascii", "replace").strip()


def take_reader(root: Path) -> Lock:
    """Keep event files from being deleted while they are read; works on read-only media."""
    try:
        handle = os.open(root / READERS, os.O_RDONLY)
    except OSError:
        return Lock(-1)
    deadline = time.monotonic() + _SWEEP_SECONDS
    while not _try(handle, shared=True) and time.monotonic() < deadline:
        time.sleep(_POLL_SECONDS)
    return Lock(handle)


@contextlib.contextmanager
def no_readers(root: Path) -> Iterator[bool]:
    """Say whether nobody reads, and keep it so for the duration of the block."""
    with located(root / READERS):
        handle = os.open(root / READERS, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield _try(handle, shared=False)
    finally:
        os.close(handle)
