"""Everything one batch of work writes, together or not at all."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.sqlite import insert

from trailhound.store import schema
from trailhound.store.journal import follow
from trailhound.store.reading import journal_entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Connection, Table

    from trailhound.model.finding import Finding
    from trailhound.model.incident import Incident
    from trailhound.model.result import InputReport
    from trailhound.store.events import ParquetFile
    from trailhound.store.records import RawRecord

RAW_RECORDS = 100


class Transaction:
    """Writes to the case file; what it wrote counts when the block that gave it ends well.

    `run` is the number that `begin_run` gave; times are microseconds UTC and come from the caller.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def begin_run(self, command: str, release: str, started: int) -> int:
        """Note that a command starts to write; gives the run's number."""
        newest = self._connection.execute(select(func.max(schema.runs.c.run))).scalar()
        run = (newest or 0) + 1
        row = {"run": run, "command": command, "release": release, "started": started}
        self._put(schema.runs, [row | {"ended": None, "status": "running", "stats": b"{}"}])
        return run

    def end_run(self, run: int, ended: int, status: str, stats: object = None) -> None:
        """Note how a run ended: `done`, `interrupted` or `failed`."""
        change = {"ended": ended, "status": status, "stats": document(stats or {})}
        self._connection.execute(update(schema.runs).where(schema.runs.c.run == run).values(change))

    def register_parquet(
        self, files: Iterable[ParquetFile], *, run: int, input_digest: str = ""
    ) -> None:
        """Let event files count; name the input when all their events come from one."""
        rows = [
            {
                "path": file.path,
                "table_name": file.table,
                "day": file.day,
                "rows": file.rows,
                "bytes": file.bytes,
                "first": file.first,
                "last": file.last,
                "input_digest": input_digest,
                "run": run,
            }
            for file in files
        ]
        self._put(schema.manifest, rows)

    def unregister_parquet(self, paths: Iterable[str]) -> None:
        """Let event files no longer count; `sweep` deletes them when nobody reads."""
        table = schema.manifest
        for path in paths:
            self._connection.execute(delete(table).where(table.c.path == path))

    def register_input(self, report: InputReport, *, run: int) -> bool:
        """Register evidence by content; False when it was known, and then nothing changes."""
        row = {
            "digest": report.digest,
            "source": _clean(report.source),
            "reader": report.reader,
            "events": report.events,
            "bytes": report.bytes,
            "first": report.first,
            "last": report.last,
            "oddities": json.dumps(report.oddity_counts, sort_keys=True),
            "incomplete": report.incomplete,
            "run": run,
        }
        statement = insert(schema.inputs).values(row).on_conflict_do_nothing()
        return bool(self._connection.execute(statement).rowcount)

    def upsert_findings(self, findings: Iterable[Finding], *, run: int) -> None:
        """Add findings, or revise those with the same id."""
        rows = [
            {
                "id": finding.id,
                "time": finding.time,
                "severity": int(finding.severity),
                "confidence": finding.confidence,
                "nature": finding.nature.value,
                "detector": finding.detector.id,
                "document": document(finding),
            }
            for finding in findings
        ]
        self._revise(schema.findings, rows, run)

    def forget_findings(self, findings: Iterable[str]) -> None:
        """Drop findings, by id, that have no evidence any more, and the records beside them."""
        raw, table = schema.evidence_raw, schema.findings
        for finding in findings:
            self._connection.execute(delete(raw).where(raw.c.finding == finding))
            self._connection.execute(delete(table).where(table.c.id == finding))

    def upsert_incidents(self, incidents: Iterable[Incident], *, run: int) -> None:
        """Add incidents, or revise those with the same id."""
        rows = [
            {
                "id": incident.id,
                "score": incident.score,
                "start": incident.start,
                "document": document(incident),
            }
            for incident in incidents
        ]
        self._revise(schema.incidents, rows, run)

    def forget_inputs(self, digests: Iterable[str]) -> None:
        """Let evidence no longer be registered: what continues it takes its place."""
        table = schema.inputs
        for digest in digests:
            self._connection.execute(delete(table).where(table.c.digest == digest))

    def keep_raw(self, finding: str, records: Sequence[RawRecord]) -> None:
        """Keep these raw records behind a finding, at most 100, in the place of earlier ones."""
        table = schema.evidence_raw
        self._connection.execute(delete(table).where(table.c.finding == finding))
        rows = [
            msgspec.structs.asdict(record)
            | {"finding": finding, "position": position, "source": _clean(record.source)}
            for position, record in enumerate(records[:RAW_RECORDS])
        ]
        self._put(table, rows)

    def journal(self, at: int, actor: str, action: str, **detail: object) -> None:
        """Append to the journal."""
        table = schema.journal
        newest = select(table).order_by(table.c.seq.desc()).limit(1)
        last = self._connection.execute(newest).one_or_none()
        entry = follow(journal_entry(last) if last else None, at, actor, action, detail)
        self._put(table, [msgspec.structs.asdict(entry)])

    def _put(self, table: Table, rows: list[dict[str, Any]]) -> None:
        if rows:
            self._connection.execute(table.insert(), rows)

    def _revise(self, table: Table, rows: list[dict[str, Any]], run: int) -> None:
        if not rows:
            return
        statement = insert(table)
        changes: Mapping[str, Any] = {
            name: statement.excluded[name] for name in (*rows[0], "last_seen_run") if name != "id"
        }
        statement = statement.on_conflict_do_update(index_elements=["id"], set_=dict(changes))
        seen = {"first_seen_run": run, "last_seen_run": run}
        self._connection.execute(statement, [row | seen for row in rows])


def document(thing: object) -> bytes:
    """Write a struct as JSON; unpaired surrogates, which JSON cannot hold, become U+FFFD."""
    try:
        return msgspec.json.encode(thing)
    except UnicodeEncodeError:
        text = json.dumps(msgspec.to_builtins(thing), ensure_ascii=False)
        return _clean(text).encode()


def _clean(text: str) -> str:
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
