from __future__ import annotations

import msgspec

from tests.results import finding, result
from trailhound.model.finding import Severity
from trailhound.model.result import Folded, InputReport, Judged, NotJudged
from trailhound.report.closing import closing


def lines(made, *, everything=False):
    return list(closing(made, everything=everything))


def test_a_damaged_source_is_named_with_the_reason():
    assert any("Security.evtx: bad checksum" in line for line in lines(result()))


def test_refused_rules_are_counted_with_the_command_that_tells_why():
    made = result()
    made.stats.rules_skipped = 0
    assert not any("refused:" in line for line in lines(made))
    made.stats.rules_skipped = 25
    (line,) = [line for line in lines(made) if "refused:" in line]
    assert "25 rules" in line
    assert "trailhound rules check" in line
    assert len(line) <= 80


def test_a_long_path_keeps_its_end():
    deep = InputReport("x" * 90 + "/dc2.evtx", "evtx", 1, incomplete=True)
    assert "/dc2.evtx: not all could be read" in "\n".join(lines(result(inputs=[deep])))


def test_what_does_not_fit_is_counted():
    sources = [InputReport(f"s{n}", "evtx", 1, incomplete=True) for n in range(30)]
    rules = [Folded(f"r{n}", "d", 1, 1, "why", "allow") for n in range(5)]
    text = "\n".join(lines(result(inputs=sources, folded=rules)))
    assert "28 more incomplete sources (--all)" in text
    assert "3 more rules that hit widely (--all)" in text


def test_all_says_how_to_switch_on_and_how_to_hide():
    text = "\n".join(lines(result(), everything=True))
    assert "log DNS queries" in text
    assert "hide it: allow 7f3a" in text


def test_a_community_feed_is_proposed_only_where_none_is():
    assert any("rules update sigmahq" in line for line in lines(result()))
    made = result()
    made.stats.rule_sets = ["trailhound", "sigmahq"]
    assert not any("rules update" in line for line in lines(made))


def test_the_next_step_fits_what_is_shown():
    assert any(line.startswith("Next: trailhound show ") for line in lines(result()))
    weak = result([finding(severity=Severity.LOW)])
    assert "Next: trailhound scan --all PATH" in lines(weak)
    assert not any(line.startswith("Next") for line in lines(result([])))


def test_redacted_ids_are_not_offered():
    text = "\n".join(lines(msgspec.structs.replace(result(), redacted="people")))
    assert "Next" not in text
    assert "Redacted (people)" in text


def test_classes_that_could_not_be_judged_are_named_while_they_fit_and_counted():
    blind = [NotJudged(n, f"class {n}", Judged.BLIND, "records of many words") for n in range(11)]
    told = [one for one in lines(result(not_judged=blind)) if one.startswith(("Not judged", "  "))]
    text = " ".join(" ".join(told).split())
    assert "class 0 (no records of many words)" in text
    assert " more (--all)" in text
    assert "..." not in text.split("--all")[0]


def test_what_an_absent_extra_would_have_read_is_said():
    assert any(line.startswith("Not read: a.pst") for line in lines(result()))
