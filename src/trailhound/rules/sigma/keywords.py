"""Keywords: patterns without a field, which look at every value of a record.

Decoding all values of all records would cost more than everything else. The raw bytes are scanned
instead, with patterns widened to the ways JSON may write the same text, and only the records that
hit are decoded and asked again, exactly.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from trailhound.rules.sigma.matcher import FieldMatcher
from trailhound.rules.sigma.patterns import Expression, compile_set
from trailhound.rules.sigma.rule import Op

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from trailhound.model.batch import Batch
    from trailhound.rules.sigma.patterns import PatternSet
    from trailhound.rules.sigma.rule import Predicate

_ESCAPED = frozenset("<>&'+`\u007f")
"""ASCII characters that some JSON writers give as `\\u00XX`."""

_PART = re.compile(r"\\x00|\\(.)|(\.\*?|\[[^]]+\])|([^\\.\[]+)", re.DOTALL)
"""An escaped character, a wildcard, or plain text."""


class KeywordMatcher:
    """Gives each row of a batch the class of the keywords that occur in it."""

    def __init__(self, cache: Path | None) -> None:
        self._exact = FieldMatcher(cache)
        self._cache = cache
        self._expressions: list[Expression] = []
        self._always = False
        self._beyond_ascii = False
        self._filter: PatternSet | None = None

    @property
    def classes(self) -> list[frozenset[int]]:
        """The classes of the numbers `rows` gives."""
        return self._exact.classes

    def add(self, predicate: Predicate, number: int) -> None:
        """Take one keyword; a regular expression cannot be widened: every row is a candidate."""
        self._exact.add(predicate, number)
        self._filter = None
        self._beyond_ascii = self._beyond_ascii or not predicate.value.isascii()
        if predicate.op in (Op.CONTAINS, Op.STARTSWITH, Op.ENDSWITH, Op.EQUALS):
            self._expressions.append(Expression(widened(predicate.value), predicate.cased))
        elif predicate.op is Op.WILDCARD:
            longest = max(
                _literals(predicate.value.removeprefix(r"\A").removesuffix(r"\z")), key=len
            )
            self._expressions.append(Expression(widened(longest), predicate.cased))
            self._always = self._always or not longest
        else:
            self._always = True

    def rows(self, batch: Batch) -> list[int] | None:
        """Give a class number per row; None when no keyword occurs."""
        candidates = range(batch.rows) if self._always else self._candidates(batch)
        if not candidates:
            return None
        classes = [0] * batch.rows
        for row in candidates:
            texts = tuple(dict.fromkeys(record_texts(batch, row)))
            classes[row] = self._exact.__missing__(texts) if texts else 0
            self._exact.clear()  # whole records do not repeat: nothing to remember
        return classes

    def _candidates(self, batch: Batch) -> Sequence[int]:
        """Give the rows that may hold a keyword: all are scanned at once, each only if that hit."""
        if self._filter is None:
            self._filter = compile_set(self._expressions, self._cache)
        scan = self._filter.scan
        block = batch.raw_block()
        if self._beyond_ascii and not _is_utf8(block):
            raws = map(batch.raw, range(batch.rows))
            return [row for row, raw in enumerate(raws) if not _is_utf8(raw) or scan(raw)]
        if not scan(block):
            return ()
        return [row for row in range(batch.rows) if scan(batch.raw(row))]


def _is_utf8(data: bytes) -> bool:
    """Patterns beyond ASCII may only see valid UTF-8; other records are decoded, then asked."""
    if data.isascii():
        return True
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _literals(expression: str) -> list[str]:
    """Give the texts between the wildcards of a pattern's expression."""
    found = [""]
    for part in _PART.finditer(expression):
        if part[2] or part[0] == r"\x00":
            found.append("")
        else:
            found[-1] += part[1] or part[3]
    return found


def widened(text: str) -> str:
    """Give an expression for a text as it is, and as JSON may have escaped it."""
    return "".join(map(_widened, text))


def _widened(char: str) -> str:  # noqa: PLR0911  # one per way of escaping
    code = ord(char)
    if char == "\\":
        return r"\\{1,2}"
    if char == '"':
        return r'\\?"'
    if char == "/":
        return r"\\?/"
    if code < 32:
        return rf"(?:\x{code:02x}|\\[a-z]|\\u00{code:02x})"
    if code > 126:
        return rf"(?:{re.escape(char)}|(?:\\u[0-9a-fA-F]{{4}}){{1,2}})"
    if char in _ESCAPED:
        return rf"(?:{re.escape(char)}|\\u00{code:02x})"
    return re.escape(char)


def record_texts(batch: Batch, row: int) -> list[str]:
    """Give every value of a record as text, and for text formats the line itself."""
    texts: list[str] = []
    pending: list[Any] = [batch.record(row)]
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            pending.extend(value.values())
        elif isinstance(value, list):
            pending.extend(value)
        elif value is not None and value != "":
            texts.append(value if isinstance(value, str) else str(value))
    raw = batch.raw(row)
    if not raw.startswith((b"{", b"[")):
        texts.append(raw.decode("utf-8", "replace"))
    return texts
