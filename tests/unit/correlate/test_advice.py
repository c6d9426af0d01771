from __future__ import annotations

import msgspec

from tests.unit.correlate.made import finding
from trailhound.correlate.advice import actions, doubts, state
from trailhound.correlate.score import score
from trailhound.model.entity import Entity, EntityType, Role
from trailhound.model.finding import Severity


def test_a_score_has_a_word():
    assert [state(points) for points in (70, 69, 40, 39)] == [
        "needs you", "to look at", "to look at", "weak",
    ]  # fmt: skip


def test_innocent_causes_come_from_the_rules_and_say_something():
    found = [
        finding("a", falsepositives=("Unknown", "Administrators who test. ")),
        finding("b", falsepositives=("administrators who test", "x")),
        finding("c", falsepositives=("none",), severity=Severity.MEDIUM),
    ]
    assert doubts(found, found, score(found)[0])[0].lower() == "administrators who test"
    assert not [doubt for doubt in doubts(found, found, 90) if "nknown" in doubt]


def test_capitals_of_a_sentence_go_and_those_of_a_name_stay():
    assert doubts([], [finding("a", falsepositives=("A backup runs",))], 50) == ["a backup runs"]
    assert doubts([], [finding("a", falsepositives=("PsExec by staff",))], 50) == [
        "PsExec by staff"
    ]


def test_without_known_causes_somebody_is_to_be_asked():
    assert doubts([], [finding("a")], 50) == [
        "a.meyer did this on purpose, or a planned test ran on pc1"
    ]
    assert "somebody did this" in doubts([], [finding("a", user="", host="")], 50)[0]


def test_it_says_when_all_hangs_on_one_witness_and_only_then():
    found = [finding("a"), finding("b", severity=Severity.MEDIUM)]
    points = score(found)[0]
    assert "\u201ca\u201d is wrong: without it the score is " in doubts(found, found, points)[-1]
    many = [finding(f"r{n}", severity=Severity.CRITICAL) for n in range(4)]
    assert not [d for d in doubts(many, many, score(many)[0]) if "is wrong" in d]


def test_what_stops_damage_comes_first_with_the_names_it_concerns():
    found = [finding("a", tactic="execution"), finding("b", tactic="impact")]
    assert actions(found)[:2] == ["stop pc1, check the backups", "isolate pc1 and keep its memory"]


def test_an_outside_address_is_blocked_and_an_internal_one_is_not():
    far = (Entity(EntityType.IP, "203.0.113.20", Role.SOURCE),)
    near = (Entity(EntityType.IP, "10.0.0.4", Role.SOURCE),)
    one = finding("a", tactic="command-and-control")
    assert "block 203.0.113.20" in actions([msgspec.structs.replace(one, entities=far)])[0]
    assert "10.0.0.4" not in actions([msgspec.structs.replace(one, entities=near)])[0]


def test_names_of_evidence_are_no_templates():
    odd = finding("a", host="{users}{0}{x.y}", tactic="execution")
    assert "{users}{0}{x" in actions([odd])[0]


def test_without_a_tactic_the_records_are_to_be_looked_at():
    assert actions([finding("a", tactic="none")]) == ["look at the records of a.meyer and decide"]
    nobody = finding("a", tactic="none", user="", host="")
    assert actions([nobody]) == ["look at the records and decide"]
