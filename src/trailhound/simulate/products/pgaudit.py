"""PostgreSQL's csvlog with pgaudit, `log_rows` on, one file a day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trailhound.simulate.clock import SECOND, blank_separated, chance, day_of, iso
from trailhound.simulate.evidence import Pointer
from trailhound.simulate.products.files import Series

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random

    from trailhound.simulate.evidence import Schedule


@dataclass(frozen=True, slots=True)
class Session:
    """One client's connection to one database; `began` is when it was opened."""

    user: str
    database: str
    client: str
    application: str
    pid: int
    began: int


@dataclass(frozen=True, slots=True)
class Statement:
    """One audited statement: pgaudit's class, command, object and count of rows."""

    kind: str
    command: str
    table: str
    text: str
    rows: int


@dataclass(frozen=True, slots=True)
class _Row:
    session: Session
    number: int
    tag: str
    message: str


class Database:
    """The database server's log."""

    def __init__(self, schedule: Schedule, root: Path, seed: int) -> None:
        self._schedule = schedule
        self._random: Random = chance(seed, "pgaudit")
        self._log = CsvLog(root)
        self.products = (self._log,)

    def connect(self, at: int, user: str, database: str, client: str, application: str) -> Session:
        """Write a connection, and return it for its statements."""
        pid = self._random.randrange(2_000, 30_000)
        origin = f"{client}:{self._random.randrange(40_000, 60_000)}"
        session = Session(user, database, origin, application, pid, at)
        text = (
            f"connection authorized: user={user} database={database} application_name={application}"
        )
        self._schedule.add(at, self._log.write, _Row(session, 1, "authentication", text))
        return session

    def refuse(self, at: int, user: str, client: str) -> None:
        """Write a failed password."""
        origin = f"{client}:{self._random.randrange(40_000, 60_000)}"
        session = Session(user, "shop", origin, "", self._random.randrange(2_000, 30_000), at)
        text = f'password authentication failed for user "{user}"'
        self._schedule.add(at, self._log.write, _Row(session, 2, "authentication", text))

    def run(
        self,
        at: int,
        session: Session,
        number: int,
        statement: Statement,
        *,
        step: str | None = None,
    ) -> None:
        """Write one audited statement; `number` counts the session's statements from 1."""
        text = f'"{_doubled(statement.text)}"' if "," in statement.text else statement.text
        kind = "TABLE" if statement.table else ""
        message = (
            f"AUDIT: SESSION,{number},1,{statement.kind},{statement.command},{kind},"
            f"{statement.table},{text},<not logged>,{statement.rows}"
        )
        row = _Row(session, number + 1, statement.command, message)
        self._schedule.add(at, self._log.write, row, step)


class CsvLog:
    """The log collector's files: the 26 columns of PostgreSQL 15."""

    def __init__(self, root: Path) -> None:
        folder = "linux/db1/var/log/postgresql"
        self._series = Series(root, lambda at: f"{folder}/postgresql-{day_of(at):%Y-%m-%d}.csv")

    def write(self, at: int, row: _Row) -> Pointer:
        session = row.session
        identity = f"{session.began // SECOND:x}.{session.pid:x}"
        failed = row.message.startswith("password")
        level, state = ("FATAL", "28P01") if failed else ("LOG", "00000")
        cells = (
            f"{blank_separated(at)} UTC",
            f'"{session.user}"',
            f'"{session.database}"',
            str(session.pid),
            f'"{session.client}"',
            identity,
            str(row.number),
            f'"{row.tag}"',
            f"{iso(session.began).replace('T', ' ')} UTC",
            f"{session.pid % 40}/{row.number}",
            "0",
            level,
            state,
            f'"{_doubled(row.message)}"',
            *[""] * 8,
            f'"{session.application}"',
            '"client backend"',
            "",
            "0",
        )
        offset = self._series.write(at, (",".join(cells) + "\n").encode())
        return Pointer(self._series.source, f"offset {offset} session {identity} line {row.number}")

    def tick(self, at: int) -> None:
        """Write as things happen."""

    def close(self) -> None:
        self._series.close()


def _doubled(text: str) -> str:
    return text.replace('"', '""')
