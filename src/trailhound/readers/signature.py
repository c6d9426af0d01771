"""What a JSON record shows by its own names, and how its fields are found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trailhound.readers.native_batch import Names, itself

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Inside = Callable[[str], frozenset[str]]
    """Gives the names inside a member of the record."""


@dataclass(frozen=True, slots=True, eq=False)
class Signature:
    """One kind of record.

    Attributes:
        kind: the log kind.
        groups: a record has a name of each group among its own, names separated by blanks.
        names: how its fields are found.
        inside: a member, and a group of names of which it holds one; empty where the record's own
            names tell enough.
    """

    kind: str
    groups: tuple[str, ...]
    names: Names
    inside: tuple[str, str] | tuple[()] = ()

    def allowed_by(self, names: frozenset[str]) -> bool:
        """Tell whether a record's own names speak for the kind."""
        return all(not names.isdisjoint(group.split()) for group in self.groups)

    def shown_by(self, inside: Inside) -> bool:
        """Tell whether what lies inside a record speaks for the kind too."""
        if not self.inside:
            return True
        member, group = self.inside
        return not inside(member).isdisjoint(group.split())

    def touches(self, names: frozenset[str]) -> bool:
        """Tell whether a record has at least one of the kind's names."""
        return any(not names.isdisjoint(group.split()) for group in self.groups)


def named(
    times: str, uids: str, candidates: Callable[[str], tuple[str, ...]] | None = None
) -> Names:
    """Say where time and identity stand, names separated by blanks, and other names of fields."""
    return Names((*times.split(), "p_event_time"), tuple(uids.split()), candidates or itself)


def aliases(table: Mapping[str, tuple[str, ...]]) -> Callable[[str], tuple[str, ...]]:
    """Know further places of some names."""
    return lambda name: (name, *table.get(name, ()))
