from __future__ import annotations

from tests.unit.correlate.made import finding
from trailhound.correlate.triage import state, triage
from trailhound.model.finding import Severity


def test_a_rule_on_a_fifth_of_all_hosts_is_folded_with_its_allow_entry():
    wide = [finding("wide", host=f"pc{n}", user="", severity=Severity.MEDIUM) for n in range(6)]
    rest = [finding("other", host=f"h{n}", user="") for n in range(4)]
    _, folded, kept = triage([*wide, *rest])
    assert [one.title for one in folded] == ["wide"]
    assert "allow add" in folded[0].allow
    assert {one.title for one in kept} == {"other"}


def test_critical_rules_are_never_folded():
    wide = [finding("wide", host=f"pc{n}", user="", severity=Severity.CRITICAL) for n in range(9)]
    assert triage(wide)[1] == []


def test_a_rule_that_hits_a_thousand_times_is_folded():
    assert triage([finding("loud", count=1_001)])[1][0].hits == 1_001
    assert triage([finding("quiet", count=1_000)])[1] == []


def test_incidents_come_by_score_and_one_is_below_the_fold():
    strong = [finding("a", severity=Severity.CRITICAL), finding("b", severity=Severity.CRITICAL)]
    weak = finding("w", host="pc9", user="z", severity=Severity.LOW)
    incidents, _, _ = triage([weak, *strong])
    assert [one.above_fold for one in incidents] == [True, False]
    assert incidents[0].score > incidents[1].score
    assert state(incidents[1]) == "weak"


def test_ids_are_told_apart():
    apart = [finding("a"), finding("b", minute=3 * 24 * 60)]
    ids = [one.id for one in triage(apart)[0]]
    assert len(set(ids)) == len(ids)
