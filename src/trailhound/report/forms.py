"""Every form a result can be written in: the one list that commands and documentation ask.

A form is a function from a result to pieces of bytes; those for people also ask how somebody wants
to see it. A new form is one file beside this one and one line here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import tzinfo

    from trailhound.model.result import Result

AUDIENCES = ("technical", "executive")


@dataclass(frozen=True, slots=True)
class Look:
    """How somebody wants to see a result.

    Attributes:
        zone: what times are shown in; forms for programs are always UTC.
        colour: colours for a terminal.
        everything: every incident, not the first screen.
        audience: one of `AUDIENCES`; for `md` and `html`.
        stem: what names of files beside the report begin with; none are written when empty.
    """

    zone: tzinfo = UTC
    colour: bool = False
    everything: bool = False
    audience: str = "technical"
    stem: str = ""


def _text(result: Result, look: Look) -> Iterator[bytes]:
    from trailhound.report.text import TextReport

    report = TextReport(result, colour=look.colour, zone=look.zone, everything=look.everything)
    return (f"{line}\n".encode("utf-8", "backslashreplace") for line in report.lines())


def _html(result: Result, look: Look) -> Iterator[bytes]:
    from trailhound.report.html import html_report

    return html_report(result, zone=look.zone, short=_is_short(look))


def _markdown(result: Result, look: Look) -> Iterator[bytes]:
    from trailhound.report.markdown import markdown_report

    return markdown_report(result, zone=look.zone, stem=look.stem, short=_is_short(look))


FOR_PEOPLE: dict[str, Callable[[Result, Look], Iterator[bytes]]] = {
    "text": _text,
    "html": _html,
    "md": _markdown,
}

FOR_PROGRAMS: dict[str, str] = {
    "json": "json_output:json_document",
    "jsonl": "json_output:json_lines",
    "csv": "csv_output:csv_rows",
    "ocsf": "ocsf:ocsf_lines",
    "ecs": "ecs:ecs_lines",
    "stix": "stix:stix_bundle",
    "sarif": "sarif:sarif_document",
    "navigator": "navigator:navigator_layer",
    "timesketch": "timesketch:timesketch_lines",
}
"""`module:function` of this package, imported when it is asked for; it takes the result alone."""

FORMS = (*FOR_PEOPLE, *FOR_PROGRAMS)
"""Names of all forms, in the order of the help."""

FOR_AN_AUDIENCE = ("html", "md")


def rendered(form: str, result: Result, look: Look) -> Iterator[bytes]:
    """Write a result in a form."""
    if form in FOR_PEOPLE:
        return FOR_PEOPLE[form](result, look)
    module, function = FOR_PROGRAMS[form].split(":")
    pieces: Iterator[bytes] = getattr(import_module(f"trailhound.report.{module}"), function)(
        result
    )
    return pieces


def beside(form: str, result: Result, look: Look) -> Iterator[tuple[str, bytes]]:
    """Give the names and contents of the files that belong beside a report."""
    if form == "md" and look.stem:
        from trailhound.report.markdown import picture_files

        yield from picture_files(result, zone=look.zone, stem=look.stem, short=_is_short(look))


def _is_short(look: Look) -> bool:
    return look.audience == "executive"
