"""Arguments of commands that ask the tables, and the engine that answers them."""

from __future__ import annotations

import contextlib
import functools
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from trailhound.cli.paths import PathGiven
from trailhound.cli.times import zone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from trailhound.engine.duckdb import TableEngine
    from trailhound.model.result import InputReport

_OPTIONS = (
    click.option("--workspace", type=PathGiven(), help="Ask a workspace."),
    click.option(
        "--zone",
        "zones",
        multiple=True,
        metavar="GLOB=Area/City",
        help="Time zone of sources that carry none. Repeatable.",
    ),
    click.option(
        "--mapping",
        "mappings",
        multiple=True,
        type=PathGiven(exists=True, dir_okay=False),
        help="Mapping TOML for JSON or CSV of your own. Repeatable.",
    ),
    click.option("--jobs", type=click.IntRange(1, 64), help="Worker processes; one a core."),
    click.option("-q", "--quiet", is_flag=True, help="No progress."),
)


class Asked(msgspec.Struct, frozen=True):
    """Which evidence a command is asked about, and how paths are to be read."""

    paths: tuple[Path, ...] = ()
    workspace: Path | None = None
    zones: tuple[str, ...] = ()
    mappings: tuple[Path, ...] = ()
    jobs: int | None = None
    quiet: bool = False


def evidence_arguments(function: Callable[..., None]) -> Callable[..., None]:
    """Add PATH..., --workspace and how paths are read; the command gets them as `asked`."""

    @functools.wraps(function)
    def command(**values: object) -> None:
        given: dict[str, Any] = {name: values.pop(name) for name in Asked.__struct_fields__}
        function(asked=Asked(**given), **values)

    decorated: Callable[..., None] = command
    for option in reversed(_OPTIONS):
        decorated = option(decorated)
    return click.argument("paths", nargs=-1, type=PathGiven(evidence=True))(decorated)


@contextlib.contextmanager
def table_engine(asked: Asked) -> Iterator[TableEngine]:
    """Open the engine over the evidence; says on stderr what could not be read."""
    from trailhound import config
    from trailhound.cli.scanning import ProgressLine
    from trailhound.engine.duckdb import TableEngine
    from trailhound.pipeline.evidence import evidence
    from trailhound.pipeline.options import ScanOptions

    settings = config.load().settings
    options = ScanOptions(
        zones=tuple(zone(text) for text in asked.zones),
        mappings=tuple(map(str, asked.mappings)),
        jobs=asked.jobs or settings.scan.jobs or os.cpu_count() or 1,
        limits=settings.limits,
    )
    progress = ProgressLine(quiet=asked.quiet)
    with evidence(asked.paths, asked.workspace, options, progress) as found:
        progress.end()
        _tell_unread(found.inputs)
        memory, threads = settings.engine.memory_bytes, settings.engine.threads
        with TableEngine(found.tables, memory_bytes=memory, threads=threads) as engine:
            yield engine


def _tell_unread(inputs: Sequence[InputReport]) -> None:
    unread = [one for one in inputs if one.status != "read" or one.incomplete]
    if unread:
        from trailhound.text.escape import printable

        names = ", ".join(printable(one.source) for one in unread[:3])
        more = f" and {len(unread) - 3} more" if len(unread) > 3 else ""
        click.echo(f"not or not wholly read: {names}{more}", err=True)
