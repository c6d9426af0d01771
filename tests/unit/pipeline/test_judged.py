from __future__ import annotations

from typing import TYPE_CHECKING

from trailhound.model.result import InputReport, Judged
from trailhound.pipeline.judged import DAY, classes, not_judged

if TYPE_CHECKING:
    from trailhound.model.result import Gap


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


def gaps(*kinds: str) -> dict[int, list[str]]:
    found = not_judged(dict.fromkeys(kinds, 1), [])
    return {one.number: [gap.source for gap in one.gaps] for one in found if one.gaps}


def test_what_a_product_that_is_here_does_not_tell():
    assert gaps() == {}
    assert "Windows" in gaps("windows", "windows:4624")[3]
    assert 3 not in gaps("windows", "windows:4688")
    assert gaps("zeek.conn") == {}
    (gap,) = next(one for one in not_judged({"windows": 1}, []) if one.number == 3).gaps
    assert "auditpol" in gap.switch_on


def test_every_gap_names_kinds_that_would_close_it():
    for one in classes():
        for gap in one.gap:
            closed = {kind.rstrip("*") + ("x" if kind.endswith("*") else "") for kind in gap.kinds}
            here = [f"{prefix}x" if prefix.endswith(".") else prefix for prefix in gap.here]
            assert gap.source in [g.source for g in _told(here, one.number)], gap
            assert all(
                gap.missing not in [g.missing for g in _told([*here, kind], one.number)]
                for kind in closed
            )


def _told(kinds: list[str], number: int) -> list[Gap]:
    found = not_judged(dict.fromkeys(kinds, 1), [])
    return next(one.gaps for one in found if one.number == number)
