"""One organisation or case: opened to read by anybody, to write by one process at a time."""

from __future__ import annotations

import contextlib
import os
import shutil
from typing import TYPE_CHECKING, Self

import msgspec

from trailhound.model.errors import Where, WorkspaceError
from trailhound.store import cases, durable, layout, lock
from trailhound.store.events import BUFFER_BYTES, EventWriter
from trailhound.store.reading import Reading
from trailhound.store.transaction import Transaction

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import TracebackType

    from trailhound.store.known import KnownEvents
    from trailhound.store.layout import Marker


class Info(msgspec.Struct, frozen=True):
    """What `workspace info` tells. `unregistered` are event files that do not count.

    `rows` counts events by table, `counts` rows of the case file; `journal_head` is the digest of
    the newest journal entry.
    """

    path: str
    id: str
    format: int
    created_by: str
    rows: dict[str, int]
    counts: dict[str, int]
    files: int
    bytes: int
    unregistered: int
    first: int | None
    last: int | None
    journal_head: str
    journal_broken_at: int | None


class Workspace:
    """An open workspace; made by `open`, to be closed (it is a context manager)."""

    def __init__(self, root: Path, marker: Marker, held: lock.Lock, *, write: bool) -> None:
        self.root = root
        self.marker = marker
        self.write = write
        self._lock = held
        self._cases = root / layout.CASES
        self._engine = cases.connect(self._cases, write=write)

    @classmethod
    def init(cls, root: Path, release: str) -> Marker:
        """Make a workspace in a new or empty directory, mode 0700; whole or not at all."""
        if root.is_symlink() or (root.exists() and (not root.is_dir() or any(root.iterdir()))):
            todo = "choose a new or empty directory"
            raise WorkspaceError(
                "there is something here already", where=Where(str(root)), todo=todo
            )
        draft = root.with_name(f".{root.name}.init-{os.getpid()}")
        durable.make_directory(root.parent)
        with durable.located(root):
            draft.mkdir(mode=layout.MODE)
            try:
                marker = layout.make_tree(draft, release)
                cases.migrate(draft / layout.CASES)
                draft.chmod(layout.MODE)
                if os.name == "nt" and root.exists():
                    root.rmdir()
                draft.replace(root)
            except BaseException:
                shutil.rmtree(draft, ignore_errors=True)
                raise
            durable.sync_directory(root.parent)
        return marker

    @classmethod
    def open(cls, root: Path, *, write: bool = False, wait_seconds: float = 0) -> Self:
        """Open a workspace; a writer becomes the only one and sweeps what a crash left behind."""
        marker = layout.read_marker(root)
        layout.check_format(root, marker)
        if not (root / layout.CASES).is_file():
            place = Where(str(root / layout.CASES))
            raise WorkspaceError("the case file is missing", where=place, todo="restore a backup")
        held = lock.take_writer(root, wait_seconds) if write else lock.take_reader(root)
        try:
            workspace = cls(root, marker, held, write=write)
            if write:
                workspace.sweep()
        except BaseException:
            held.release()
            raise
        return workspace

    @contextlib.contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Give one transaction; it commits, durably, when the block ends without an error."""
        if not self.write:
            raise WorkspaceError("opened for reading only", where=Where(str(self.root)))
        with cases.transaction(self._engine, self._cases) as connection:
            yield Transaction(connection)

    @contextlib.contextmanager
    def reading(self) -> Iterator[Reading]:
        """Give one consistent view; a writer does not disturb it and is not disturbed."""
        with cases.transaction(self._engine, self._cases) as connection:
            yield Reading(connection, self.root)

    def events(
        self, prefix: str, known: KnownEvents | None = None, *, buffer_bytes: int = BUFFER_BYTES
    ) -> EventWriter:
        """Give a writer of event files; `prefix` must be new: the run's number is a good one."""
        return EventWriter(self.root, prefix, known, buffer_bytes=buffer_bytes)

    def sweep(self) -> int:
        """Delete event files that no longer count, unless somebody reads; gives their number."""
        with lock.no_readers(self.root) as alone:
            if not alone:
                return 0
            rubbish = self._unregistered()
            for path in rubbish:
                with durable.located(path):
                    path.unlink(missing_ok=True)
        return len(rubbish)

    def info(self) -> Info:
        """Describe the workspace."""
        with self.reading() as view:
            files, counts, journal = view.event_files(), view.counts(), view.journal()
            broken = view.broken_journal_entry()
        rows: dict[str, int] = {}
        for file in files:
            rows[file.table] = rows.get(file.table, 0) + file.rows
        return Info(
            path=str(self.root),
            id=self.marker.id,
            format=self.marker.format,
            created_by=self.marker.created_by,
            rows=rows,
            counts=counts,
            files=len(files),
            bytes=sum(file.bytes for file in files),
            unregistered=len(self._unregistered()),
            first=min((f.first for f in files if f.first is not None), default=None),
            last=max((f.last for f in files if f.last is not None), default=None),
            journal_head=journal[-1].digest if journal else "",
            journal_broken_at=broken,
        )

    def close(self) -> None:
        """Give the locks back; a second call does nothing."""
        self._engine.dispose()
        self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _unregistered(self) -> list[Path]:
        with self.reading() as view:
            registered = {self.root / file.path for file in view.event_files()}
        found = sorted(p for p in (self.root / layout.EVENTS).rglob("*") if not p.is_dir())
        return [path for path in found if path not in registered]
