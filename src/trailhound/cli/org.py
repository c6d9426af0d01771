"""`trailhound org`: what the organisation is, told or learnt."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from trailhound.cli.evidence import evidence_arguments, table_engine
from trailhound.cli.paths import PathGiven
from trailhound.model.errors import UsageError, Where
from trailhound.text.escape import printable

if TYPE_CHECKING:
    from trailhound.cli.evidence import Asked

_FILE = click.option(
    "--file",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The org.toml; default: that of --workspace, else ./org.toml.",
)
_WRITE = click.option("--write", is_flag=True, help="Write the file instead of printing it.")
_WORKSPACE = click.option("--workspace", type=PathGiven(), help="Its org.toml.")


@click.group("org")
def command() -> None:
    """What the organisation is: domains, networks, people."""


@command.command("learn")
@_FILE
@_WRITE
@evidence_arguments
def learn(file: Path | None, asked: Asked, *, write: bool) -> None:
    """Infer an org.toml from evidence.

    Each value comes with the share of the evidence that speaks for it.
    """
    from trailhound.model.organisation import Organisation
    from trailhound.pipeline import organisation

    place = _place(file, asked.workspace)
    if write and organisation.read(place) != Organisation():
        raise UsageError("it has values already", where=Where(str(place)), todo="use org check")
    with table_engine(asked) as engine:
        found = organisation.learn(engine)
    _give(organisation.write(organisation.assumed(found), found), place, write=write)


@command.command("show")
@_FILE
@_WORKSPACE
def show(file: Path | None, workspace: Path | None) -> None:
    """Print what org.toml says, checked."""
    from trailhound.pipeline import organisation

    place = _place(file, workspace)
    text = organisation.write(organisation.read(place))
    _give(text or f"# {place} says nothing: all is inferred\n", place, write=False)


@command.command("check")
@_FILE
@evidence_arguments
def check(file: Path | None, asked: Asked) -> None:
    """Compare org.toml with the evidence; exit 1 where they disagree."""
    from trailhound.model.organisation import Organisation
    from trailhound.pipeline import organisation

    place = _place(file, asked.workspace)
    told = organisation.read(place)
    if told == Organisation():
        click.echo(printable(f"{place} says nothing, so nothing can contradict it"))
        click.echo("next: trailhound org learn PATH... --write")
        return
    with table_engine(asked) as engine:
        found = organisation.check(told, engine)
    for one in found:
        click.echo(printable(f"{one.key}: {one.value}: {one.evidence}"))
    if found:
        click.get_current_context().exit(1)
    click.echo("nothing in the evidence contradicts it")


@command.command("import")
@click.argument("export", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@_FILE
@_WORKSPACE
@_WRITE
def import_(export: Path, file: Path | None, workspace: Path | None, *, write: bool) -> None:
    """Add the people of a directory export.

    The export may be CSV, JSON or LDIF.
    """
    from trailhound.pipeline import organisation
    from trailhound.pipeline.directory import read_directory

    place = _place(file, workspace)
    imported = read_directory(export, organisation.read(place))
    _give(organisation.write(imported.organisation), place, write=write)
    told = f"{imported.people:,} people, {imported.skipped:,} records without an account"
    click.echo(told, err=True)


def _place(file: Path | None, workspace: Path | None) -> Path:
    from trailhound.store import layout

    if file is None and workspace is not None:
        layout.check_format(workspace, layout.read_marker(workspace))
    return file or (workspace or Path()) / layout.ORGANISATION


def _give(text: str, place: Path, *, write: bool) -> None:
    if not write:
        click.echo(text, nl=False)
        return
    from trailhound.store import durable

    durable.write(place, lambda target: target.write(text.encode()))
    click.echo(printable(f"wrote {place}"), err=True)
