"""Pictures as SVG, with the table that has the same numbers: no library, no script, no font.

Colours follow the reader's light or dark setting and turn to greys on paper; no number is told by
colour alone. The same drawing stands inside a page and in a file of its own.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from trailhound.report.markup import Html, tag

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trailhound.report.markup import Text

WIDTH = 900
"""Every picture is this wide in its own units; a page scales it."""


class Picture(NamedTuple):
    """A drawing and what is behind it.

    Attributes:
        name: one word, for a file and an anchor.
        title: what the picture is.
        told: what it shows, in a sentence, for those who do not see it.
        drawing: the `svg` element.
        heads: names of the table's columns.
        rows: the numbers. A cell that is text of others is escaped where it is written.
    """

    name: str
    title: str
    told: str
    drawing: Html
    heads: Sequence[str]
    rows: Sequence[Sequence[Text]]


def drawing(title: str, told: str, height: float, *content: Text) -> Html:
    """Make the element around a drawing."""
    return tag(
        "svg",
        tag("title", title),
        tag("desc", told),
        *content,
        viewBox=Html(f"0 0 {WIDTH} {number(height)}"),
        role="img",
        aria_label=title,
        class_="pic",
    )


def box(left: float, top: float, width: float, height: float, *, kind: str, hint: str = "",
        strength: float = 1.0) -> Html:  # fmt: skip
    """Draw a rectangle; `kind` is a class of picture.css, `hint` what a pointer over it says."""
    made = tag("rect", x=number(left), y=number(top), width=number(width), height=number(height),
               class_=kind, fill_opacity=number(strength))  # fmt: skip
    return tag("g", tag("title", hint), made) if hint else made


def words(left: float, top: float, text: Text, kind: str = "") -> Html:
    """Write a line of text; `top` is where it stands."""
    return tag("text", text, x=number(left), y=number(top), class_=kind or "plain")


def number(value: float) -> Html:
    """Write a length with two digits, whatever the locale."""
    return Html(f"{value:.2f}".rstrip("0").rstrip("."))


@cache
def stylesheet() -> Html:
    """Give the colours of pictures."""
    return Html(files("trailhound.report").joinpath("picture.css").read_text("utf-8"))


def standalone(picture: Picture) -> bytes:
    """Give a picture as a file of its own."""
    head = '<svg xmlns="http://www.w3.org/2000/svg" width="900" '
    opened, rest = picture.drawing.removeprefix("<svg ").split(">", 1)
    style = tag("style", stylesheet())
    return f"{head}{opened}>{style}{rest}\n".encode("utf-8", "backslashreplace")
