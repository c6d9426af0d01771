"""Regular expressions that rules bring: only those that match in linear time."""

from __future__ import annotations

import re

import re2

MAX_PATTERN = 20_000


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


def check_regex(pattern: str, flags: str) -> str:
    """Give "" for a usable pattern, else the reason for a person."""
    if len(pattern) > MAX_PATTERN:
        return f"a regular expression over {MAX_PATTERN} characters"
    if "\0" in pattern:
        return r"a regular expression with a NUL character: write \x00"
    try:
        re2.compile(with_flags(pattern, flags), options(flags))
    except re2.error as error:
        return f"not a linear-time regular expression: {error}"
    return ""
