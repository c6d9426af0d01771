from __future__ import annotations

from trailhound.model.errors import Where
from trailhound.rules.failure import Failure


def test_a_failure_is_one_line():
    assert (
        str(Failure(Where("e.yml", 3), "Title", "does not match"))
        == "e.yml:3: Title: does not match"
    )
