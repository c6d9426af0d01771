"""Documents of one file that share content, as Sigma 1 wrote them.

`action: global` gives what all that follow share, `action: reset` ends that, and `action: repeat`
makes a rule once more with some of it changed. What is given last wins, except that what is global
wins over the rule: pySigma and its predecessor do so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trailhound.model.errors import RuleError, Where
from trailhound.rules.sigma.document import MAX_NODES, documents

if TYPE_CHECKING:
    from collections.abc import Iterator

Document = dict[str, Any]


def whole_documents(
    text: bytes, source: str, errors: list[RuleError]
) -> Iterator[tuple[Document, int]]:
    """Yield the rules of a file, each with all it shares, and their lines.

    Documents that cannot be used are added to `errors`. RuleError for what ends the file; content
    shared too often ends it, too.
    """
    series = _Series(source)
    for document, line in documents(text, source, errors):
        action = document.pop("action", None)
        try:
            made = series.take(document, action, line)
        except RuleError as error:
            errors.append(error)
            if series.spent:
                return
            continue
        if made is not None:
            yield made, line


class _Series:
    """What one document leaves behind for the next ones."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._shared: Document = {}
        self._last: Document = {}
        self._ids: dict[str, int] = {}
        self._left = MAX_NODES

    @property
    def spent(self) -> bool:
        """Whether shared content has become too large for one file."""
        return self._left < 0

    def take(self, document: Document, action: object, line: int) -> Document | None:
        """Give the rule that a document makes; None for one that only says what is shared."""
        if action is None and "correlation" in document:
            return document
        if action is None:
            self._last = self._merged(document, self._shared, line) if self._shared else document
            return self._numbered(self._last, document)
        if action == "repeat":
            self._last = self._merged(self._last, document, line)
            return self._numbered(self._last, document)
        if action not in ("global", "reset"):
            what = f"unknown action {action!r}"
            todo = "use global, reset or repeat"
            raise RuleError(what, where=Where(self._source, line), todo=todo)
        self._shared = self._merged(self._shared, document, line) if action == "global" else {}
        self._last = self._shared if action == "global" else self._last
        return None

    def _merged(self, under: Document, over: Document, line: int) -> Document:
        made = merged(under, over)
        self._left -= _size(made)
        if self._left < 0:
            what = f"shared content makes over {MAX_NODES} values of one file"
            raise RuleError(what, where=Where(self._source, line))
        return made

    def _numbered(self, made: Document, own: Document) -> Document:
        """An id may be shared, too; each rule after the first of it gets a number."""
        identity = str(made.get("id") or "")
        if not identity:
            return made
        count = self._ids[identity] = self._ids.get(identity, 0) + 1
        return made if "id" in own or count == 1 else made | {"id": f"{identity}-{count}"}


def merged(under: Document, over: Document) -> Document:
    """Lay one document over another; maps that both have are merged in turn."""
    made = dict(under)
    for key, value in over.items():
        known = made.get(key)
        both = isinstance(known, dict) and isinstance(value, dict)
        made[key] = merged(known, value) if both else value  # type: ignore[arg-type]
    return made


def _size(value: Any) -> int:
    """Count values, up to the limit."""
    pending, count = [value], 0
    while pending and count <= MAX_NODES:
        one = pending.pop()
        count += 1
        if isinstance(one, dict):
            pending += one.values()
        elif isinstance(one, list):
            pending += one
    return count
