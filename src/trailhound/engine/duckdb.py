"""The default table engine: DuckDB in memory, over Arrow tables and Parquet files it cannot change.

Queries may come from anybody who can read the evidence, so the engine reads the files it was given
and nothing else: no other file, no network, no extension, no change of its own settings.
"""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING, Self, TypeAlias

import duckdb
import pyarrow as pa

from trailhound.engine.mistakes import query_error
from trailhound.engine.views import MACROS, convenience_views, empty_view, literal, table_view
from trailhound.model.errors import QueryError, Where
from trailhound.model.limits import MIB
from trailhound.model.tables import tables

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

    from trailhound.model.tables import TableSpec

MEMORY_BYTES = 1024 * MIB
BATCH_ROWS = 50_000

Rows: TypeAlias = "pa.Table | Sequence[Path]"
"""The events of one table: in memory, or as Parquet files."""

Parameters: TypeAlias = "Sequence[str | int | float | bool | None]"


class TableEngine:
    """Answers SQL over the tables of the evidence; to be closed (it is a context manager).

    A query that needs more than `memory_bytes` works in a private temporary folder.
    """

    def __init__(
        self,
        rows: Mapping[str, Rows],
        *,
        memory_bytes: int = MEMORY_BYTES,
        threads: int = 0,
    ) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="trailhound-")
        self._connection = duckdb.connect(
            ":memory:", config=_settings(memory_bytes, threads, self._folder.name)
        )
        try:
            with _Asking(""):
                self._name(rows)
                self._shut(rows)
        except BaseException:
            self.close()
            raise

    def query(self, sql: str, parameters: Parameters = ()) -> pa.Table:
        """Answer one read-only statement; QueryError says what is wrong and where."""
        with _Asking(sql):
            return self._relation(sql, parameters).to_arrow_table()

    def stream(self, sql: str, parameters: Parameters = ()) -> pa.RecordBatchReader:
        """Answer as a stream of batches, for results that need not fit in memory.

        Errors of the evaluation itself (a bad cast in some row) come from the stream as they are.
        """
        with _Asking(sql):
            return self._relation(sql, parameters).to_arrow_reader(BATCH_ROWS)

    def close(self) -> None:
        """Forget everything; a second call does nothing."""
        self._connection.close()
        self._folder.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _name(self, rows: Mapping[str, Rows]) -> None:
        for spec in tables().values():
            self._connection.execute(self._view(spec, rows.get(spec.name, ())))
        for statement in (MACROS, *convenience_views()):
            self._connection.execute(statement)

    def _view(self, spec: TableSpec, rows: Rows) -> str:
        if isinstance(rows, pa.Table):
            self._connection.register(f"memory_{spec.name}", rows)
            return table_view(spec, f"memory_{spec.name}", rows.schema.names)
        if not rows:
            return empty_view(spec)
        files = ", ".join(literal(str(path.resolve())) for path in rows)
        source = f"read_parquet([{files}], union_by_name = true)"
        return table_view(spec, source, self._connection.from_query(f"FROM {source}").columns)

    def _shut(self, rows: Mapping[str, Rows]) -> None:
        """Allow the given files, then nothing else, for good."""
        files = [path for part in rows.values() if not isinstance(part, pa.Table) for path in part]
        allowed = ", ".join(literal(str(path.resolve())) for path in files)
        self._connection.execute(f"SET allowed_paths = [{allowed}]")
        self._connection.execute("SET enable_external_access = false")
        self._connection.execute("SET enable_progress_bar = false")
        self._connection.execute("SET lock_configuration = true")

    def _relation(self, sql: str, parameters: Parameters) -> duckdb.DuckDBPyRelation:
        if sql.encode("utf-8", "replace").decode() != sql:
            raise QueryError("the query is not text", where=_QUERY)
        statements = self._connection.extract_statements(sql)
        if len(statements) != 1:
            raise QueryError(f"one statement at a time, not {len(statements)}", where=_QUERY)
        if statements[0].type != duckdb.StatementType.SELECT:
            kind = statements[0].type.name.lower()
            raise QueryError(f"only reading is possible, not {kind}", where=_QUERY)
        try:
            return self._connection.sql(sql, params=list(parameters) or None)
        except duckdb.Error:
            self._connection.execute(sql, list(parameters))  # the same error, with its place
            raise


_QUERY = Where("query")


class _Asking:
    """Turns what the engine raises in its block into a located QueryError."""

    def __init__(self, sql: str) -> None:
        self._sql = sql

    def __enter__(self) -> None:
        pass

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if isinstance(error, duckdb.OutOfMemoryException):
            todo = "narrow the query, or raise engine.memory_bytes"
            raise QueryError("the query needs too much memory", where=_QUERY, todo=todo) from error
        if isinstance(error, duckdb.Error):
            raise query_error(str(error), self._sql) from error


def _settings(
    memory_bytes: int, threads: int, folder: str
) -> dict[str, str | bool | int | float | list[str]]:
    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": f"{memory_bytes // MIB}MiB",
        "temp_directory": folder,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_community_extensions": False,
        "python_enable_replacements": False,
    }
    return settings | ({"threads": threads} if threads else {})
