"""`trailhound config`: the settings in force and where each comes from."""

from __future__ import annotations

import json

import click

from trailhound.text.escape import printable


@click.group("config")
def command() -> None:
    """Settings: files, environment and flags."""


@command.command("show")
@click.option("--origin", is_flag=True, help="Say where each value comes from.")
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text")
def show(*, origin: bool, form: str) -> None:
    """Print every setting, as a trailhound.toml that would set it."""
    from trailhound import config
    from trailhound.text import toml

    loaded = config.load()
    if form == "json":
        items = {key: {"value": value, "origin": where} for key, value, where in loaded.items()}
        click.echo(json.dumps(items, indent=2))
        return
    section = ""
    for name, value, where in loaded.items():
        part, _, key = name.partition(".")
        if part != section:
            click.echo(f"{'' if not section else chr(10)}[{part}]")
            section = part
        line = f"{key} = {toml.value(value)}"
        click.echo(f"{line:<44}  # {printable(where)}" if origin else line)
