r"""Markdown that evidence cannot break: text becomes markup in one place, by `plain`.

Text of others is escaped and defanged as everywhere, then every character that means something in
CommonMark or in the tables and mentions of code hosts gets a backslash or an entity, so a title
such as `<img>` or `[x](y)` is read as it was written.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from trailhound.report.phrases import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Cell = str | int

_SPECIAL = re.compile(r"[\\`*_{}\[\]#|~$@]")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_ENTITY = re.compile(r"[&<>]")
_AT_START = re.compile(r"(\d{0,9})([-+=.)])(?=[\s=-]|$)")
"""What begins a list, a rule or the line below a heading: `- `, `1. `, `===`."""
_BARE_LINK = re.compile(r"\b(www)\.", re.IGNORECASE)


def plain(value: Cell) -> str:
    """Write text of others or a number, anywhere but at the start of a line."""
    if isinstance(value, int):
        return f"{value:,}"
    text = _SPECIAL.sub(r"\\\g<0>", shown(value).strip())
    text = _ENTITY.sub(lambda match: _ENTITIES[match[0]], text)
    return _BARE_LINK.sub(r"\1&#46;", text)


def _line(text: str) -> str:
    """Write text of others where a mark of a list or a rule would count."""
    safe = plain(text)
    match = _AT_START.match(safe)
    return f"{match[1]}\\{safe[match.end(1) :]}" if match else safe


def heading(level: int, text: str) -> list[str]:
    """Give a heading, with the blank lines it needs."""
    return ["", f"{'#' * level} {plain(text) or '-'}", ""]


def paragraph(*texts: str) -> list[str]:
    """Give texts as one paragraph; nothing when all are empty."""
    told = _line(" ".join(filter(None, texts)))
    return [told, ""] if told else []


def bullets(texts: Iterable[str]) -> list[str]:
    """Give a list."""
    lines = [f"- {_line(text)}" for text in texts]
    return [*lines, ""] if lines else []


def pairs(rows: Iterable[tuple[str, str]]) -> list[str]:
    """Give a list of names and values; those without a value are left out."""
    lines = [f"- **{plain(name)}:** {plain(value)}" for name, value in rows if value]
    return [*lines, ""] if lines else []


def table(heads: Sequence[str], rows: Sequence[Sequence[Cell]], *, most: int = 500) -> list[str]:
    """Give a table; what is left out of it is said below it."""
    if not rows:
        return []
    numbers = [all(isinstance(row[n], int) or row[n] == "" for row in rows)
               for n in range(len(heads))]  # fmt: skip
    lines = [
        _row(heads),
        "|" + "|".join(" ---: " if is_number else " --- " for is_number in numbers) + "|",
        *map(_row, rows[:most]),
        "",
    ]
    more = len(rows) - most
    return [*lines, *(paragraph(f"{more:,} more rows are not shown.") if more > 0 else [])]


def _row(cells: Iterable[Cell]) -> str:
    return "| " + " | ".join(map(plain, cells)) + " |"


def picture(told: str, place: str) -> list[str]:
    """Show a file that lies beside this one."""
    file = quote(place.encode("utf-8", "surrogateescape"), safe="")
    return [f"![{plain(told)}]({file})", ""]


def written(lines: Iterable[str]) -> Iterator[bytes]:
    """Give the file; blank lines stand between others, and one at a time."""
    blank = begun = False
    for line in lines:
        if line:
            yield f"{chr(10) * (blank and begun)}{line}\n".encode("utf-8", "backslashreplace")
            begun = True
        blank = not line
