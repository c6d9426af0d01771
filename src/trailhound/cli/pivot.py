"""`trailhound pivot`: everything known of one user, host, address or hash, on one page."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from trailhound.cli.scanning import ProgressLine, configured, evidence_options, scan_options
from trailhound.cli.times import zone_named
from trailhound.model.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trailhound.engine.pivot import Pivot
    from trailhound.model.finding import Finding


@click.command("pivot")
@click.argument("entity")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--workspace", type=click.Path(path_type=Path), help="Ask a workspace.")
@click.option(
    "--format", "form", type=click.Choice(("text", "json")), default="text", help="Output format."
)
@click.option("--tz", default="UTC", metavar="Area/City", help="Time zone of the text output.")
@click.option("-q", "--quiet", is_flag=True, help="No progress.")
@evidence_options
def command(entity: str, paths: tuple[Path, ...], **values: Any) -> None:
    """Show everything known of one ENTITY: a user, host, address, file, process or hash.

    As what it was seen, the findings about it, when, what happened, and with whom. Compared
    without case; * stands for any text. Asks PATH... (read and judged now) or a workspace.
    """
    values = configured(values)
    if bool(paths) == bool(values["workspace"]):
        todo = "give PATH... or --workspace DIRECTORY"
        raise UsageError("evidence comes from paths or from one workspace", todo=todo)
    if not entity.strip("* "):
        raise UsageError("pivot needs somebody or something", todo="give a name, address or hash")
    zone = zone_named(values["tz"], "--tz")
    page, findings = _asked(entity, paths, values)
    about = [one for one in findings if any(_is(entity, e.value) for e in one.entities)]
    if values["form"] == "json":
        _print_json(page, about)
        return
    from trailhound.report.phrases import Moments
    from trailhound.report.pivot import pivot_lines

    click.echo("\n".join(pivot_lines(page, about, Moments(zone))))


def _asked(
    entity: str, paths: tuple[Path, ...], values: dict[str, Any]
) -> tuple[Pivot, Sequence[Finding]]:
    from trailhound.engine.duckdb import TableEngine
    from trailhound.engine.pivot import pivot
    from trailhound.pipeline.scan import scan
    from trailhound.pipeline.segments import segments
    from trailhound.store.workspace import Workspace

    if values["workspace"]:
        with (
            Workspace.open(values["workspace"]) as opened,
            opened.reading() as view,
            TableEngine(view.event_paths()) as engine,
        ):
            return pivot(engine, entity), view.findings()
    with tempfile.TemporaryDirectory(prefix="trailhound-") as folder:
        progress = ProgressLine(quiet=values["quiet"])
        result = scan(paths, scan_options(values, segments=folder), progress)
        progress.end()
        if result.interrupted:
            raise KeyboardInterrupt
        with TableEngine(segments(Path(folder))) as engine:
            return pivot(engine, entity), result.findings


def _is(entity: str, value: str) -> bool:
    """Compare as the tables do: without case, `*` for any text."""
    head, *rest = entity.lower().split("*")
    text = value.lower()
    if not rest:
        return text == head
    if not text.startswith(head) or not text[len(head) :].endswith(rest[-1]):
        return False
    place = len(head)
    for part in rest[:-1]:
        found = text.find(part, place)
        if found < 0:
            return False
        place = found + len(part)
    return place + len(rest[-1]) <= len(text)


def _print_json(page: Pivot, findings: Sequence[Finding]) -> None:
    import msgspec
    import orjson

    from trailhound.report.document import finding_record

    record = msgspec.to_builtins(page) | {"findings": [finding_record(one) for one in findings]}
    click.echo(orjson.dumps(record, option=orjson.OPT_INDENT_2).decode())
