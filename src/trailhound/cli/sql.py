"""`trailhound sql`: ask the tables of the evidence in SQL."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click
import msgspec

from trailhound.cli.answers import PARQUET, answer_options, write_answer
from trailhound.cli.evidence import evidence_arguments, table_engine
from trailhound.cli.rows import write_rows
from trailhound.model.errors import UsageError, Where
from trailhound.pipeline.clock import now
from trailhound.text.timestamp import iso

if TYPE_CHECKING:
    from pathlib import Path

    from trailhound.cli.evidence import Asked
    from trailhound.cli.rows import Row

_EVERY = "*"


@click.command("sql")
@click.argument("query", required=False)
@answer_options
@click.option(
    "--tables",
    is_flag=False,
    flag_value=_EVERY,
    metavar="[NAME]",
    help="List the tables, or the columns of one.",
)
@click.option(
    "--watch",
    type=click.IntRange(1, 86_400),
    metavar="SECONDS",
    help="Count the rows again and again, until Ctrl-C.",
)
@evidence_arguments
def command(  # noqa: PLR0917 - one for each option
    query: str | None,
    form: str,
    output: Path | None,
    tables: str | None,
    watch: int | None,
    asked: Asked,
) -> None:
    """Ask the tables of the evidence in SQL.

    trailhound sql 'SELECT ...' PATH..., or --workspace DIRECTORY in place of PATH.
    One read-only statement in DuckDB's SQL. Times are microseconds UTC; utc(time) shows them.
    """
    if tables is not None:
        names, rows = _described(tables)
        write_rows(names, rows, "text" if form == PARQUET else form)
        return
    if not query:
        todo = "trailhound sql 'SELECT ...' PATH..., or: trailhound sql --tables"
        raise UsageError("sql needs a query", todo=todo)
    if watch:
        _watch(query, watch, asked)
        return
    with table_engine(asked) as engine:
        write_answer(engine, query, form, output)


def _watch(query: str, seconds: int, asked: Asked) -> None:
    """Say how many rows the query has, each time how many more; evidence is read again."""
    before: int | None = None
    quiet = msgspec.structs.replace(asked, quiet=True)
    while True:
        with table_engine(quiet) as engine:
            counted = engine.query(f"SELECT count(*) FROM ({query.rstrip('; ')})")  # noqa: S608 - the query is checked by the engine
        number = counted.column(0)[0].as_py()
        change = "" if before is None else f"  {number - before:+,}"
        click.echo(f"{iso(now())[:19]}Z  {number:,} {'row' if number == 1 else 'rows'}{change}")
        before = number
        time.sleep(seconds)


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
