from __future__ import annotations

import os

import msgspec
import pytest

from tests.unit.pipeline.small import event, options, write
from trailhound.pipeline import tasks as division
from trailhound.pipeline.scan import scan
from trailhound.report.json_output import json_document
from trailhound.sandbox import WorkerFailure


def evidence(tmp_path):
    for number in range(4):
        lines = [event(number * 10 + n, minute=n, host=f"PC{number % 2}") for n in range(5)]
        write(tmp_path / "logs" / f"{number}.json", [*lines, event(number * 10 + 9, "calc")])
    return tmp_path / "logs"


def text(result):
    return b"".join(json_document(result))


def test_counts_and_evidence(tmp_path):
    result = scan([evidence(tmp_path)], options(tmp_path))
    assert result.stats.events == 24
    assert sum(one.evidence.count for one in result.findings) == 20
    assert {one.because[0].feature for one in result.findings} == {"CommandLine"}


def test_two_processes_give_the_bytes_of_one(tmp_path, monkeypatch):
    monkeypatch.setattr(division, "TASK_FILES", 1)
    logs = evidence(tmp_path)
    one = scan([logs], options(tmp_path))
    two = scan([logs], options(tmp_path, jobs=2))
    assert text(one) == text(two)


def test_the_size_of_tasks_changes_nothing(tmp_path, monkeypatch):
    logs = evidence(tmp_path)
    whole = text(scan([logs], options(tmp_path)))
    monkeypatch.setattr(division, "TASK_FILES", 1)
    assert text(scan([logs], options(tmp_path))) == whole


def test_known_files_are_listed_and_not_read(tmp_path):
    result = scan([evidence(tmp_path)], options(tmp_path), known={"logs/0.json"})
    known = next(one for one in result.inputs if one.source == "logs/0.json")
    assert known.known
    assert known.events == 0
    assert result.stats.events == 18


def test_since_and_until_bound_what_is_judged(tmp_path):
    minute = 60_000_000
    start = 1_793_779_200_000_000  # 2026-11-04 08:00 UTC
    inside = options(tmp_path, since=start + minute, until=start + 2 * minute)
    result = scan([evidence(tmp_path)], inside)
    assert sum(one.evidence.count for one in result.findings) == 8
    assert result.stats.events == 24


def test_ctrl_c_gives_a_partial_result(tmp_path):
    pressed: list[object] = []

    def stop(done):
        if not pressed:
            pressed.append(done)
            raise KeyboardInterrupt

    result = scan([evidence(tmp_path)], options(tmp_path), stop)
    assert result.interrupted


def test_a_worker_that_dies_costs_its_files_and_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(division, "TASK_FILES", 1)

    class Dying:
        def __init__(self, *_, **__):
            pass

        def __enter__(self):
            return self

        def __exit__(self, *_):
            pass

        def map_unordered(self, orders):
            return (WorkerFailure(number, "killed") for number, _ in enumerate(orders))

    monkeypatch.setattr("trailhound.pipeline.scan.WorkerPool", Dying)
    result = scan([evidence(tmp_path)], options(tmp_path, jobs=2))
    assert [one.source for one in result.inputs] == [f"logs/{n}.json" for n in range(4)]
    assert {one.status for one in result.inputs} == {"refused"}
    assert all(
        one.incomplete and one.oddity_counts == {"worker.failed": 1} for one in result.inputs
    )


def test_a_hunt_makes_every_finding_speak_for_itself(tmp_path):
    logs = evidence(tmp_path)
    asked = options(tmp_path)
    rule = tmp_path / "rules" / "whoami.yml"
    rule.write_text(rule.read_text().replace("level: high", "level: informational"))
    hunt = scan([logs], msgspec.structs.replace(asked, hunt=True))
    assert all(one.supporting for one in scan([logs], asked).findings)
    assert hunt.findings
    assert not any(one.supporting for one in hunt.findings)


def test_rules_are_counted_only_where_they_can_look(tmp_path):
    (tmp_path / "empty").mkdir()
    empty = scan([tmp_path / "empty"], options(tmp_path)).stats
    assert (empty.rules, empty.rules_total) == (0, 1)
    assert scan([evidence(tmp_path)], options(tmp_path)).stats.rules == 1


@pytest.mark.skipif(os.name != "posix", reason="names that are no text")
@pytest.mark.parametrize("jobs", [1, 2])
def test_files_whose_names_are_no_text_are_read_whoever_reads_them(tmp_path, monkeypatch, jobs):
    monkeypatch.setattr("trailhound.pipeline.tasks.TASK_FILES", 1)
    for number, name in enumerate((b"a\xff.json", b"a\xfe.json")):
        write(tmp_path / "logs" / os.fsdecode(name), [event(number)])
    result = scan([tmp_path / "logs"], options(tmp_path, jobs=jobs))
    assert [(one.source, one.events) for one in result.inputs] == [
        (r"logs/a\xfe.json", 1), (r"logs/a\xff.json", 1)
    ]  # fmt: skip
    assert result.findings[0].evidence.count == 2


def test_yara_rules_that_do_not_compile_are_listed_however_work_is_divided(tmp_path, monkeypatch):
    monkeypatch.setattr(division, "TASK_FILES", 1)
    logs = evidence(tmp_path)
    (logs / "a.bin").write_bytes(b"\x00\x01 needle")
    (logs / "b.bin").write_bytes(b"\x00\x02 hay")
    yara = tmp_path / "y.yar"
    yara.write_text(
        'rule good { strings: $a = "needle" condition: $a }\n\nrule bad { condition: no }\n'
    )
    one, two = (scan([logs], options(tmp_path, yara=(str(yara),), jobs=n)) for n in (1, 2))
    assert text(one) == text(two)
    (skipped,) = one.skipped_rules
    assert (skipped.file, skipped.line) == (str(yara), 3)
    assert "no" in skipped.reason
    assert one.stats.rules_skipped == 1
    assert one.stats.yara_only == 2
    assert any(finding.detector.id == "yara.y.good" for finding in one.findings)


def test_without_yara_rules_nothing_looked_at_unknown_files(tmp_path):
    logs = evidence(tmp_path)
    (logs / "a.bin").write_bytes(b"\x00\x01 needle")
    result = scan([logs], options(tmp_path))
    assert (result.stats.yara_only, result.stats.rules_skipped) == (0, 0)
