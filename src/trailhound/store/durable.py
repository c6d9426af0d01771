"""Files that exist whole or not at all, and errors that say which file failed."""

from __future__ import annotations

import contextlib
import errno
import os
from typing import TYPE_CHECKING, BinaryIO

from trailhound.model.errors import Where, WorkspaceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PARTIAL = ".partial"
"""Ending of a file that is being written; whatever still has it after a crash is rubbish."""

_TODO = {
    errno.ENOSPC: "free some space and run the command again; nothing registered was lost",
    errno.EDQUOT: "the disk quota is used up; nothing registered was lost",
    errno.EFBIG: "a file size limit was reached; nothing registered was lost",
    errno.EROFS: "the file system is read-only; nothing was changed",
    errno.EACCES: "check the owner and mode of the workspace; nothing was changed",
    errno.EPERM: "check the owner and mode of the workspace; nothing was changed",
}


@contextlib.contextmanager
def located(path: Path) -> Iterator[None]:
    """Turn an operating system error into a WorkspaceError that names the file and what to do."""
    try:
        yield
    except OSError as error:
        raise failure(error, path) from error


def failure(error: OSError, path: Path) -> WorkspaceError:
    """Describe an operating system error."""
    place = error.filename if isinstance(error.filename, str) else str(path)
    what = (error.strerror or str(error)).lower()
    return WorkspaceError(what, where=Where(place), todo=_TODO.get(error.errno or 0, ""))


def write(path: Path, fill: Callable[[BinaryIO], object]) -> int:
    """Let `fill` write a file beside `path`, fsync it, put it in place; gives its bytes."""
    partial = path.with_name(path.name + PARTIAL)
    with located(path):
        try:
            with partial.open("wb") as file:
                fill(file)
                file.flush()
                os.fsync(file.fileno())
                size = file.tell()
            partial.replace(path)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise
        sync_directory(path.parent)
    return size


def sync_directory(path: Path) -> None:
    """Make renames in a directory survive a power cut, where directories can be opened."""
    if os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_directory(path: Path, mode: int = 0o777) -> None:
    """Make a directory and its parents, durably."""
    if path.is_dir():
        return
    with located(path):
        path.mkdir(parents=True, exist_ok=True, mode=mode)
        sync_directory(path.parent)
