"""`trailhound show`: from a line of output to the record behind it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from trailhound.cli.scanning import ProgressLine, configured, evidence_options, scan_options
from trailhound.model.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trailhound.model.finding import Finding, Pointer
    from trailhound.model.result import Result


SHORTEST = 4
"""Characters of an id that are enough to mean one thing."""


@click.command("show")
@click.argument("identity", metavar="ID")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--workspace", type=click.Path(path_type=Path), help="Look in a workspace.")
@click.option(
    "--records",
    type=click.IntRange(0, 100),
    default=5,
    show_default=True,
    help="Raw records shown of a finding.",
)
@click.option("-q", "--quiet", is_flag=True, help="No progress.")
@evidence_options
def command(identity: str, paths: tuple[Path, ...], **values: Any) -> None:
    """Show an incident, a finding or an event in full.

    ID is what a scan printed (its start is enough). Without --workspace, PATH is scanned again:
    give the same paths as to the scan.
    """
    if len(identity) < SHORTEST:
        raise UsageError(f"{identity!r} is too short", todo="give the first characters of an id")
    values = configured(values)
    result = _result(paths, values)
    click.echo("\n".join(_lines(identity, result, paths, values["records"])))


def _result(paths: tuple[Path, ...], values: dict[str, Any]) -> Result:
    if values["workspace"]:
        from trailhound.pipeline.workspace import stored_result

        return stored_result(values["workspace"])
    if not paths:
        raise UsageError(
            "show needs the paths that were scanned", todo="trailhound show ID PATH..."
        )
    from trailhound.pipeline.scan import scan

    progress = ProgressLine(quiet=values["quiet"])
    try:
        return scan(paths, scan_options(values), progress)
    finally:
        progress.end()


def _lines(identity: str, result: Result, paths: tuple[Path, ...], records: int) -> list[str]:
    from trailhound.report.detail import finding_lines, incident_lines, pointer_lines

    for one in result.incidents:
        if one.id.startswith(identity):
            return list(incident_lines(one, result))
    for finding in result.findings:
        if finding.id.startswith(identity):
            raw = _raw(paths, finding.evidence.pointers[:records])
            return list(finding_lines(finding, raw, most=records))
    pointer = _pointer(identity, result.findings)
    if pointer is not None:
        return list(pointer_lines(pointer, _raw(paths, [pointer]).get(pointer.event_uid)))
    raise UsageError(
        f"nothing here is called {identity!r}",
        todo="use an id that a scan of the same paths with the same rules printed",
    )


def _pointer(identity: str, findings: list[Finding]) -> Pointer | None:
    pointers = (p for finding in findings for p in finding.evidence.pointers)
    return next((p for p in pointers if p.event_uid.startswith(identity)), None)


def _raw(paths: tuple[Path, ...], pointers: Sequence[Pointer]) -> dict[str, bytes]:
    from trailhound.pipeline.raw import raw_records

    return raw_records(paths, pointers) if paths else {}
