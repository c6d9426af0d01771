"""Regular expressions that rules bring: only those that match in linear time."""

from __future__ import annotations

import re
from functools import lru_cache

import re2

MAX_PATTERN = 20_000

_BYTEWISE = re.compile(
    r"""[^\\.\[(]+
    | \((?!\?) | \(\?:
    | \.\*
    | \\(?:[^0-9A-Za-z] | [Azdsw] | x[0-7][0-9A-Fa-f])
    | \[(?!\^)(?:[^\\\[\]] | \\[^0-9A-Za-z])+\]""",
    re.VERBOSE,
)
"""One piece of a pattern that means the same over bytes as over characters."""

_CLASS = r"\[\^?\]?(?:\\.|\[:\^?[a-z]+:\]|[^\]\\])*\]"
_TOKEN = re.compile(rf"\\.|{_CLASS}|.", re.DOTALL)
_UP_TO = re.compile(rf"(\\[WSD]|\.|(?=\[\^){_CLASS})\{{(\d+),\d+\}}|\\.|{_CLASS}", re.DOTALL)
_INLINE_MULTILINE = re.compile(r"\(\?[a-zA-Z]*m")


def escaped(text: str) -> str:
    """Give the expression of a text; an engine written in C would end it at a NUL."""
    return re.escape(text).replace("\0", r"\x00")


def options(flags: str) -> re2.Options:
    """Give RE2 options for Sigma's flags: `i` ignores case, `m` and `s` as in Perl."""
    made = re2.Options()
    made.case_sensitive = "i" not in flags
    made.log_errors = False
    made.max_mem = 64 << 20
    made.dot_nl = "s" in flags
    return made


def with_flags(pattern: str, flags: str) -> str:
    """Write the multi-line flag into the pattern, where both engines understand it."""
    return f"(?m){pattern}" if "m" in flags else pattern


@lru_cache(maxsize=65_536)
def is_bytewise(pattern: str) -> bool:
    r"""Tell whether a pattern means the same over the bytes of UTF-8 as over its characters.

    Such patterns match faster. Those that count (`.`, `[^a]`, `\W`) must count characters.
    """
    place = 0
    while pattern.isascii() and place < len(pattern):
        piece = _BYTEWISE.match(pattern, place)
        if piece is None:
            return False
        place = piece.end()
    return pattern.isascii()


def loosened(pattern: str) -> str:
    """Give a pattern without the upper bounds of what it counts; it matches where this one does.

    Hyperscan may need a minute to compile `.{0,500}` over characters, but no time for `.*`.
    """
    if is_bytewise(pattern) or r"\Q" in pattern:
        return pattern
    return _UP_TO.sub(_without_end, pattern)


def _without_end(token: re.Match[str]) -> str:
    if not token[1]:
        return token[0]
    return f"{token[1]}*" if token[2] == "0" else f"{token[1]}{{{token[2]},}}"


def like_perl(pattern: str, flags: str) -> str:
    r"""Write for RE2 what it alone reads in another way than Perl, Python and Hyperscan do.

    There `$` also stands before a line end that ends the text, and `\s` includes `\x0b`.
    """
    lines = "m" in flags or _INLINE_MULTILINE.search(pattern) is not None

    def written(token: re.Match[str]) -> str:
        if token[0][0] == "[":
            return token[0].replace(r"\s", r"\s\x0b")
        return token[0] if lines and token[0] == "$" else _PERL.get(token[0], token[0])

    return _TOKEN.sub(written, pattern)


_PERL = {"$": r"(?:\n?\z)", r"\s": r"[\s\x0b]", r"\S": r"[^\s\x0b]"}


def check_regex(pattern: str, flags: str) -> str:
    """Give "" for a usable pattern, else the reason for a person."""
    if len(pattern) > MAX_PATTERN:
        return f"a regular expression over {MAX_PATTERN} characters"
    if "\0" in pattern:
        return r"a regular expression with a NUL character: write \x00"
    try:
        re2.compile(with_flags(pattern, flags), options(flags))
    except re2.error as error:
        reason = error.args[0]
        said = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
        return f"not a linear-time regular expression: {said}"
    return ""
