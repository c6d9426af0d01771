"""`trailhound scan`: read evidence, judge it, show what needs a person."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from pathlib import Path
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
from trailhound.cli.times import zone_named
from trailhound.model.errors import UsageError
from trailhound.model.finding import Severity
from trailhound.report.forms import AUDIENCES, FOR_AN_AUDIENCE, FORMS, Look, beside, rendered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from trailhound.model.finding import Finding
    from trailhound.model.result import Result

INTERRUPTED = 130
SEVERITIES = tuple(one.word for one in reversed(Severity))


def output_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say how a result is written."""
    for option in reversed(_OUTPUT_OPTIONS):
        function = option(function)
    return function


_OUTPUT_OPTIONS = (
    click.option("--format", "form", type=click.Choice(FORMS), default="text",
                 help="How to write the result."),
    click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False),
                 help="Write to a file; `md` puts its pictures beside it."),
    click.option("--audience", type=click.Choice(AUDIENCES),
                 help="For whom `md` and `html` are; default: technical."),
    click.option("--tz", default="UTC", metavar="Area/City",
                 help="Time zone of the forms for people."),
    click.option("--all", "everything", is_flag=True,
                 help="Show every incident, not the first screen."),
    click.option("--redact", type=click.Choice(["people", "bodies", "all"]),
                 help="Replace names by pseudonyms, leave out contents, or both."),
    click.option("--redact-key", type=click.Path(path_type=Path, dir_okay=False),
                 help="Secret file that makes the same pseudonyms again; else new ones each run."),
)  # fmt: skip


@click.command("scan")
@click.argument("paths", nargs=-1, required=True, type=PathGiven(evidence=True))
@output_options
@click.option(
    "--fail-on",
    type=click.Choice(SEVERITIES),
    help="Exit with 1 when a finding of this severity or worse is there; default: medium.",
)
@click.option("--workspace", type=PathGiven(), help="Keep events and findings there.")
@view_options
@click.option("--strict", is_flag=True, help="Unknown formats count as evidence that was not read.")
@click.option("-q", "--quiet", is_flag=True, help="No progress.")
@evidence_options
def command(paths: tuple[Path, ...], **values: Any) -> int:
    """Scan files, folders, archives or standard input (-).

    Exit code: 0 nothing at or above --fail-on, 1 findings, 2 wrong usage, 3 nothing found but some
    evidence could not be read, 4 internal error, 130 interrupted.
    """
    values = configured(values)
    present = presenter(values)
    result = _run(paths, values | {"told": _told(values)})
    if result.interrupted:
        click.echo("interrupted: the result is about what was read until then", err=True)
    return exit_code(present(result), values["fail_on"], strict=values["strict"])


def _run(paths: tuple[Path, ...], values: dict[str, Any]) -> Result:
    from trailhound import log
    from trailhound.pipeline.scan import scan
    from trailhound.pipeline.segments import no_room
    from trailhound.pipeline.view import assume

    progress = ProgressLine(quiet=values["quiet"])
    with tempfile.TemporaryDirectory(prefix="trailhound-") as folder:
        options = scan_options(values, segments=folder)
        try:
            if values["workspace"]:
                from trailhound.pipeline.workspace import scan_into

                wait = values["lock_wait_seconds"]
                result = scan_into(values["workspace"], paths, options, progress, wait_seconds=wait)
            else:
                result = scan(paths, options, progress)
        finally:
            progress.end()
        log.Log("scan").info(
            "scan.done",
            events=result.stats.events,
            findings=len(result.findings),
            seconds=progress.seconds,
        )
        if result.tables_lost:
            click.echo(f"trailhound: {no_room(Path(folder), result.tables_lost)}", err=True)
        elif options.tables and not result.interrupted and not values["told"]:
            assume(result, Path(folder))
        return result


def _told(values: dict[str, Any]) -> bool:
    """Tell whether an `org.toml` says what the organisation is."""
    place = view_file(values, "org")
    if place is None:
        return False
    from trailhound.model.organisation import Organisation
    from trailhound.pipeline.organisation import read

    return read(place) != Organisation()


def presenter(values: dict[str, Any]) -> Callable[[Result], Result]:
    """Check everything about the output that can be wrong before the long work starts.

    Gives a function that writes a result and returns it as it was shown.
    """
    look, key, output = _look(values), _key(values), values["output"]
    _check_output(output)

    def present(result: Result) -> Result:
        seen = _viewed(result, values, key)
        for name, content in beside(values["form"], seen, look):
            _write([content], output.with_name(name))
        _write(rendered(values["form"], seen, look), output)
        return seen

    return present


def _look(values: dict[str, Any]) -> Look:
    output, audience = values["output"], values["audience"]
    if audience and values["form"] not in FOR_AN_AUDIENCE:
        raise UsageError("--audience is for --format md and html", todo="leave it out")
    return Look(
        zone=zone_named(values["tz"], "--tz"),
        colour=output is None and sys.stdout.isatty() and "NO_COLOR" not in os.environ,
        everything=values["everything"],
        audience=audience or AUDIENCES[0],
        stem=output.stem if output and not (output.exists() and not output.is_file()) else "",
    )


def _check_output(output: Path | None) -> None:
    """Refuse a place that cannot be written before the long work starts."""
    if output is None:
        return
    place = Path(os.path.realpath(output))
    special = place.exists() and not place.is_file()
    if not os.access(place if special else place.parent, os.W_OK):
        raise UsageError(
            f"cannot write {output}", todo="name a folder that exists and may be written"
        )


def _key(values: dict[str, Any]) -> bytes:
    """Read the key before the long work starts."""
    from trailhound.pipeline.redaction_key import redaction_key

    if values["redact_key"] and not values["redact"]:
        raise UsageError("--redact-key without --redact", todo="add --redact people")
    return redaction_key(values["redact_key"])


def _viewed(result: Result, values: dict[str, Any], key: bytes) -> Result:
    """Apply what only changes the view: what is explained and tolerated, and redaction."""
    from trailhound.pipeline.view import viewed

    result = viewed(result, view_file(values, "org"), view_file(values, "allow"))
    if values["redact"]:
        from trailhound.report.redact import redacted

        return redacted(result, values["redact"], key=key)
    return result


def _write(pieces: Iterable[bytes], output: Path | None) -> None:
    """Write to stdout, or to a file that appears only when it is complete."""
    if output is None:
        _print(pieces)
        return
    try:
        _write_file(pieces, Path(os.path.realpath(output)))
    except OSError as error:
        raise UsageError(f"cannot write {output}: {error.strerror}") from error
    click.echo(f"written: {output}", err=True)


def _print(pieces: Iterable[bytes]) -> None:
    try:
        for piece in pieces:
            sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
    except OSError as error:
        raise OSError(error.errno, error.strerror, "standard output") from error


def _write_file(pieces: Iterable[bytes], place: Path) -> None:
    """Put a whole file in place; a device or a pipe is written to, never replaced."""
    if place.exists() and not place.is_file():
        with place.open("wb", buffering=0) as stream:
            for piece in pieces:
                stream.write(piece)
        return
    temporary = place.with_name(f".{place.name}.part")
    try:
        with temporary.open("wb") as stream:
            stream.writelines(pieces)
        temporary.replace(place)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


def exit_code(result: Result, fail_on: str, *, strict: bool = False) -> int:
    """Give 1 for findings, 3 for evidence that was lost, else 0; 1 beats 3, 130 beats both."""
    if any("internal.error" in one.oddity_counts for one in result.inputs):
        return 4
    if result.interrupted:
        return INTERRUPTED
    limit = Severity.parse(fail_on)
    if any(_counting(one) >= limit for one in result.findings):
        return 1
    lost = bool(result.tables_lost) or any(one.incomplete for one in result.inputs)
    unread = strict and (result.not_read or any(one.status == "unknown" for one in result.inputs))
    return 3 if lost or unread else 0


def _counting(finding: Finding) -> Severity:
    """What only supports others asks for nobody: it counts as low at most."""
    return min(finding.severity, Severity.LOW) if finding.supporting else finding.severity
