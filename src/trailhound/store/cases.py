"""The case file: one SQLite database in WAL mode, so that readers never wait for the writer.

A transaction takes the write lock when it begins, and a commit is on disk before it returns
(`synchronous=FULL`): kill -9 or a power cut leaves the state before or after, nothing between.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from sqlalchemy import create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from trailhound.model.errors import Where, WorkspaceError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

_BUSY_SECONDS = 10
_MIGRATIONS = Path(__file__).parent / "migrations"

_TODO = {
    "SQLITE_FULL": "free some space and run the command again; nothing registered was lost",
    "SQLITE_IOERR": "check the disk and its free space; nothing registered was lost",
    "SQLITE_READONLY": "the file or its file system is read-only; nothing was changed",
    "SQLITE_CANTOPEN": "check the owner and mode of the workspace",
    "SQLITE_CORRUPT": "restore the workspace from a backup",
    "SQLITE_NOTADB": "restore the workspace from a backup",
    "SQLITE_BUSY": "another process holds the case file; try again",
}


def connect(path: Path, *, write: bool) -> Engine:
    """Open the case file. Reading leaves no trace and works on read-only media."""
    mode = "rwc" if write else "ro"
    if not write and not os.access(path.parent, os.W_OK):
        mode = "ro&immutable=1"
    address = f"file:{quote(str(path.resolve()))}?mode={mode}"

    def open_file() -> sqlite3.Connection:
        link = sqlite3.connect(address, uri=True, timeout=_BUSY_SECONDS, isolation_level=None)
        if write:
            link.execute("PRAGMA journal_mode=WAL")
            link.execute("PRAGMA synchronous=FULL")
        return link

    engine = create_engine("sqlite://", creator=open_file, poolclass=NullPool)
    begin = "BEGIN IMMEDIATE" if write else "BEGIN"
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    return engine


@contextlib.contextmanager
def transaction(engine: Engine, path: Path) -> Iterator[Connection]:
    """Run a block in one transaction; a database error becomes a located WorkspaceError."""
    with guarded(path), engine.connect() as connection, connection.begin():
        yield connection


@contextlib.contextmanager
def guarded(path: Path) -> Iterator[None]:
    """Turn a database error into a WorkspaceError that names the file and what to do."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        raise failure(error, path) from error


def failure(error: DBAPIError | sqlite3.Error, path: Path) -> WorkspaceError:
    """Describe a database error."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    name = getattr(cause, "sqlite_errorname", "")
    todo = next((text for code, text in _TODO.items() if name.startswith(code)), "")
    return WorkspaceError(str(cause), where=Where(str(path)), todo=todo)


def migrate(path: Path, versions: tuple[Path, ...] = ()) -> None:
    """Bring a case file, also an empty one, to the newest step; all in one transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.set_main_option("path_separator", "newline")
    folders = (_MIGRATIONS / "versions", *versions)
    config.set_main_option("version_locations", "\n".join(map(str, folders)))
    engine = connect(path, write=True)
    with transaction(engine, path) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    engine.dispose()


def check(path: Path) -> None:
    """Verify that the file is a sound database."""
    engine = connect(path, write=False)
    with transaction(engine, path) as connection:
        found = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
    engine.dispose()
    if found != ["ok"]:
        raise WorkspaceError(
            f"the case file is damaged: {found[0]}",
            where=Where(str(path)),
            todo="restore the workspace from a backup",
        )


def snapshot(path: Path, target: Path) -> None:
    """Copy the case file as it is at one moment, also while it is written to."""
    with guarded(path), contextlib.closing(sqlite3.connect(target)) as copy:
        address = f"file:{quote(str(path.resolve()))}?mode=ro"
        with contextlib.closing(sqlite3.connect(address, uri=True)) as origin:
            origin.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
