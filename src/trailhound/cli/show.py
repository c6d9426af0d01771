"""`trailhound show`: from a line of output to the record behind it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from trailhound.cli.paths import PathGiven
from trailhound.cli.scanning import (
    ProgressLine,
    configured,
    evidence_options,
    scan_options,
    view_file,
    view_options,
)
from trailhound.model.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from trailhound.model.finding import Finding, Pointer
    from trailhound.model.result import Result
    from trailhound.report.detail import RawText

SHORTEST = 4
"""Characters of an id that are enough to mean one thing."""


@click.command("show")
@click.argument("identity", metavar="ID")
@click.argument("paths", nargs=-1, type=PathGiven(evidence=True))
@click.option("--workspace", type=PathGiven(), help="Look in a workspace.")
@click.option(
    "--records",
    type=click.IntRange(0, 100),
    default=5,
    show_default=True,
    help="Raw records shown of a finding.",
)
@view_options
@click.option("-q", "--quiet", is_flag=True, help="No progress.")
@evidence_options
def command(identity: str, paths: tuple[Path, ...], **values: Any) -> None:
    """Show an incident, a finding or an event in full.

    ID is what a scan printed (its start is enough). Without --workspace, PATH is scanned again:
    give the same paths as to the scan. With it, raw records come from PATH while it is there, else
    from what the workspace kept.
    """
    if len(identity) < SHORTEST:
        raise UsageError(f"{identity!r} is too short", todo="give the first characters of an id")
    values = configured(values)
    shown = _Shown(_result(paths, values), paths, values)
    click.echo("\n".join(shown.lines(identity)))


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


class _Shown:
    """Finds what an id names, in the result as `scan` shows it and in what that hides."""

    def __init__(self, result: Result, paths: tuple[Path, ...], values: dict[str, Any]) -> None:
        from trailhound.pipeline.view import viewed

        self._seen = viewed(result, view_file(values, "org"), view_file(values, "allow"))
        self._findings = [*self._seen.findings, *result.findings]
        self._paths, self._records = paths, values["records"]
        self._workspace: Path | None = values["workspace"]

    def lines(self, identity: str) -> list[str]:
        from trailhound.report.detail import finding_lines, incident_lines, pointer_lines

        for one in self._seen.incidents:
            if one.id.startswith(identity):
                return list(incident_lines(one, self._seen))
        for finding in self._findings:
            if finding.id.startswith(identity):
                raw = self._raw(finding, finding.evidence.pointers[: self._records])
                return list(finding_lines(finding, raw, most=self._records))
        for finding in self._findings:
            for pointer in finding.evidence.pointers:
                if pointer.event_uid.startswith(identity):
                    raw = self._raw(finding, [pointer])
                    return list(pointer_lines(pointer, raw.get(pointer.event_uid)))
        raise UsageError(
            f"nothing here is called {identity!r}",
            todo="use an id that a scan of the same paths with the same rules printed",
        )

    def _raw(self, finding: Finding, pointers: Sequence[Pointer]) -> dict[str, RawText]:
        """Give raw records of the evidence, and for those that are not there the kept ones."""
        from trailhound.pipeline.raw import raw_records
        from trailhound.report.detail import RawText

        there = [path for path in self._paths if os.access(path, os.F_OK) or not self._workspace]
        read = raw_records(there, pointers) if pointers else {}
        if self._workspace is None:
            return {uid: RawText(raw) for uid, raw in read.items()}
        found = _kept(self._workspace, finding)
        return found | {uid: RawText(raw, "raw, from the evidence") for uid, raw in read.items()}


def _kept(workspace: Path, finding: Finding) -> dict[str, RawText]:
    from trailhound.pipeline.workspace import kept_records
    from trailhound.report.detail import RawText

    told = "raw, kept in the workspace"
    return {
        uid: RawText(one.raw, told if len(one.raw) == one.whole_bytes else f"{told}, cut from "
                     f"{one.whole_bytes:,} bytes")
        for uid, one in kept_records(workspace, finding.id).items()
    }  # fmt: skip
