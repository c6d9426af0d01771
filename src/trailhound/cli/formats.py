"""`trailhound formats`: what can be read, and what to switch on so that it is worth reading."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from trailhound.model.errors import UsageError
from trailhound.readers.formats import formats, matching
from trailhound.report.phrases import wrapped

if TYPE_CHECKING:
    from trailhound.readers.formats import Format


@click.command("formats")
@click.argument("word", required=False)
def command(word: str | None) -> None:
    """List what can be read; with a WORD (a product, a kind), what is known of it.

    Formats are told by their content: names and extensions of files do not matter.
    """
    if not word:
        for one in formats():
            click.echo("\n".join(wrapped(f"{one.reader:20} ", one.formats, most=2, indent=21)))
        click.echo("\n`trailhound formats WORD` says what to switch on and where it goes.")
        return
    found = matching(word)
    if not found:
        todo = "any JSON or CSV can be read with a mapping: trailhound map FILE"
        raise UsageError(f"no format speaks of {word!r}", todo=todo)
    click.echo("\n\n".join("\n".join(_told(one)) for one in found))


def _told(one: Format) -> list[str]:
    facts = {
        "reads": one.formats,
        "kinds": ", ".join(one.kinds),
        "tables": ", ".join(one.tables()) or "as your mapping says",
        "switch on": one.settings,
        "tested with": one.samples,
    }
    return [one.reader, *(line for name, text in facts.items() for line in _lines(name, text))]


def _lines(name: str, text: str) -> list[str]:
    return list(wrapped(f"  {name:12} ", text, most=12, indent=15))
