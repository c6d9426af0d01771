"""`trailhound timeline`: everything that happened, in one order, one event a line."""

from __future__ import annotations

import shutil
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import click
import msgspec

from trailhound.cli.evidence import evidence_arguments, table_engine
from trailhound.cli.rows import FORMATS, write_rows
from trailhound.cli.times import span
from trailhound.model.batch import TimeBasis
from trailhound.text.defang import defang
from trailhound.text.escape import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trailhound.cli.evidence import Asked
    from trailhound.engine.timeline import Event

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NARROWEST = 80
_SHORT = {"_activity": "", "_management": "", "authentication": "login", "_finding": ""}


@click.command("timeline")
@click.option("--entity", default="", metavar="VALUE", help="User, host, address, ...; * is any.")
@click.option("--since", metavar="TIME", help="From this time on (ISO 8601, UTC).")
@click.option("--until", metavar="TIME", help="Before this time.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", help="Output format.")
@evidence_arguments
def command(entity: str, since: str | None, until: str | None, form: str, asked: Asked) -> None:
    """Show everything that happened, in order.

    Shows the events of PATH... or of a workspace, one a line.
    Times are UTC; ~ marks one whose zone or year is assumed.
    """
    first, last = span(since, until)
    with table_engine(asked) as engine:
        from trailhound.engine.timeline import Event, timeline

        events = timeline(engine, entity=entity, since=first, until=last)
        if form == "text":
            _print(events)
            return
        names = ["time_utc", *Event.__struct_fields__]
        rows = ((stamp(event.time), *msgspec.structs.astuple(event)) for event in events)
        write_rows(names, rows, form)


def _print(events: Iterable[Event]) -> None:
    width, number = _width(), 0
    for number, event in enumerate(events, 1):  # noqa: B007 - the last number is the count
        click.echo(line(event)[:width].rstrip())
    if not number:
        click.echo("no events", err=True)


def line(event: Event) -> str:
    """Tell an event in one line: when, what kind, who, where, from where, what."""
    told = [
        f"{stamp(event.time) or 'no time':19}{' ' if _sure(event) else '~'}",
        f"{_kind(event.table):10}",
        " ".join(part for part in (event.action, event.status) if part),
        event.who,
        f"@ {event.host}" if event.host else "",
        f"from {event.src}" if event.src else "",
        event.what,
    ]
    return printable(defang("  ".join(part for part in told if part)))


def stamp(time: int | None) -> str:
    """Write microseconds UTC as `2026-11-04 08:12:31`; empty where there is no calendar for it."""
    if time is None:
        return ""
    try:
        return f"{_EPOCH + timedelta(microseconds=time):%Y-%m-%d %H:%M:%S}"
    except OverflowError:
        return ""


def _kind(table: str) -> str:
    for long, short in _SHORT.items():
        table = table.replace(long, short)
    return table


def _sure(event: Event) -> bool:
    return event.time is None or event.time_basis in ("", TimeBasis.EXACT)


def _width() -> int | None:
    if not sys.stdout.isatty():
        return None
    return max(_NARROWEST, shutil.get_terminal_size().columns)
