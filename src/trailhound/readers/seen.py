"""Ids met lately in one source, within bounds."""

from __future__ import annotations

from hashlib import blake2b

LIMIT = 500_000
"""Ids per generation; two are kept, so a repetition is seen within at least this many events."""


class Seen:
    """Remembers ids; the oldest are forgotten when there are too many."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._recent: set[bytes] = set()
        self._older: set[bytes] = set()

    def known(self, name: str) -> bool:
        """Tell whether an id was met before."""
        key = _key(name)
        return key in self._recent or key in self._older

    def again(self, name: str) -> bool:
        """Tell whether an id was met before, and remember it."""
        if self.known(name):
            return True
        if len(self._recent) >= self._limit:
            self._older, self._recent = self._recent, set()
        self._recent.add(_key(name))
        return False


def _key(name: str) -> bytes:
    return blake2b(name.encode("utf-8", "replace"), digest_size=12).digest()
