"""`trailhound demo`: a small company's week with one intruder, scanned, compared with the truth."""

from __future__ import annotations

import contextlib
import tempfile
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trailhound.cli.scanning import ProgressLine, scan_options
from trailhound.report.phrases import wrapped
from trailhound.simulate.organisation import CHOICES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trailhound.model.result import Result
    from trailhound.simulate.truth import Comparison

_DEFAULTS = {
    "since": None, "until": None, "zones": (), "only": None, "rule_paths": (),
    "no_default_rules": False, "expand": None, "mappings": (), "jobs": None, "profile": None,
}  # fmt: skip


@click.command("demo")
@click.option("--seed", default=1, show_default=True, help="Another seed, another week.")
@click.option(
    "--story",
    type=click.Choice(CHOICES),
    default="demo",
    show_default=True,
    help="Which intrusion is planted.",
)
@click.option(
    "--keep",
    type=click.Path(path_type=Path, file_okay=False),
    help="Keep evidence and report here.",
)
@click.option("-q", "--quiet", is_flag=True, help="No progress.")
def command(seed: int, story: str, keep: Path | None, *, quiet: bool) -> None:
    """See an invented intrusion found, and the truth.

    Makes the raw logs of a small company's week with one intruder, scans them, and says which of
    the planted steps were found, and whether anybody innocent was accused.
    """
    from trailhound.report.document import document
    from trailhound.report.text import TextReport
    from trailhound.simulate.organisation import write
    from trailhound.simulate.settings import Settings
    from trailhound.simulate.truth import compare

    with _folder(keep) as folder:
        click.echo("Writing the logs of a week at a company of 25 people ...", err=True)
        truth = write(folder, Settings(seed=seed, story=story))
        result = _scanned(folder / "evidence", quiet=quiet)
        result.title = "demo"
        if result.interrupted:
            raise click.Abort
        for line in (*TextReport(result).lines(), ""):
            click.echo(line)
        for line in _told(compare(truth, document(result)), truth.events):
            click.echo(line)
        for line in _look_yourself(result, keep):
            click.echo(line)


@contextlib.contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is None:
        with tempfile.TemporaryDirectory(prefix="trailhound-demo-") as name:
            yield Path(name)
        return
    if keep.exists() and any(keep.iterdir()):
        raise click.UsageError(f"{keep} is not empty")
    keep.mkdir(parents=True, exist_ok=True)
    yield keep


def _scanned(evidence: Path, *, quiet: bool) -> Result:
    from trailhound.pipeline.scan import scan

    progress = ProgressLine(quiet=quiet)
    with tempfile.TemporaryDirectory(prefix="trailhound-") as segments:
        try:
            return scan([evidence], scan_options(dict(_DEFAULTS), segments=segments), progress)
        finally:
            progress.end()


def _look_yourself(result: Result, keep: Path | None) -> Iterator[str]:
    """Say how to go on; the ids above need the evidence, which is gone unless it was kept."""
    if keep is None:
        yield "To look into it yourself, keep the evidence: trailhound demo --keep DIRECTORY"
        return
    from trailhound.report.html import html_report

    report = keep / "report.html"
    report.write_bytes(b"".join(html_report(result, zone=UTC)))
    yield f"The evidence is in {keep / 'evidence'}, the report for a browser is {report}."
    if result.incidents:
        yield f"Next: trailhound show {result.incidents[0].id} {keep / 'evidence'}"


def _told(comparison: Comparison, events: int) -> Iterator[str]:
    """Compare with the truth, which no detector can see."""
    planted = len(comparison.found) + len(comparison.missed)
    accused = len(comparison.accused)
    yield from wrapped(
        "The truth, compared after the scan: ",
        f"{len(comparison.found)} of {planted} planted steps found among {events:,} events, "
        f"{f'{accused} innocent' if accused else 'nobody innocent'} accused.",
    )
    for step in comparison.missed:
        yield f"  missed: {step.technique} {step.title}"
    for one in comparison.accused:
        yield f"  accused: {', '.join(one.names)} by \u201c{one.title}\u201d ({one.reason})"
