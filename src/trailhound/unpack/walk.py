"""Find evidence: files, folders, standard input. Folders are walked in name order, links never.

`files` and `expand` are the two halves of `discover`, for who hands whole files to other processes.
"""

from __future__ import annotations

import os
import stat
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from trailhound.model.errors import UsageError, Where
from trailhound.model.oddity import Oddity
from trailhound.unpack.archive import is_noise
from trailhound.unpack.expand import Blob, Expander
from trailhound.unpack.names import text_name
from trailhound.unpack.plain import is_link, look, unreadable
from trailhound.unpack.spool import Spool
from trailhound.unpack.streams import Once, Slice, buffered

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from trailhound.model.limits import Limits
    from trailhound.model.source import Source
    from trailhound.unpack.streams import Report

STANDARD_INPUT = Path("-")
STDIN_NAME = "stdin"


@dataclass(frozen=True, slots=True)
class File:
    """A place to read: its name in the result, and where it is. Standard input is `-`."""

    name: str
    path: Path


def discover(paths: Sequence[Path], limits: Limits, report: Report) -> Iterator[Source]:
    """Give every source under the paths; what cannot be read goes to `report` with its name.

    Oddities may also be reported later, while a source is read.
    """
    for file in files(paths, report):
        yield from expand(file, limits, report)


def files(paths: Sequence[Path], report: Report) -> Iterator[File]:
    """List the files under the paths. Two roots of one name are told apart as `name~2`."""
    for path in paths:
        if path != STANDARD_INPUT and _is_missing(path):
            raise UsageError("no such file or folder", where=Where(str(path)))
    seen: dict[str, int] = {}
    for path in paths:
        name = STDIN_NAME if path == STANDARD_INPUT else text_name(_root_name(path))
        seen[name] = seen.get(name, 0) + 1
        unique = name if seen[name] == 1 else f"{name}~{seen[name]}"
        yield from _under(File(unique, path), report)


def _is_missing(path: Path) -> bool:
    """Tell what is not there from what may not be looked at: that is refused when it is read."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return True
    except OSError:
        return False
    return False


def expand(file: File, limits: Limits, report: Report) -> Iterator[Source]:
    """Give the sources in one file."""
    note = Once(report, file.name)
    if file.path == STANDARD_INPUT:
        yield from _standard_input(file.name, limits, report)
        return
    plain = look(file.path, limits, note)
    if plain is None:
        return
    blob = Blob(
        file.name,
        open=lambda: plain.open(note),
        note=note,
        store=lambda: plain.store(note),
        path=plain.path if plain.whole else None,
        size=plain.size,
        head=plain.head,
    )
    yield from Expander(limits, report, plain.stored, plain.modified).sources(blob)


def _root_name(path: Path) -> str:
    """A folder gives its own name, also when it is called `.`."""
    return path.name if path.name not in {"", ".."} else path.resolve().name or "root"


def _under(root: File, report: Report) -> Iterator[File]:
    """The argument itself may be a link: somebody asked for it. Below it, none is followed."""
    if root.path == STANDARD_INPUT:
        yield root
        return
    real = Path(os.path.realpath(root.path))
    if os.path.isdir(real):  # noqa: PTH112  # unlike Path.is_dir, False where we may not look
        yield from _tree(File(root.name, real), report)
    else:
        yield File(root.name, real)


def _tree(root: File, report: Report) -> Iterator[File]:
    """Walk a folder; one that was seen before (a bind mount into itself) is not entered again."""
    pending: list[Iterator[tuple[File, os.stat_result]]] = [iter(_listing(root, report))]
    seen = {_identity(root.path.stat())}
    while pending:
        entry = next(pending[-1], None)
        if entry is None:
            pending.pop()
            continue
        file, status = entry
        if is_link(status):
            report(file.name, Oddity("file.link", -1, 0, "a symbolic link, not followed"))
        elif not stat.S_ISDIR(status.st_mode):
            yield file
        elif _identity(status) in seen and status.st_ino:
            report(file.name, Oddity("file.link", -1, 0, "a folder that was walked already"))
        else:
            seen.add(_identity(status))
            pending.append(iter(_listing(file, report)))


def _identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino


def _listing(folder: File, report: Report) -> Iterable[tuple[File, os.stat_result]]:
    """Give what a folder holds in the order of names, which is the same on every system."""
    try:
        with os.scandir(folder.path) as entries:
            names = sorted(entry.name for entry in entries)
    except OSError as error:
        report(folder.name, unreadable(error))
        return
    for name in names:
        file = File(f"{folder.name}/{text_name(name)}", folder.path / name)
        if is_noise(name):
            report(file.name, Oddity("file.noise", -1, 0, "macOS bookkeeping, not read"))
            continue
        try:
            status = file.path.lstat()
        except OSError as error:
            report(file.name, unreadable(error))
        else:
            yield file, status


def _standard_input(name: str, limits: Limits, report: Report) -> Iterator[Source]:
    """Hold standard input in a spool, because sources are read more than once."""
    note = Once(report, name)
    spool = Spool().fill(_pieces(sys.stdin.buffer), note)

    def opened() -> BinaryIO:
        return buffered(Slice(spool))

    if spool.size == 0:
        note(Oddity("file.empty", -1, 0, "no bytes"))
        return
    blob = Blob(name, opened, note, store=lambda: spool, size=spool.size)
    yield from Expander(limits, report, spool.size).sources(blob)


def _pieces(stream: BinaryIO) -> Iterator[bytes]:
    while piece := stream.read(1024 * 1024):
        yield piece
