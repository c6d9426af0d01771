"""`trailhound simulate`: write a synthetic organisation's logs, with the truth beside them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from trailhound.simulate.organisation import CHOICES, write
from trailhound.simulate.settings import (
    DAYS_RANGE,
    DEFAULT_START,
    NOISE_WORDS,
    PEOPLE_RANGE,
    Settings,
    noise_level,
)


def _noise(ctx: click.Context, param: click.Parameter, value: str) -> float:
    """Take a word or a number from 0 to 1."""
    del ctx, param
    try:
        level = noise_level(value)
    except ValueError:
        level = -1.0
    if not 0 <= level <= 1:
        raise click.BadParameter(f"use a number from 0 to 1, or {', '.join(NOISE_WORDS)}")
    return level


def _day(ctx: click.Context, param: click.Parameter, value: str) -> date:
    """Take a calendar day."""
    del ctx, param
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(f"{value!r} is no day; write it as 2026-11-02") from None


@click.command("simulate")
@click.option("--seed", default=1, show_default=True, help="Equal seeds give equal files.")
@click.option(
    "--people", type=click.IntRange(*PEOPLE_RANGE), default=25, show_default=True, help="Employees."
)
@click.option(
    "--days", type=click.IntRange(*DAYS_RANGE), default=7, show_default=True, help="Length."
)
@click.option(
    "--noise",
    callback=_noise,
    default="normal",
    show_default=True,
    help="How much is odd but innocent: quiet, normal, loud, or 0 to 1.",
)
@click.option(
    "--start", callback=_day, default=str(DEFAULT_START), show_default=True, help="First day (UTC)."
)
@click.option(
    "--story",
    type=click.Choice(CHOICES),
    default="mailbox-takeover",
    show_default=True,
    help="Which intrusion is planted.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="A new or empty folder: evidence/, truth/ and org.toml are written there.",
)
def command(
    *, seed: int, people: int, days: int, noise: float, start: date, story: str, out: Path
) -> None:
    """Write the raw logs of an invented organisation.

    What was planted in them is told in a file apart.
    """
    if out.exists() and any(out.iterdir()):
        raise click.UsageError(f"{out} is not empty")
    settings = Settings(seed, people, days, noise, start, story)
    truth = write(out, settings)
    click.echo(f"{truth.events:,} events in {out / 'evidence'}")
    click.echo(f"{len(truth.steps)} planted steps, told in {out / 'truth' / 'truth.json'}")
