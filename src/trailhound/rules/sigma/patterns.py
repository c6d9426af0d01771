"""Sets of patterns matched at once: Hyperscan, or RE2 where there is no Hyperscan.

Compiling thousands of patterns takes seconds, loading a compiled database milliseconds, so
databases are kept in the user's cache folder under the hash of what they were made from. A file
there is data to this program, not trusted: its checksum must fit, else it is made again.
"""

from __future__ import annotations

import hashlib
import os
import platform
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Protocol

import msgspec
import re2

from trailhound.rules.sigma.regex import is_bytewise, like_perl, loosened, options, with_flags

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

try:
    import hyperscan

    HAVE_HYPERSCAN = True
except ImportError:  # no wheel for this platform: RE2 gives the same answers, slower
    HAVE_HYPERSCAN = False

KEEP_FROM = 2
"""A single expression compiles faster than a cache file is read."""


class Expression(msgspec.Struct, frozen=True, array_like=True):
    """One regular expression: `cased`, `dotall` and `multiline` as their names say."""

    pattern: str
    cased: bool = False
    dotall: bool = True
    multiline: bool = False

    @property
    def flags(self) -> str:
        """Give the flags in Sigma's letters."""
        return ("" if self.cased else "i") + "s" * self.dotall + "m" * self.multiline


class PatternSet(Protocol):
    """Gives the indexes of the expressions that occur in a text."""

    def scan(self, text: bytes) -> list[int]:
        """Give each matching index once, in no particular order; `text` is valid UTF-8."""
        ...


def compile_set(expressions: Sequence[Expression], cache: Path | None = None) -> PatternSet:
    """Compile a set with the best engine there is."""
    return HyperscanSet(expressions, cache) if HAVE_HYPERSCAN else Re2Set(expressions)


class Re2Set:
    """A set matched by RE2, in groups by flags (RE2's sets share their options)."""

    def __init__(self, expressions: Sequence[Expression]) -> None:
        groups: dict[str, list[int]] = {}
        for index, one in enumerate(expressions):
            groups.setdefault(one.flags.replace("m", ""), []).append(index)
        self._groups = [
            (indexes, _re2_set([expressions[n] for n in indexes], flags))
            for flags, indexes in groups.items()
        ]

    def scan(self, text: bytes) -> list[int]:
        """See `PatternSet`."""
        return [indexes[hit] for indexes, found in self._groups for hit in found.Match(text) or ()]


def _re2_set(expressions: Sequence[Expression], flags: str) -> re2.Set:
    made = options(flags)
    made.max_mem = 1 << 30
    found = re2.Set.SearchSet(made)
    for one in expressions:
        found.Add(with_flags(like_perl(one.pattern, one.flags), one.flags))
    found.Compile()
    return found


class HyperscanSet:
    """A set matched by Hyperscan; the few expressions it refuses go to RE2.

    An expression that counts characters is looked for in a looser form, and RE2 has the last word.
    """

    def __init__(self, expressions: Sequence[Expression], cache: Path | None) -> None:
        self._expressions = expressions
        self._loose = {
            n for n, one in enumerate(expressions) if loosened(one.pattern) != one.pattern
        }
        self._exact: dict[int, Any] = {}
        self._hits: list[int] = []
        self._note: Callable[..., None] = lambda index, *_: self._hits.append(index)
        self._refused: list[int] = []
        self._rest: Re2Set | None = None
        self._database: hyperscan.Database | None
        self._folding = {
            n for n, one in enumerate(expressions) if not one.cased and is_bytewise(one.pattern)
        }
        numbered = list(enumerate(expressions))
        try:
            self._database = _database(numbered, cache)
        except hyperscan.error:
            self._refused = [n for n, one in numbered if not _hyperscan_takes(one)]
            refused = set(self._refused)
            taken = [pair for pair in numbered if pair[0] not in refused]
            self._rest = Re2Set([expressions[n] for n in self._refused])
            self._database = _database(taken, cache) if taken else None

    def scan(self, text: bytes) -> list[int]:
        """See `PatternSet`."""
        found = self._found(text)
        if not text.isascii() and any(letter in text for letter in _LIKE_ASCII):
            found += [n for n in self._found(_folded(text)) if n in self._folding]
            found = list(dict.fromkeys(found))
        if self._rest is not None:
            found += [self._refused[n] for n in self._rest.scan(text)]
        return found

    def _found(self, text: bytes) -> list[int]:
        hits = self._hits
        hits.clear()
        if self._database is not None:
            self._database.scan(text, match_event_handler=self._note)
        if self._loose and not self._loose.isdisjoint(hits):
            return [n for n in hits if n not in self._loose or self._confirm(n, text)]
        return hits.copy()

    def _confirm(self, index: int, text: bytes) -> bool:
        if index not in self._exact:
            self._exact[index] = _re2(self._expressions[index])
        return self._exact[index].search(text) is not None


_LIKE_ASCII = {"\u017f".encode(): b"s", "\u212a".encode(): b"k"}
"""The letters beyond ASCII that are an ASCII letter in the other case."""


def _folded(text: bytes) -> bytes:
    for letter, plain in _LIKE_ASCII.items():
        text = text.replace(letter, plain)
    return text


def _re2(expression: Expression) -> Any:  # re2 carries no types
    flags = expression.flags
    pattern = with_flags(like_perl(expression.pattern, flags), flags)
    return re2.compile(pattern, options(flags))


def _hyperscan_takes(expression: Expression) -> bool:
    try:
        _compiled([(0, expression)])
    except hyperscan.error:
        return False
    return True


def _flags(expression: Expression) -> int:
    flags = hyperscan.HS_FLAG_SINGLEMATCH | hyperscan.HS_FLAG_ALLOWEMPTY
    flags |= 0 if expression.cased else hyperscan.HS_FLAG_CASELESS
    flags |= hyperscan.HS_FLAG_DOTALL if expression.dotall else 0
    flags |= hyperscan.HS_FLAG_MULTILINE if expression.multiline else 0
    if not is_bytewise(loosened(expression.pattern)):  # no UCP: \w and \d are ASCII, as in RE2
        flags |= hyperscan.HS_FLAG_UTF8
    return int(flags)


def _database(
    expressions: Sequence[tuple[int, Expression]], cache: Path | None
) -> hyperscan.Database:
    place = _place(expressions, cache) if cache and len(expressions) >= KEEP_FROM else None
    stored = _load(place) if place else None
    if stored is not None:
        return stored
    database = _compiled(expressions)
    if place:
        _store(place, hyperscan.dumpb(database))
    return database


def _compiled(expressions: Sequence[tuple[int, Expression]]) -> hyperscan.Database:
    database = hyperscan.Database()
    database.compile(
        expressions=[loosened(one.pattern).encode() for _, one in expressions],
        ids=[n for n, _ in expressions],
        elements=len(expressions),
        flags=[_flags(one) for _, one in expressions],
    )
    return database


def _place(expressions: Sequence[tuple[int, Expression]], cache: Path | None) -> Path | None:
    digest = hashlib.blake2b(digest_size=16)
    digest.update(f"{version('hyperscan')} {platform.machine()}".encode())
    digest.update(msgspec.msgpack.encode([(n, one, _flags(one)) for n, one in expressions]))
    return cache / f"{digest.hexdigest()}.hs" if cache else None


def _load(place: Path) -> hyperscan.Database | None:
    try:
        data = place.read_bytes()
        if hashlib.blake2b(data[32:], digest_size=32).digest() != data[:32]:
            return None
        database = hyperscan.loadb(data[32:], hyperscan.HS_MODE_BLOCK)
        database.scratch = hyperscan.Scratch(database)  # loading makes none
    except (OSError, hyperscan.error):  # missing, unreadable, or made on another processor
        return None
    return database


def _store(place: Path, data: bytes) -> None:
    try:
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        temporary = place.with_suffix(f".{os.getpid()}.tmp")
        temporary.write_bytes(hashlib.blake2b(data, digest_size=32).digest() + data)
        temporary.replace(place)
    except OSError:  # a cache that cannot be written only costs time
        return
