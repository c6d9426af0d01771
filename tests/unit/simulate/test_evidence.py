from __future__ import annotations

from trailhound.simulate.clock import HOUR
from trailhound.simulate.evidence import Pointer, Schedule


class Notebook:
    def __init__(self):
        self.written = []

    def write(self, at, record):
        self.written.append((at, record))
        return Pointer("notes", str(len(self.written)))


def test_facts_are_written_in_order_of_time_and_only_when_their_hour_is_over():
    planted = []
    schedule, notes = Schedule(lambda *found: planted.append(found)), Notebook()
    schedule.add(2 * HOUR, notes.write, "later")
    schedule.add(HOUR + 5, notes.write, "second")
    schedule.add(HOUR, notes.write, "first", "step")
    schedule.flush(2 * HOUR)
    assert [record for _, record in notes.written] == ["first", "second"]
    assert planted == [("step", Pointer("notes", "1"))]
    schedule.flush(3 * HOUR)
    assert notes.written[-1] == (2 * HOUR, "later")
    assert schedule.written == 3


def test_equal_times_keep_the_order_in_which_they_were_told():
    schedule, notes = Schedule(lambda *_: None), Notebook()
    for name in "abc":
        schedule.add(7, notes.write, name)
    schedule.flush(HOUR)
    assert [record for _, record in notes.written] == ["a", "b", "c"]


def test_a_fact_that_comes_too_late_is_still_written():
    schedule, notes = Schedule(lambda *_: None), Notebook()
    schedule.flush(5 * HOUR)
    schedule.add(HOUR, notes.write, "late")
    schedule.flush(6 * HOUR)
    assert notes.written == [(HOUR, "late")]
