"""HTML that evidence cannot break: text becomes markup in one place, by `tag`.

`Html` is markup that this package made; every other string is text of others until `tag` has
escaped and defanged it. There is no way to pass a name of an element or attribute from evidence.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from trailhound.report.phrases import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Text = str | int | float
"""What `tag` takes: markup of ours as it is, numbers, and text of others, which it escapes."""

_VOID = frozenset({"meta", "rect", "line"})


LONGEST_WORD = 24


class Html(str):
    """Markup that needs no escaping."""

    __slots__ = ()


def tag(name: str, /, *content: Text, **attributes: Text) -> Html:
    """Make an element. `class_` and `http_equiv` stand for `class` and `http-equiv`."""
    named = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_safe(value)}"'
        for key, value in attributes.items()
    )
    if name in _VOID:
        return Html(f"<{name}{named}/>")
    return Html(f"<{name}{named}>{join(content)}</{name}>")


def join(content: Iterable[Text]) -> Html:
    """Put pieces behind each other."""
    return Html("".join(map(_safe, content)))


def _safe(value: Text) -> str:
    if isinstance(value, Html):
        return value
    if isinstance(value, str):
        return escape(shown(value), quote=True)
    return f"{value:,}" if isinstance(value, int) else f"{value:g}"


def table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[Text]]) -> Html:
    """Make a table whose first cell of each row names the row; it scrolls by itself when narrow.

    Columns without a single value are left out.
    """
    cells = list(rows)
    kept = [n for n in range(len(heads)) if n == 0 or any(row[n] != "" for row in cells)]
    head = tag("tr", *(tag("th", heads[n], scope="col") for n in kept))
    body = [
        tag("tr", tag("th", row[0], scope="row"), *(_cell(row[n]) for n in kept[1:]))
        for row in cells
    ]
    made = tag("table", tag("caption", caption), tag("thead", head), tag("tbody", *body))
    return tag("div", made, class_="scroll", role="region", aria_label=caption, tabindex=0)


def _cell(value: Text) -> Html:
    """Make a cell; a number stays on one line."""
    return tag("td", value) if isinstance(value, str) else tag("td", value, class_="word")


def moment(text: str) -> Html:
    """Mark a time, `2026-11-04 08:12:00`, which may break between day and clock only."""
    return tag("time", Html(" ".join(tag("span", part) for part in text.split(" "))))


def word(text: str) -> Text:
    """Keep a short text on one line; a long one may break anywhere."""
    return tag("span", text, class_="word") if len(text) <= LONGEST_WORD else text


def items(texts: Iterable[Text]) -> Html:
    """Make a list with a bullet for each text."""
    return tag("ul", *(tag("li", text) for text in texts))


def pairs(rows: Iterable[tuple[str, Text]]) -> Html:
    """Make a list of names and values; those without a value are left out."""
    return tag("dl", *(join((tag("dt", n), tag("dd", v))) for n, v in rows if v not in ("", None)))
