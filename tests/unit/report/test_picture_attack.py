from __future__ import annotations

import msgspec

from tests.drawings import drawn, parsed
from tests.results import finding, rule
from trailhound.model.finding import Severity
from trailhound.report.picture_attack import EACH, attack


def judged(number, technique, *tags, severity=Severity.HIGH):
    made = msgspec.structs.replace(rule(), tags=tags)
    return finding(number=number, rule=made, techniques=(technique,), severity=severity)


def test_techniques_are_counted_below_their_tactics_in_order():
    made = [
        judged(1, "T1486", "attack.impact", severity=Severity.CRITICAL),
        judged(2, "T1059", "attack.execution", severity=Severity.LOW),
        judged(3, "T1059", "attack.execution"),
        judged(4, "T9999"),
    ]
    assert drawn(attack(made)).rows == [
        ("Execution", "T1059", "Command and Scripting Interpreter", "high", 2),
        ("Impact", "T1486", "Data Encrypted for Impact", "critical", 1),
        ("No tactic told", "T9999", "T9999", "high", 1),
    ]


def test_every_cell_says_what_it_is_in_words():
    root = parsed(drawn(attack([judged(1, "T1059.001", "attack.execution")])).drawing)
    told = [one.text for one in root.iter("text")]
    assert told == ["Execution", "T1059.001  1", "PowerShell"]
    assert root.findtext("g/title") == (
        "T1059.001 Command and Scripting Interpreter: PowerShell: 1, worst high"
    )


def test_many_techniques_are_cut_and_it_is_said():
    made = [judged(n, f"T9{n:03}", "attack.impact") for n in range(EACH + 4)]
    picture = drawn(attack(made))
    root = parsed(picture.drawing)
    assert len(list(root.iter("rect"))) == EACH
    assert "and 4 more below" in [one.text for one in root.iter("text")]
    assert len(picture.rows) == EACH + 4


def test_cells_stay_inside_the_picture():
    made = [judged(n, f"T9{n:03}", tag) for tag in ("attack.impact", "attack.execution")
            for n in range(13)]  # fmt: skip
    root = parsed(drawn(attack(made)).drawing)
    width, height = map(float, root.get("viewBox").split()[2:])
    for one in root.iter("rect"):
        assert float(one.get("x")) + float(one.get("width")) <= width
        assert float(one.get("y")) + float(one.get("height")) <= height


def test_no_technique_no_picture():
    assert attack([finding(techniques=())]) is None
