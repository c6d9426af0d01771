"""`trailhound sql`: ask the tables of the evidence in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from trailhound.cli.evidence import evidence_arguments, table_engine
from trailhound.cli.rows import FORMATS, write_rows
from trailhound.model.errors import QueryError, UsageError, Where

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

    from trailhound.cli.evidence import Asked
    from trailhound.cli.rows import Row

_EVERY = "*"


@click.command("sql")
@click.argument("query", required=False)
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", help="Output format.")
@click.option(
    "--tables",
    is_flag=False,
    flag_value=_EVERY,
    metavar="[NAME]",
    help="List the tables, or the columns of one.",
)
@evidence_arguments
def command(query: str | None, form: str, tables: str | None, asked: Asked) -> None:
    """Ask the tables of the evidence in SQL.

    trailhound sql 'SELECT ...' PATH..., or --workspace DIRECTORY in place of PATH.
    One read-only statement in DuckDB's SQL. Times are microseconds UTC; utc(time) shows them.
    """
    if tables is not None:
        names, rows = _described(tables)
        write_rows(names, rows, form)
        return
    if not query:
        todo = "trailhound sql 'SELECT ...' PATH..., or: trailhound sql --tables"
        raise UsageError("sql needs a query", todo=todo)
    with table_engine(asked) as engine:
        reader = engine.stream(query)
        number = write_rows(reader.schema.names, _rows(reader), form)
    if form == "text":
        click.echo(f"{number:,} {'row' if number == 1 else 'rows'}", err=True)


def _rows(reader: pa.RecordBatchReader) -> Iterator[Row]:
    try:
        for batch in reader:
            yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)
    except (OSError, RuntimeError, ValueError) as error:
        raise QueryError(str(error).split("\n", 1)[0], where=Where("query")) from error


def _described(name: str) -> tuple[list[str], list[Row]]:
    from trailhound.engine.views import CONVENIENCE, convenience_columns
    from trailhound.model.tables import tables
    from trailhound.text import toml

    if name == _EVERY:
        told: list[Row] = [
            (spec.name, spec.class_uid or None, spec.title) for spec in tables().values()
        ]
        told.append(("events", None, "The common columns of all tables."))
        told.append(("entities", None, "One row per event and entity: type, role, value."))
        return ["table", "ocsf_class", "what"], told
    if name in CONVENIENCE:
        return ["column", "type"], list(convenience_columns(name))
    toml.known(name, [*tables(), *CONVENIENCE], "table", Where("--tables"))
    columns = tables()[name].columns.values()
    rows: list[Row] = [(c.name, c.type, c.unit, c.ocsf, c.ecs, c.entity or "") for c in columns]
    return ["column", "type", "unit", "ocsf", "ecs", "entity"], rows
