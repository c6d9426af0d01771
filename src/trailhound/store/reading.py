"""Questions to a case file, all answered from one moment in time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import func, select

from trailhound.model.finding import Finding
from trailhound.model.incident import Incident
from trailhound.store import schema
from trailhound.store.events import ParquetFile
from trailhound.store.journal import first_broken
from trailhound.store.records import JournalEntry, RawRecord, Run, StoredInput

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from sqlalchemy import Connection, Row

_MANY = 500
"""Values in one `IN (...)`; SQLite allows 32,766."""


class Reading:
    """One consistent view of a workspace; `root` is its directory."""

    def __init__(self, connection: Connection, root: Path) -> None:
        self._connection = connection
        self._root = root

    def event_files(self) -> list[ParquetFile]:
        """Give the registered event files, by table, day and name."""
        table = schema.manifest
        order = select(table).order_by(table.c.table_name, table.c.day, table.c.path)
        return [
            ParquetFile(r.path, r.table_name, r.day, r.rows, r.bytes, r.first, r.last)
            for r in self._connection.execute(order)
        ]

    def event_paths(self) -> dict[str, list[Path]]:
        """Give the files of each table that has events, as the table engine wants them."""
        paths: dict[str, list[Path]] = {}
        for file in self.event_files():
            paths.setdefault(file.table, []).append(self._root / file.path)
        return paths

    def known(self, digests: Iterable[str]) -> dict[str, StoredInput]:
        """Give those of the digests that are registered."""
        table = schema.inputs
        wanted = sorted(set(digests))
        found: dict[str, StoredInput] = {}
        for start in range(0, len(wanted), _MANY):
            part = select(table).where(table.c.digest.in_(wanted[start : start + _MANY]))
            found |= {row.digest: _input(row) for row in self._connection.execute(part)}
        return found

    def inputs(self) -> list[StoredInput]:
        """Give all registered evidence, by name."""
        table = schema.inputs
        order = select(table).order_by(table.c.source, table.c.digest)
        return [_input(row) for row in self._connection.execute(order)]

    def findings(self) -> list[Finding]:
        """Give all findings by time, those without time first, then id."""
        table = schema.findings
        order = select(table.c.document).order_by(table.c.time, table.c.id)
        return [_finding(text) for text in self._connection.execute(order).scalars()]

    def finding(self, prefix: str) -> list[Finding]:
        """Give the findings whose id starts so."""
        table = schema.findings
        match = select(table.c.document).where(table.c.id.startswith(prefix, autoescape=True))
        return [_finding(t) for t in self._connection.execute(match.order_by(table.c.id)).scalars()]

    def incidents(self) -> list[Incident]:
        """Give all incidents, the highest score first."""
        table = schema.incidents
        order = select(table.c.document).order_by(table.c.score.desc(), table.c.start, table.c.id)
        found = self._connection.execute(order).scalars()
        return [msgspec.json.decode(text, type=Incident) for text in found]

    def first_seen(self) -> dict[str, int]:
        """Give the run that found each finding first."""
        table = schema.findings
        rows = self._connection.execute(select(table.c.id, table.c.first_seen_run))
        return {row.id: row.first_seen_run for row in rows}

    def raw(self, finding: str) -> list[RawRecord]:
        """Give the raw records kept for a finding, in the order of its pointers."""
        table = schema.evidence_raw
        columns = (table.c[name] for name in RawRecord.__struct_fields__)
        match = select(*columns).where(table.c.finding == finding).order_by(table.c.position)
        return [RawRecord(**row) for row in self._connection.execute(match).mappings()]

    def runs(self) -> list[Run]:
        """Give all runs, the oldest first."""
        order = select(schema.runs).order_by(schema.runs.c.run)
        return [Run(**row) for row in self._connection.execute(order).mappings()]

    def journal(self) -> list[JournalEntry]:
        """Give the whole journal, the oldest entry first."""
        order = select(schema.journal).order_by(schema.journal.c.seq)
        return [journal_entry(row) for row in self._connection.execute(order)]

    def broken_journal_entry(self) -> int | None:
        """Give the place of the first journal entry that was tampered with, None when sound."""
        return first_broken(self.journal())

    def counts(self) -> dict[str, int]:
        """Give the number of rows of each table of the case file."""
        return {
            name: self._connection.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in sorted(schema.metadata.tables.items())
        }


def journal_entry(row: Row[Any]) -> JournalEntry:
    """Build an entry from a row of the journal."""
    return JournalEntry(**row._asdict())


def _finding(text: bytes) -> Finding:
    return msgspec.json.decode(text, type=Finding)


def _input(row: Row[Any]) -> StoredInput:
    values = row._asdict()
    values["oddity_counts"] = msgspec.json.decode(values.pop("oddities"))
    return StoredInput(**values)
