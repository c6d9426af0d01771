from __future__ import annotations

import msgspec
import pytest

from tests.results import finding, rule
from trailhound.report.attack import TACTICS, placed, tactics_of, technique, techniques_of


def judged(*tags, techniques):
    made = msgspec.structs.replace(rule(), tags=tags)
    return finding(rule=made, techniques=techniques)


def test_names_are_those_of_attack():
    assert technique("T1003").name == "OS Credential Dumping"
    sub = technique("T1003.001")
    assert sub.name == "OS Credential Dumping: LSASS Memory"
    assert (sub.parent, sub.tactics) == ("T1003", ("credential-access",))
    assert sub.url == "https://attack.mitre.org/techniques/T1003/001"


def test_a_newer_technique_keeps_its_identifier():
    assert technique("T9999.123") == ("T9999.123", "T9999.123", ())


def test_what_is_no_technique_is_left_out():
    made = finding(techniques=("t1003", "T1003", "T1", "S0002", "T1003.1", "T1003.001\n", "<b>"))
    assert [one.uid for one in techniques_of(made)] == ["T1003"]


@pytest.mark.parametrize(
    ("tags", "technique_ids", "expected"),
    [
        (["attack.persistence", "attack.execution"], ["T1543.003"], [("persistence", "T1543.003")]),
        (["attack.stealth", "attack.execution"], ["T1027", "T1059"],
         [("stealth", "T1027"), ("execution", "T1059")]),
        (["attack.defense_evasion"], ["T1027"], [("defense-evasion", "T1027")]),
        (["attack.impact"], ["T1059"], [("impact", "T1059")]),  # the rule knows better
        ([], ["T1059"], [("execution", "T1059")]),
        (["attack.stealth"], ["T9999"], [("stealth", "T9999")]),
        ([], ["T9999"], [("", "T9999")]),
    ],
)  # fmt: skip
def test_techniques_stand_below_the_tactics_they_serve(tags, technique_ids, expected):
    made = judged(*tags, techniques=tuple(technique_ids))
    assert [(tactic, one.uid) for tactic, one in placed(made)] == expected


def test_tactics_come_in_the_order_of_an_intrusion():
    made = judged("attack.impact", "attack.t1003", "attack.initial-access", "x", techniques=())
    assert tactics_of(made) == ["initial-access", "impact"]
    assert tactics_of(finding(rule=None)) == []
    assert list(TACTICS)[-1] == "impact"
