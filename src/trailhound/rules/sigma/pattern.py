"""Sigma strings: `*` and `?` are wildcards, a backslash escapes them and itself.

A backslash before anything else is a plain backslash, so Windows paths need no doubling.
"""

from __future__ import annotations

from enum import Enum

from trailhound.rules.sigma.regex import escaped
from trailhound.rules.sigma.rule import Op


class Wild(Enum):
    """A wildcard inside a pattern."""

    MANY = "*"
    ONE = "?"
    DASH = "-"
    """Any sign that Windows programs take for the dash of an option."""


DASHES = ("-", "/", "\u2013", "\u2014", "\u2015")
_EXPRESSIONS = {Wild.MANY: ".*", Wild.ONE: ".", Wild.DASH: f"[{''.join(DASHES)}]"}

Pattern = tuple[str | Wild, ...]
"""Literal pieces and wildcards in order."""


def parse(text: str) -> Pattern:
    """Split a Sigma string into literals and wildcards."""
    parts: list[str | Wild] = []
    literal: list[str] = []
    escaped = False
    for char in text:
        if escaped:
            literal.append(char if char in "*?\\" else "\\" + char)
            escaped = False
        elif char == "\\":
            escaped = True
        elif char in "*?":
            _flush(parts, literal)
            parts.append(Wild(char))
        else:
            literal.append(char)
    if escaped:
        literal.append("\\")
    _flush(parts, literal)
    return tuple(parts)


def _flush(parts: list[str | Wild], literal: list[str]) -> None:
    if literal:
        parts.append("".join(literal))
        literal.clear()


def around(pattern: Pattern, *, before: bool, after: bool) -> Pattern:
    """Add `*` at the ends, unless one is there (`contains`, `startswith`, `endswith`)."""
    head: Pattern = (Wild.MANY,) if before and pattern[:1] != (Wild.MANY,) else ()
    tail: Pattern = (Wild.MANY,) if after and (pattern[-1:] != (Wild.MANY,) or not pattern) else ()
    return head + pattern + tail


def literal(pattern: Pattern) -> str | None:
    """Give the text of a pattern without wildcards, None when it has one."""
    return "".join(part for part in pattern if isinstance(part, str)) if _plain(pattern) else None


def _plain(pattern: Pattern) -> bool:
    return all(isinstance(part, str) for part in pattern)


def comparison(pattern: Pattern) -> tuple[Op, str]:
    """Give the cheapest operation that means the same as the pattern."""
    if _plain(pattern):
        text = "".join(part for part in pattern if isinstance(part, str))
        return (Op.EQUALS, text) if text else (Op.BLANK, "")
    if set(pattern) == {Wild.MANY}:
        return Op.PRESENT, ""
    core = pattern[1:] if pattern[0] is Wild.MANY else pattern
    core = core[:-1] if core[-1] is Wild.MANY else core
    if _plain(core):
        before, after = pattern[0] is Wild.MANY, pattern[-1] is Wild.MANY
        op = Op.CONTAINS if before and after else Op.ENDSWITH if before else Op.STARTSWITH
        return op, "".join(part for part in core if isinstance(part, str))
    return Op.WILDCARD, expression(pattern)


def expression(pattern: Pattern) -> str:
    """Give the anchored regular expression of a pattern; `.` means any character, line ends too."""
    body = "".join(
        escaped(part) if isinstance(part, str) else _EXPRESSIONS[part] for part in pattern
    )
    head = "" if pattern[0] is Wild.MANY else r"\A"
    tail = "" if pattern[-1] is Wild.MANY else r"\z"
    return head + body.removeprefix(".*" if pattern[0] is Wild.MANY else "") + tail
