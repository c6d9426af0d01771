from __future__ import annotations

from tests.results import finding, result
from trailhound.model.finding import Severity
from trailhound.report.detail import RawText, finding_lines, incident_lines, pointer_lines
from trailhound.report.phrases import columns


def test_an_incident_is_told_with_every_step_and_part():
    made = result([finding("a"), finding("b", number=2, minute=5, supporting=True)])
    text = "\n".join(incident_lines(made.incidents[0], made))
    for told in ("Score:", "Steps (UTC):", "2026-11-04 08:12:00", "Do now:", "backup agents"):
        assert told.lower() in text.lower()
    assert "and 1 supporting or repeated findings" in text
    assert "trailhound show 0000000000000001 PATH" in text


def test_a_finding_is_told_with_its_rule_and_raw_records():
    one = finding(pointers=3)
    raw = {one.evidence.pointers[0].event_uid: RawText(b"<Event>\x1b[31m</Event>")}
    text = "\n".join(finding_lines(one, raw, most=2))
    assert "Rule: b7d3 by J. Roe, DRL-1.1; high, test" in text
    assert r"raw: <Event>\x1b[31m</Event>" in text
    assert "1 more kept of 3" in text
    assert "here: C:\\Users" in text
    assert "ATT&CK: T1003.001" in text


def test_a_finding_without_a_rule_is_told_too():
    assert "Rule:" not in "\n".join(finding_lines(finding(rule=None), {}))


def test_a_record_that_is_gone_has_no_raw_text():
    pointer = finding().evidence.pointers[0]
    assert "raw:" not in "\n".join(pointer_lines(pointer, None))


def test_a_huge_record_is_cut_and_fits_the_screen():
    pointer = finding().evidence.pointers[0]
    shown = list(pointer_lines(pointer, RawText(b"x" * 1_000_000)))
    assert all(columns(line) <= 80 for line in shown)
    assert "(1,000,005 characters)" in " ".join(" ".join(shown).split())
    assert len(shown) < 70


def test_points_stand_below_each_other_and_steps_say_where():
    made = result([finding("a"), finding("b", number=2, minute=5, severity=Severity.MEDIUM)])
    shown = list(incident_lines(made.incidents[0], made))
    points = shown[shown.index("Score:") + 1 : shown.index("Steps (UTC):")]
    assert {line.index(".") for line in points} == {5}
    assert any("ioa  fin-pc07: a" in line for line in shown)
