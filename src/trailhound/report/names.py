r"""Finding known names in running text: whole words, without case, the longest first.

A name counts where no letter or digit stands directly before or behind it, so `a.meyer` is found in
`C:\\Users\\a.meyer\\x` and `backup_A.Meyer.zip`, and not in `sa.meyers`. An escape of a quoted text
(`\\n`, `\\x1b`, `\\u202e`, `%5C`) before a name is no part of a word either. Time is linear in the
text times the number of different lengths of names that begin with the same word.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_WORD = re.compile(r"[^\W_]+")
_ESCAPES = (1, 3, 5, 9)
"""Lengths of escapes behind their backslash: `n`, `x1b`, `u202e`, `U0001f600`."""

Found = tuple[int, int, str]
"""Start, end, and what takes its place."""


class Names:
    """Known names and what replaces each; a name is `folded`, and starts with a letter or digit."""

    def __init__(self, known: Mapping[str, str]) -> None:
        self._known = known
        self._lengths: dict[str, list[int]] = {}
        for name in sorted(known, key=len, reverse=True):
            first = _WORD.match(name)
            lengths = self._lengths.setdefault(first[0] if first else "", [])
            if len(name) not in lengths:
                lengths.append(len(name))

    def find(self, text: str) -> Iterator[Found]:
        """Give the known names in a text, which may overlap."""
        lower = folded(text)
        for match in _WORD.finditer(lower):
            for start in _starts(lower, match.start(), match.end()):
                found = self._at(lower, start, match.end())
                if found:
                    yield found
                    break

    def _at(self, lower: str, start: int, end: int) -> Found | None:
        for length in self._lengths.get(lower[start:end], ()):
            name = lower[start : start + length]
            if name in self._known and not lower[start + length : start + length + 1].isalnum():
                return start, start + length, self._known[name]
        return None


def folded(text: str) -> str:
    """Give lower case letter by letter, so that places in the text stay the same."""
    return text.lower() if text.isascii() else "".join(char.lower()[0] for char in text)


def _starts(text: str, start: int, end: int) -> Iterable[int]:
    """Give where a word may begin: at its start, and behind an escape that looks like its start."""
    before = text[start - 1 : start]
    if before == "%":
        return [start, *range(start + 2, min(start + 3, end))]
    if before == "\\":
        return [start, *(start + length for length in _ESCAPES if start + length < end)]
    return [start]


def replace(text: str, found: Iterable[Found]) -> str:
    """Put the replacements into a text; where two overlap, the first and longer one wins."""
    pieces, done = [], 0
    for start, end, name in sorted(found, key=lambda one: (one[0], -one[1])):
        if start >= done:
            pieces += [text[done:start], name]
            done = end
    return "".join([*pieces, text[done:]]) if done else text
