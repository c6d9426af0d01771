"""`trailhound demo`: a small company's week with one intruder, scanned, compared with the truth."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trailhound.cli.scanning import ProgressLine, scan_options

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
    "--story", default="demo", show_default=True, help="Which intrusion is planted; see simulate."
)
@click.option(
    "--keep", type=click.Path(path_type=Path, file_okay=False), help="Keep the evidence here."
)
@click.option("-q", "--quiet", is_flag=True, help="No progress.")
def command(seed: int, story: str, keep: Path | None, *, quiet: bool) -> None:
    """Make the raw logs of a small company's week, scan them, and compare with what was planted."""
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
        for line in TextReport(result).lines():
            click.echo(line)
        click.echo("")
        for line in _told(compare(truth, document(result)), truth.events):
            click.echo(line)
        if keep:
            click.echo(f"The evidence is in {keep}: trailhound scan {keep / 'evidence'}")


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


def _told(comparison: Comparison, events: int) -> Iterator[str]:
    """Compare with the truth, which no detector can see."""
    planted = len(comparison.found) + len(comparison.missed)
    yield (
        f"The truth, compared after the scan: {len(comparison.found)} of {planted} planted steps "
        f"found among {events:,} events,"
    )
    yield f"{len(comparison.accused)} innocent accused."
    for step in comparison.missed:
        yield f"  missed: {step.technique} {step.title}"
    for one in comparison.accused:
        yield f"  accused: {', '.join(one.names)} by \u201c{one.title}\u201d ({one.reason})"
