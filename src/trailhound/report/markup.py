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
    """Make a table whose first cell of each row names the row; it scrolls by itself when narrow."""
    head = tag("tr", *(tag("th", text, scope="col") for text in heads))
    body = [
        tag("tr", tag("th", row[0], scope="row"), *(tag("td", cell) for cell in row[1:]))
        for row in rows
    ]
    made = tag("table", tag("caption", caption), tag("thead", head), tag("tbody", *body))
    return tag("div", made, class_="scroll", role="region", aria_label=caption, tabindex=0)


def items(texts: Iterable[Text]) -> Html:
    """Make a list with a bullet for each text."""
    return tag("ul", *(tag("li", text) for text in texts))


def pairs(rows: Iterable[tuple[str, Text]]) -> Html:
    """Make a list of names and values; those without a value are left out."""
    return tag("dl", *(join((tag("dt", n), tag("dd", v))) for n, v in rows if v not in ("", None)))
