from __future__ import annotations

from tests.unit.correlate.made import START, finding
from trailhound.correlate.story import incident
from trailhound.model.finding import Severity


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
