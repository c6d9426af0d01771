from __future__ import annotations

from trailhound.model.result import InputReport, Judged
from trailhound.pipeline.judged import DAY, classes, not_judged


def states(kinds, days=0):
    inputs = [InputReport("x", "r", 1, first=0, last=days * DAY)] if days else []
    return {one.number: one.state for one in not_judged(dict.fromkeys(kinds, 1), inputs)}


def test_there_are_eleven_classes_each_with_a_way_out():
    assert [one.number for one in classes()] == list(range(1, 12))
    assert all(one.missing and one.switch_on for one in classes())


def test_blind_without_a_source_thin_with_little_history_else_judged():
    assert states([])[9] is Judged.BLIND
    assert states(["zeek.dns"])[9] is Judged.THIN
    assert states(["zeek.dns"], days=5)[9] is Judged.JUDGED
    assert states(["firewall.any"], days=5)[1] is Judged.JUDGED
