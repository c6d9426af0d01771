from __future__ import annotations

from tests.unit.pipeline.small import event, options, write
from trailhound.pipeline import tasks as division
from trailhound.pipeline.scan import scan
from trailhound.report.json_output import json_document


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
