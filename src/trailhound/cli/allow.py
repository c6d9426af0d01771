"""`trailhound allow`: what is tolerated, by whom, why and until when."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trailhound.cli.paths import PathGiven
from trailhound.cli.scanning import evidence_options
from trailhound.model.allow import DAYS
from trailhound.model.entity import EntityType
from trailhound.model.errors import UsageError
from trailhound.text.defang import defang
from trailhound.text.escape import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trailhound.model.allow import AllowEntry
    from trailhound.model.finding import Finding

_FILE = click.option(
    "--file",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The allow.toml; default: that of --workspace, else ./allow.toml.",
)
_WORKSPACE = click.option("--workspace", type=PathGiven(), help="Its allow.toml.")
_EXAMPLES = 5


@click.group("allow")
def command() -> None:
    """What is tolerated (allow.toml).

    Entries hide findings from view and never from the store.
    """


@command.command("add")
@click.option(
    "--detector", "--rule", default="", metavar="GLOB", help="Id of the detector or rule."
)
@click.option("--entity", default="", metavar="GLOB", help="Value of any entity.")
@click.option("--entity-type", type=click.Choice([kind.value for kind in EntityType]), default=None)
@click.option("--source", default="", metavar="GLOB", help="Address, host or user that acts.")
@click.option("--destination", default="", metavar="GLOB", help="What is acted on.")
@click.option("--scope", default="", metavar="GLOB", help="Name of the evidence's source.")
@click.option("--reason", required=True, help="Why, for the one who asks next year.")
@click.option("--author", default=getpass.getuser, help="Who decides; default: you.")
@click.option("--days", default=DAYS, show_default=True, help="How long it holds.")
@_FILE
@_WORKSPACE
def add(
    reason: str,
    author: str,
    days: int,
    file: Path | None,
    workspace: Path | None,
    **conditions: str | None,
) -> None:
    """Tolerate what meets all the given conditions; see first what `allow test` would hide."""
    from trailhound.pipeline.allow import add_entry, new_entry
    from trailhound.pipeline.clock import today

    stated = {name: value or "" for name, value in conditions.items()}
    entry = new_entry(stated, author=author, reason=reason, created=today(), days=days)
    place = _place(file, workspace)
    new = add_entry(place, entry)
    told = f"added {entry.id} to {place}, until {entry.expires}" if new else f"{entry.id} is there"
    click.echo(printable(told))


@command.command("list")
@_FILE
@_WORKSPACE
def list_(file: Path | None, workspace: Path | None) -> None:
    """List the entries in force, then the expired ones, which do nothing."""
    from trailhound.pipeline.allow import allow_list

    allowed = allow_list(_place(file, workspace))
    for state, entries in (("", allowed.entries), ("EXPIRED ", allowed.expired)):
        for entry in entries:
            click.echo(f"{state}{_told(entry)}")
    if not allowed.entries and not allowed.expired:
        click.echo("nothing is tolerated")


@command.command("test")
@click.argument("paths", nargs=-1, type=PathGiven(evidence=True))
@_FILE
@_WORKSPACE
@evidence_options
def test(
    paths: tuple[Path, ...], file: Path | None, workspace: Path | None, **values: object
) -> None:
    """Show what each entry in force hides of a workspace's findings, or of a scan of PATH..."""
    from trailhound.pipeline.allow import allow_list, would_hide

    allowed = allow_list(_place(file, workspace))
    if not allowed.entries and (paths or workspace):
        click.echo("nothing is tolerated, so nothing would be hidden")
        return
    findings = _findings(paths, workspace, values)
    for hidden in would_hide(allowed.entries, findings):
        click.echo(
            f"{_told(hidden.entry)}: hides {len(hidden.findings):,} of {len(findings):,} findings"
        )
        for finding in hidden.findings[:_EXAMPLES]:
            shown = f"  {finding.severity.word:8} {finding.id}  {finding.title}"
            click.echo(printable(defang(shown)))
        if len(hidden.findings) > _EXAMPLES:
            click.echo(f"  and {len(hidden.findings) - _EXAMPLES:,} more")


def _findings(
    paths: tuple[Path, ...], workspace: Path | None, values: dict[str, object]
) -> list[Finding]:
    if workspace and not paths:
        from trailhound.store.workspace import Workspace

        with Workspace.open(workspace) as opened, opened.reading() as view:
            return view.findings()
    if not paths:
        raise UsageError("findings come from PATH... or from --workspace")
    from trailhound.cli.scanning import ProgressLine, scan_options
    from trailhound.pipeline.scan import scan

    progress = ProgressLine(quiet=False)
    result = scan(paths, scan_options(values), progress)
    progress.end()
    return result.findings


def _told(entry: AllowEntry) -> str:
    stated = ", ".join(f"{name} {value}" for name, value in _conditions(entry))
    told = f"{entry.id}  {stated}  until {entry.expires}  {entry.author}: {entry.reason}"
    return printable(defang(told))


def _conditions(entry: AllowEntry) -> Iterator[tuple[str, str]]:
    from trailhound.pipeline.allow import CONDITIONS

    for name in CONDITIONS:
        if value := getattr(entry, name):
            yield name, str(value)


def _place(file: Path | None, workspace: Path | None) -> Path:
    from trailhound.store import layout

    if file and workspace:
        raise UsageError("give --file or --workspace, not both")
    if workspace:
        layout.check_format(workspace, layout.read_marker(workspace))
    return file or (workspace or Path()) / layout.ALLOW
