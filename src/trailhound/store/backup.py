"""A workspace as one archive, taken while it is in use, and back.

The archive is a plain tar with zstd (`.tar.zst`) or gzip (`.tar.gz`), so that it can be read
without this program. Restoring trusts nothing in it: regular files with known names only.
"""

from __future__ import annotations

import gzip
import os
import shutil
import tarfile
import tempfile
import zlib
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, BinaryIO

import pyarrow as pa

from trailhound.model.errors import UsageError, Where, WorkspaceError
from trailhound.store import cases, durable, layout
from trailhound.store.verify import verify

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trailhound.store.workspace import Workspace

_SUFFIXES = (".tar.zst", ".tar.gz")
_FILES = {layout.MARKER, layout.CASES, layout.ORGANISATION, layout.ALLOW}
_FOLDERS = {layout.EVENTS, layout.RULES}
_CHUNK = 1024 * 1024


def backup(workspace: Workspace, target: Path) -> int:
    """Write the archive atomically; gives the number of files in it. Writers need not stop."""
    _check_suffix(target)
    with durable.located(target), tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        copy = Path(scratch) / layout.CASES
        cases.snapshot(workspace.root / layout.CASES, copy)
        members = {layout.CASES: copy} | dict(_members(workspace.root, copy))
        durable.write(target, lambda file: _pack(file, target, members))
    return len(members)


def restore(archive: Path, root: Path) -> None:
    """Unpack an archive into a new or empty directory, verify it, and only then put it in place."""
    _check_suffix(archive)
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise WorkspaceError("there is something here already", where=Where(str(root)))
    draft = root.with_name(f".{root.name}.restoring-{os.getpid()}")
    durable.make_directory(root.parent)
    with durable.located(draft):
        draft.mkdir(mode=layout.MODE)
        try:
            _unpack(archive, draft)
            _complete(draft)
            verify(draft)
            draft.replace(root)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
        durable.sync_directory(root.parent)


def _check_suffix(path: Path) -> None:
    if not path.name.endswith(_SUFFIXES):
        raise UsageError(f"{path.name}: a backup ends with .tar.zst or .tar.gz")


def _members(root: Path, case_file: Path) -> Iterator[tuple[str, Path]]:
    """Give what belongs to the moment of the copied case file."""
    for name in sorted(_FILES - {layout.CASES}):
        if (root / name).is_file():
            yield name, root / name
    for path in sorted((root / layout.RULES).rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path.relative_to(root).as_posix(), path
    engine = cases.connect(case_file, write=False)
    with cases.transaction(engine, case_file) as connection:
        names = connection.exec_driver_sql("SELECT path FROM manifest ORDER BY path").scalars()
        yield from ((name, root / name) for name in names.all())
    engine.dispose()


def _pack(file: BinaryIO, target: Path, members: dict[str, Path]) -> None:
    with _compressing(file, target) as packed, tarfile.open(mode="w|", fileobj=packed) as tar:
        for name, path in members.items():
            info = tarfile.TarInfo(name)
            info.size, info.mode = path.stat().st_size, 0o600
            with path.open("rb") as content:
                tar.addfile(info, content)


def _compressing(file: BinaryIO, target: Path) -> BinaryIO:
    """Compress; equal content gives equal bytes, so gzip gets no name and no time."""
    stream: BinaryIO
    if target.name.endswith(".gz"):
        stream = gzip.GzipFile("", "wb", 6, file, mtime=0)  # type: ignore[assignment]
    else:
        stream = pa.CompressedOutputStream(pa.PythonFile(_KeptOpen(file), "w"), "zstd")
    return stream


class _KeptOpen:
    """A file that pyarrow may close while its owner still has to fsync it."""

    def __init__(self, file: BinaryIO) -> None:
        self.write, self.flush, self.closed = file.write, file.flush, False

    def close(self) -> None:
        """Leave closing to the owner."""


def _unpack(archive: Path, draft: Path) -> None:
    broken = (tarfile.TarError, zlib.error, EOFError, pa.ArrowException, gzip.BadGzipFile)
    with archive.open("rb") as file:
        try:
            with tarfile.open(mode="r|", fileobj=_decompressing(file, archive)) as tar:
                for info in tar:
                    _extract(tar, info, draft, Where(str(archive)))
        except broken as error:
            where = Where(str(archive))
            raise WorkspaceError(f"the archive is damaged: {error}", where=where) from error


def _decompressing(file: BinaryIO, archive: Path) -> BinaryIO:
    stream: BinaryIO
    if archive.name.endswith(".gz"):
        stream = gzip.GzipFile("", "rb", fileobj=file)  # type: ignore[assignment]
    else:
        stream = pa.CompressedInputStream(pa.PythonFile(file, "r"), "zstd")
    return stream


def _extract(tar: tarfile.TarFile, info: tarfile.TarInfo, draft: Path, where: Where) -> None:
    content = tar.extractfile(info) if info.isreg() else None
    if content is None or not _belongs(info.name):
        raise WorkspaceError(f"not a backup of a workspace: it contains {info.name!r}", where=where)
    path = draft / info.name
    path.parent.mkdir(parents=True, exist_ok=True, mode=layout.MODE)
    with path.open("xb") as file:
        shutil.copyfileobj(content, file, _CHUNK)


def _belongs(name: str) -> bool:
    """Accept the names that `backup` writes: relative, plain, below a known folder."""
    parts = PurePosixPath(name).parts
    plain = name == "/".join(parts) and not {"..", "."} & set(parts) and name.isprintable()
    if not plain or "\\" in name or ":" in name or name.startswith("/"):
        return False
    return name in _FILES or (len(parts) > 1 and parts[0] in _FOLDERS)


def _complete(draft: Path) -> None:
    for name in _FOLDERS:
        (draft / name).mkdir(exist_ok=True)
    for name in ("lock", "readers.lock"):
        (draft / name).touch(mode=0o600)
