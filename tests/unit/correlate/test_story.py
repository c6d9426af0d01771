from __future__ import annotations

import msgspec

from tests.unit.correlate.made import START, finding
from trailhound.correlate.story import incident
from trailhound.model.finding import Evidence, Severity


def made():
    return incident(
        [
            finding("Service installed", tactic="persistence"),
            finding(
                "Memory read", minute=5, tactic="credential-access", falsepositives=("Backups",)
            ),
        ]
    )


def test_times_findings_and_entities_are_those_of_the_group():
    one = made()
    assert one.start == START
    assert len(one.findings) == 2
    assert {e.value for e in one.entities} == {"pc1.corp.example", "a.meyer"}


def test_the_summary_states_only_facts():
    assert "2 detectors" in made().summary
    assert "First: Service installed" in made().summary


def test_a_repeated_step_is_told_once():
    same = incident([finding("a", minute=n) for n in range(5)])
    assert len(same.steps) == 1


def test_doubts_and_actions_are_there_and_differ_by_evidence():
    assert any("Backups" in doubt for doubt in made().doubts)
    assert made().actions
    assert any("pc1" in action for action in made().actions)


def test_the_worst_severity_counts():
    one = incident([finding("a"), finding("b", severity=Severity.CRITICAL)])
    assert one.severity is Severity.CRITICAL


def told(title, technique, **fields):
    return msgspec.structs.replace(finding(title, **fields), techniques=(technique,))


def test_a_lone_finding_is_its_own_title():
    assert (
        incident([finding("Log cleared by hand")]).title == "Log cleared by hand on pc1 (a.meyer)"
    )


def test_several_findings_are_told_by_their_heaviest_steps_in_order_of_time():
    one = incident(
        [
            told("Quiet start", "T1082", minute=0, severity=Severity.LOW, supporting=True),
            told("Memory of LSASS opened", "T1003.001", minute=1),
            told("Odd service", "T1569.002", minute=2, severity=Severity.CRITICAL),
            told("Event log cleared", "T1070.001", minute=3),
            told("Powershell", "T1059.001", minute=4, severity=Severity.MEDIUM),
        ]
    )
    wanted = "LSASS memory read, service run remotely, log cleared on pc1 (a.meyer)"
    assert one.title == wanted


def test_several_that_did_the_same_are_told_by_the_heaviest():
    one = incident([told("One shell", "T1059.001"), told("Other shell", "T1059.001", minute=1)])
    assert one.title == "One shell and 1 more on pc1 (a.meyer)"


def test_accounts_that_stand_for_nobody_are_left_out_and_shared_ones_come_last():
    found = [finding("a", user="system"), finding("b", user="root"), finding("c", minute=1)]
    assert [e.value for e in incident(found).entities] == ["pc1.corp.example", "a.meyer", "root"]
    assert [e.value for e in incident([finding("a", user="system", host="")]).entities] == [
        "system"
    ]


def test_a_step_has_one_word_for_its_part():
    assert [step.kind for step in made().steps] == ["persist", "secrets"]
    assert incident([finding("a", tactic="nothing")]).steps[0].kind == "rule"


def test_a_time_nobody_knows_is_said():
    one = incident(
        [msgspec.structs.replace(finding("a"), time=None, evidence=Evidence(1, None, None, ()))]
    )
    assert "at an unknown time" in one.summary
    assert one.start is None
