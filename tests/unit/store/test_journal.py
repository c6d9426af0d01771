from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from trailhound.store.journal import first_broken, follow

if TYPE_CHECKING:
    from trailhound.store.records import JournalEntry


@pytest.fixture
def chain():
    entries: list[JournalEntry] = []
    for number in range(4):
        last = entries[-1] if entries else None
        entries.append(follow(last, number, "a", "did", {"n": number}))
    return entries


def test_an_untouched_chain_is_sound(chain):
    assert first_broken(chain) is None
    assert first_broken([]) is None


@pytest.mark.parametrize("field", ["at", "actor", "action", "detail", "previous", "digest", "seq"])
def test_any_change_is_noticed(chain, field):
    value = getattr(chain[1], field)
    changed = value + 1 if isinstance(value, int) else f"{value}x"
    chain[1] = msgspec.structs.replace(chain[1], **{field: changed})
    assert first_broken(chain) == 2


def test_a_removed_or_moved_entry_is_noticed(chain):
    assert first_broken(chain[:1] + chain[2:]) == 2
    assert first_broken(chain[1:]) == 1
    assert first_broken([chain[0], chain[2], chain[1], chain[3]]) == 2
