"""`trailhound workspace`: make, describe, save, restore and tidy workspaces."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from trailhound import __version__
from trailhound.cli.scan import output_options, presenter
from trailhound.cli.scanning import view_options
from trailhound.text.escape import printable

if TYPE_CHECKING:
    from trailhound.model.result import Result, Stats
    from trailhound.store.workspace import Info

_PLACE = click.argument("workspace", type=click.Path(path_type=Path))


@click.group("workspace")
def command() -> None:
    """Workspaces: one directory holds one organisation or case."""


@command.command("init")
@_PLACE
def init(workspace: Path) -> None:
    """Make a workspace in a new or empty directory."""
    from trailhound.store.workspace import Workspace

    marker = Workspace.init(workspace, __version__)
    _say(f"made workspace {workspace} (id {marker.id})")
    _say(f"next: trailhound scan PATH... --workspace {workspace}")


@command.command("info")
@_PLACE
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text")
def info(workspace: Path, form: str) -> None:
    """Say what is in a workspace and whether its journal is sound."""
    import msgspec

    from trailhound.store.workspace import Workspace

    with Workspace.open(workspace) as opened:
        found = opened.info()
    if form == "json":
        click.echo(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())
        return
    for line in _described(found):
        _say(line)


@command.command("report")
@_PLACE
@output_options
@view_options
def report(workspace: Path, **values: Any) -> None:
    """Write what a workspace keeps in any form, without reading evidence again."""
    from trailhound.pipeline.workspace import stored_result

    present = presenter(values | {"workspace": workspace})
    result = stored_result(workspace)
    result.stats = _counted(result, workspace)
    present(result)


def _counted(result: Result, workspace: Path) -> Stats:
    """Count what a workspace keeps, as a scan counts what it read."""
    import msgspec

    from trailhound.store.workspace import Workspace

    with Workspace.open(workspace) as opened:
        found = opened.info()
    rows = dict(sorted(found.rows.items()))
    return msgspec.structs.replace(
        result.stats,
        files=len(result.inputs),
        events=sum(rows.values()),
        bytes=sum(one.bytes for one in result.inputs),
        first=found.first,
        last=found.last,
        by_table=rows,
    )


@command.command("backup")
@_PLACE
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False))
def backup(workspace: Path, target: Path) -> None:
    """Save a workspace as one archive, .tar.zst or .tar.gz; scans need not stop."""
    from trailhound.store.backup import backup as save
    from trailhound.store.workspace import Workspace

    with Workspace.open(workspace) as opened:
        number = save(opened, target)
    _say(f"saved {number:,} files to {target}")


@command.command("restore")
@click.argument("archive", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@_PLACE
def restore(archive: Path, workspace: Path) -> None:
    """Unpack a backup into a new or empty directory and verify it."""
    from trailhound.store.backup import restore as unpack

    unpack(archive, workspace)
    _journal(workspace, "workspace.restore", archive=archive.name)
    _say(f"restored {workspace}")


@command.command("upgrade")
@_PLACE
def upgrade(workspace: Path) -> None:
    """Bring a workspace of an older release to this one's format; the old one is kept beside it."""
    from trailhound.store.upgrade import upgrade as migrate

    kept = migrate(workspace)
    if kept is None:
        _say("nothing to do: the workspace has this release's format")
        return
    _journal(workspace, "workspace.upgrade", release=__version__)
    _say(f"upgraded {workspace}; the old one is kept at {kept}: delete it when you are content")


@command.command("compact")
@_PLACE
def compact(workspace: Path) -> None:
    """Join small event files, day by day, so that queries open fewer."""
    from trailhound.store.compaction import compact as join
    from trailhound.store.workspace import Workspace

    with Workspace.open(workspace, write=True, wait_seconds=_patience()) as opened:
        number = join(opened)
    _say(f"joined {number:,} files")


@command.command("sweep")
@_PLACE
def sweep(workspace: Path) -> None:
    """Delete event files that do not count, left by a crash or by compact."""
    from trailhound.store.workspace import Workspace

    with Workspace.open(workspace) as opened:
        before = opened.info().unregistered
    with Workspace.open(workspace, write=True, wait_seconds=_patience()) as opened:
        left = opened.info().unregistered
    _say(f"deleted {before - left:,} files" + (f", {left:,} are being read" if left else ""))


def _described(found: Info) -> list[str]:
    from trailhound.cli.timeline import stamp

    counts, size = found.counts, found.bytes / 1_000_000
    lines = [
        f"workspace  {found.path}",
        f"id         {found.id}  format {found.format}  made by {found.created_by}",
        f"events     {sum(found.rows.values()):,} in {found.files:,} files, {size:,.1f} MB",
    ]
    if found.first is not None:
        lines.append(f"period     {stamp(found.first)} to {stamp(found.last)} UTC")
    lines += [f"  {rows:>14,} {table}" for table, rows in found.rows.items()]
    lines.append(
        f"evidence   {counts['inputs']:,} inputs  {counts['findings']:,} findings"
        f"  {counts['incidents']:,} incidents  {counts['runs']:,} runs"
    )
    state = "sound" if found.journal_broken_at is None else f"BROKEN at {found.journal_broken_at}"
    lines.append(f"journal    {counts['journal']:,} entries, {state}  {found.journal_head[:16]}")
    if found.unregistered:
        lines.append(f"unregistered files: {found.unregistered:,} (trailhound workspace sweep)")
    return lines


def _journal(workspace: Path, action: str, **detail: object) -> None:
    from trailhound.pipeline.clock import now
    from trailhound.store.workspace import Workspace

    with (
        Workspace.open(workspace, write=True, wait_seconds=_patience()) as opened,
        opened.transaction() as tx,
    ):
        tx.journal(now(), getpass.getuser(), action, **detail)


def _patience() -> int:
    from trailhound import config

    return config.load().settings.store.lock_wait_seconds


def _say(text: str) -> None:
    click.echo(printable(text))
