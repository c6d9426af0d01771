from __future__ import annotations

from datetime import UTC

import msgspec

from tests.results import finding
from trailhound.engine.pivot import DAY, Day, Done, Pivot, Related, Seen
from trailhound.report.phrases import Moments
from trailhound.report.pivot import MOST_DONE, MOST_FINDINGS, pivot_lines

MOMENTS = Moments(UTC)


PAGE = Pivot(
    entity="a.meyer", events=3, sources=1, first=0, last=DAY,
    seen=(Seen("user", "actor", "authentication", 3, 0, DAY),),
    done=(Done("authentication", "Logon", "Success", 3, 0, DAY),),
    related=(Related("ip", "203.0.113.20", 2, 0, 5),),
    days=(Day(0, 1), Day(2 * DAY, 8)),
)  # fmt: skip


def page(**changed: object) -> Pivot:
    return msgspec.structs.replace(PAGE, **changed)


def lines(one: Pivot, findings=()) -> list[str]:
    told = list(pivot_lines(one, findings, MOMENTS))
    assert all(len(line) <= 80 for line in told)
    return told


def test_a_page():
    told = lines(page(), [finding()])
    assert told[0] == "a.meyer"
    assert "3 events in 1 sources" in told[1]
    assert "Findings: 1" in told
    assert "Seen as: user (actor) in authentication 3" in told
    assert any("authentication Logon Success" in line for line in told)
    assert "With ip: 203.0.113[.]20 2" in told
    assert "  ▁ █" in told


def test_nothing_known_is_said():
    empty = page(events=0, seen=(), done=(), related=(), days=())
    assert lines(empty) == ["a.meyer", "  nothing in this evidence names it"]


def test_what_does_not_fit_is_counted():
    many = tuple(Done("t", f"a{n}", "", 1, None, None) for n in range(MOST_DONE + 3))
    told = lines(page(done=many), [finding()] * (MOST_FINDINGS + 2))
    assert any("in 3 further kinds" in line for line in told)
    assert "  and 2 more (--format json has all)" in told


def test_hostile_names_are_escaped():
    told = "\n".join(lines(page(entity="a\x1b[31m", related=(Related("ip", "\u202ex", 1, 0, 0),))))
    assert "\x1b" not in told
    assert "\u202e" not in told
