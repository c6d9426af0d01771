"""ERRORLOG of SQL Server: log-ons, settings that were changed, what the server said.

Files are UTF-16 as the server writes them. Stamps are the server's local time. An error stands in
two lines of one process, `Error: 18456, Severity: 14, State: 8.` and what it means; it is one row.
Source: https://learn.microsoft.com/sql/relational-databases/errors-events/mssqlserver-18456-database-engine-error
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any

from trailhound.model.identity import source_digest
from trailhound.readers.column_batch import ColumnBatch
from trailhound.readers.lines import decoded, head_lines, line_blocks
from trailhound.readers.zones import Zones

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trailhound.model.batch import Batch, Column
    from trailhound.model.limits import Budget
    from trailhound.model.source import Source

KIND = "mssql.errorlog"
NAMES = (
    "event", "error", "severity", "state", "user", "client", "client_name", "connection", "reason",
    "setting", "old", "new",
)  # fmt: skip

_LINE = re.compile(r"(20\d\d-\d\d-\d\d \d\d:\d\d:\d\d[.,]\d\d) (\S{1,20}) +(.*)\Z")
_ERROR = re.compile(r"Error: (\d{1,9}), Severity: (\d{1,3}), State: (\d{1,4})")
_LOGIN = re.compile(r"Login (failed|succeeded) for user '([^']{0,256})'\.? ?([^\[]*)")
_CLIENT = re.compile(r"\[CLIENT: ([^\]]{1,128})\]")
_CONNECTION = re.compile(r"Connection(?:: | made using )(trusted|non-trusted|[\w ]{1,40})")
_SETTING = re.compile(
    r"Configuration option '([^']{1,128})' changed from (-?\d{1,20}) to (-?\d{1,20})"
)
_EVENTS = (
    ("SQL Server is terminating", "shutdown"),
    ("SQL Server is starting", "start"),
    ("Microsoft SQL Server 20", "start"),
    ("Starting up database ", "database_start"),
    ("Database backed up", "backup"),
    ("Log was backed up", "backup"),
    ("Database was restored", "restore"),
    ("Attempting to load library ", "library_loaded"),
    ("Using '", "library_used"),
    ("DBCC TRACEON", "trace_flag"),
    ("SQL Server Audit", "audit"),
    ("The login packet used", "login_packet"),
)
_NO_ADDRESS = ("<local machine>", "<named pipe>")


class MssqlErrorlog:
    """Reads ERRORLOG files. Not splittable: a row may have several lines."""

    name = "mssql.errorlog"
    splittable = False

    def sniff(self, head: bytes, path: str) -> float:
        """Bid on stamps with hundredths and the server's words for its processes."""
        del path
        lines = [line.decode("utf-8", "replace") for line in head_lines(head)[:40]]
        found = [match[2] for match in map(_LINE.match, lines) if match]
        ours = sum(name in ("Server", "Logon", "Backup") or name[:4] == "spid" for name in found)
        return 0.93 if ours and ours == len(found) and lines and _LINE.match(lines[0]) else 0.0

    def read(self, source: Source, budget: Budget) -> Iterator[Batch]:
        """Yield batches in the order of the source."""
        digest = source_digest(source.head)
        zones = Zones(source, budget)
        rows: list[_Row] = []
        for lines, offsets in line_blocks(source, budget):
            for line, text, place in zip(
                lines, decoded(lines, offsets, budget), offsets, strict=True
            ):
                _take(rows, line, text, place, budget)
            while len(rows) > 1:
                step = min(budget.limits.batch_rows, len(rows) - 1)
                yield _batch(source.name, rows[:step], zones, digest)
                rows = rows[step:]
        if rows:
            yield _batch(source.name, rows, zones, digest)


class _Row:
    """One entry while its lines come in."""

    __slots__ = ("lines", "offset", "process", "stamp", "texts")

    def __init__(self, stamp: str, process: str, offset: int) -> None:
        self.stamp, self.process, self.offset = stamp.replace(",", "."), process, offset
        self.lines: list[bytes] = []
        self.texts: list[str] = []

    def explains(self, stamp: str, process: str) -> bool:
        """Tell whether the next entry says what this one's error means."""
        same = self.process == process and self.stamp == stamp.replace(",", ".")
        return same and len(self.texts) == 1 and _ERROR.match(self.texts[0]) is not None


def _take(rows: list[_Row], line: bytes, text: str, offset: int, budget: Budget) -> None:
    """Add a line to the entries: it begins one, explains an error, or goes on."""
    match = _LINE.match(text)
    if match is None and not rows:
        budget.lose("errorlog.syntax", offset, len(line), "a line before the first entry")
        return
    budget.parsed_bytes += len(line)
    if match and not (rows and rows[-1].explains(match[1], match[2])):
        rows.append(_Row(match[1], match[2], offset))
    rows[-1].lines.append(line)
    rows[-1].texts.append(match[3] if match else text)


def _batch(source: str, rows: list[_Row], zones: Zones, digest: bytes) -> Batch:
    messages = ["\n".join(row.texts) for row in rows]
    columns: dict[str, Column] = {
        "timestamp": [row.stamp for row in rows],
        "process": [row.process for row in rows],
        "message": [*messages],
    }
    times, basis = zones.times([row.stamp for row in rows])
    return ColumnBatch(
        KIND, {}, source, [row.offset for row in rows], [b"\n".join(row.lines) for row in rows],
        columns, times, digest=digest, time_basis=basis,
        late=dict.fromkeys(NAMES, partial(_fields, messages)),
    )  # fmt: skip


def _fields(messages: Sequence[str]) -> dict[str, Column]:
    known = {message: parsed(message) for message in set(messages)}
    return {name: [known[message].get(name) for message in messages] for name in NAMES}


def parsed(message: str) -> dict[str, Any]:
    """Give the fields of one entry."""
    found: dict[str, Any] = {}
    if error := _ERROR.match(message):
        found |= {"error": int(error[1]), "severity": int(error[2]), "state": int(error[3])}
        message = message.partition("\n")[2]
    if login := _LOGIN.match(message):
        found |= {"event": f"login_{login[1]}", "user": login[2] or None}
        found |= {"reason": login[3].removeprefix("Reason: ").strip() or None} | _peer(message)
    elif setting := _SETTING.match(message):
        found |= {"event": "setting_changed", "setting": setting[1]}
        found |= {"old": setting[2], "new": setting[3]}
    else:
        known = (event for begin, event in _EVENTS if message.startswith(begin))
        found["event"] = next(known, "error" if "error" in found else None)
    return found


def _peer(message: str) -> dict[str, Any]:
    client = _CLIENT.search(message)
    connection = _CONNECTION.search(message)
    name = client[1] if client else None
    key = "client_name" if name in _NO_ADDRESS else "client"
    return {key: name, "connection": connection[1] if connection else None}


READER = MssqlErrorlog()
