"""What an example says against its rule."""

from __future__ import annotations

import msgspec

from trailhound.model.errors import Where


class Failure(msgspec.Struct, frozen=True):
    """What an example says against its rule, for a person."""

    where: Where
    rule: str
    why: str

    def __str__(self) -> str:
        """Give one line."""
        return f"{self.where}: {self.rule}: {self.why}"
