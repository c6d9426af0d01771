from __future__ import annotations

from trailhound.model.batch import NO_TIME
from trailhound.readers.fact_batch import Fact, fact_batches

FACTS = [
    Fact("a.x", 5, 10, {"n": 1, "@made": 2, "none": None}),
    Fact("b.y", 7, NO_TIME, {"list": ["u", "v"]}),
    Fact("a.x", 9, 30, {"n": 1, "@made": 2}),
]


def test_facts_are_gathered_by_kind():
    first, second = fact_batches("s", FACTS, b"d", 10)
    assert (first.kind, first.rows, second.kind, second.rows) == ("a.x", 2, "b.y", 1)
    assert first.columns(("n", "@made", "nothing")) == {
        "n": [1, 1], "@made": [2, 2], "nothing": [None, None],
    }  # fmt: skip
    assert first.times().tolist() == [10, 30]
    assert first.offsets.tolist() == [5, 9]
    assert [batch.rows for batch in fact_batches("s", FACTS, b"d", 1)] == [1, 1, 1]


def test_people_see_no_made_fields():
    first, second = fact_batches("s", FACTS, b"d", 10)
    assert first.record(0) == {"n": 1}
    assert first.raw(0) == b'{"n":1}'
    assert second.record(0) == {"list": ["u", "v"]}
    assert first.native_names() == {"n", "@made", "none"}


def test_equal_facts_in_two_places_are_two():
    first, _ = fact_batches("s", FACTS, b"d", 10)
    assert len(set(first.uids([0, 1]))) == 2
