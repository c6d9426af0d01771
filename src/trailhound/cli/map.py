"""`trailhound map`: propose a mapping for a log nobody described."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trailhound.cli.paths import PathGiven
from trailhound.model.errors import UsageError, Where
from trailhound.text.escape import printable

if TYPE_CHECKING:
    from trailhound.model.source import Source
    from trailhound.pipeline.propose import Proposal

_LEFT = 12
_SHOWN = 80


@click.command("map")
@click.argument("file", type=PathGiven(evidence=True))
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write the mapping here.")
def command(file: Path, output: Path | None) -> None:
    """Propose a mapping for JSON or CSV nobody described.

    Looks at names and values of JSON or CSV records, prints a mapping to edit, five rows as they
    would be read with it, and what it would not take.
    """
    from trailhound.pipeline.propose import propose

    proposal = propose(_source(file), _word(file))
    if output is None:
        click.echo(proposal.text, nl=False)
    else:
        _write(output, proposal.text)
    _tell(proposal)


def _source(file: Path) -> Source:
    from trailhound.model.limits import Limits
    from trailhound.unpack.walk import discover

    for source in discover([file], Limits(), lambda _name, _oddity: None):
        return source
    raise UsageError("nothing to read", where=Where(str(file)))


def _word(file: Path) -> str:
    """Make the kind's name of the file's: `Door log.json` is `door_log`."""
    return re.sub(r"[^a-z0-9]+", "_", file.name.partition(".")[0].lower()).strip("_") or "log"


def _write(output: Path, text: str) -> None:
    try:
        with output.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError as error:
        raise UsageError(
            "the file exists; it is not overwritten", where=Where(str(output))
        ) from error
    except OSError as error:
        raise UsageError(error.strerror or "cannot write", where=Where(str(output))) from error


def _tell(proposal: Proposal) -> None:
    """Say on standard error what the mapping does: standard output is the mapping."""
    lines = [f"{proposal.rows:,} rows looked at, {proposal.times:,} with a time."]
    lines += [""] if proposal.taken else []
    for one in proposal.taken:
        refused = f", {one.refused:,} values refused" if one.refused else ""
        lines.append(f"  {one.column:<18} from {one.native}: {one.filled:,} rows{refused}")
    for number, row in enumerate(proposal.preview, 1):
        lines += ["", f"row {number}"]
        lines += [f"  {name:<18} {value[:_SHOWN]}" for name, value in row.items() if value]
    lines += [f"not read: {kind} {count:,}" for kind, count in sorted(proposal.oddities.items())]
    if proposal.left:
        more = f" and {len(proposal.left) - _LEFT:,} more" if len(proposal.left) > _LEFT else ""
        lines.append(f"\nleft out: {', '.join(proposal.left[:_LEFT])}{more}".lstrip())
    for line in lines:
        click.echo(printable(line), err=True)
