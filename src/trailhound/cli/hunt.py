"""`trailhound hunt`: saved questions to the tables, ours and the user's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from trailhound.cli.answers import answer_options, write_answer
from trailhound.cli.evidence import evidence_arguments, table_engine
from trailhound.cli.rows import write_rows
from trailhound.report.phrases import shown, wrapped

if TYPE_CHECKING:
    from pathlib import Path

    from trailhound.cli.evidence import Asked

FEW_ROWS = 5


@click.group("hunt")
def command() -> None:
    """Ask saved questions: what an analyst looks for when no rule has fired."""


@command.command("list")
def list_hunts() -> None:
    """List the hunts, ours and yours."""
    from trailhound.pipeline.hunts import hunts

    for one in hunts().values():
        mark = " (yours)" if one.own else ""
        click.echo("\n".join(wrapped(f"{one.name:28} ", shown(one.title) + mark, indent=29)))


@command.command("show")
@click.argument("name")
def show(name: str) -> None:
    """Show a hunt: why it is worth asking, and its SQL, to be changed and saved."""
    from trailhound.pipeline.hunts import hunt_named

    one = hunt_named(name)
    click.echo(shown(one.title))
    if one.why:
        click.echo("\n".join(wrapped("", shown(one.why), indent=1)))
    click.echo(f"\n{one.sql}")


@command.command("run")
@click.argument("name")
@answer_options
@evidence_arguments
def run(name: str, form: str, output: Path | None, asked: Asked) -> None:
    """Ask one hunt of PATH... or of a workspace."""
    from trailhound.pipeline.hunts import hunt_named

    one = hunt_named(name)
    with table_engine(asked) as engine:
        write_answer(engine, one.sql, form, output)


@command.command("all")
@evidence_arguments
def run_all(asked: Asked) -> None:
    """Ask every hunt of PATH... or of a workspace: how many rows each gives, and the first few."""
    from trailhound.pipeline.hunts import hunts

    with table_engine(asked) as engine:
        for one in hunts().values():
            answer = engine.query(one.sql)
            rows = "row" if answer.num_rows == 1 else "rows"
            click.echo(f"{shown(one.title)}: {answer.num_rows:,} {rows}  ({one.name})")
            if answer.num_rows:
                columns = [column.to_pylist() for column in answer.slice(0, FEW_ROWS).columns]
                write_rows(answer.schema.names, list(zip(*columns, strict=True)), "text")
                click.echo("")


@command.command("save")
@click.argument("name")
@click.argument("query")
@click.option("--title", default="", help="What it finds, in a few words.")
@click.option("--why", default="", help="Why that is worth a look.")
def save(name: str, query: str, title: str, why: str) -> None:
    """Save a QUERY under a NAME of your own; it is tried on empty tables first."""
    from trailhound.engine.duckdb import TableEngine
    from trailhound.pipeline.hunts import Hunt
    from trailhound.pipeline.hunts import save as keep

    with TableEngine({}) as engine:
        engine.query(query)
    place = keep(Hunt(name, title or name, why, query, own=True))
    click.echo(f"saved: {place}")
