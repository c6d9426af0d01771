from __future__ import annotations

import json


def test_a_finding_gives_one_and_the_bar_can_be_raised(scan):
    assert scan().return_value == 1
    assert scan("--fail-on", "critical").return_value == 0


def test_json_and_lines_tell_the_same(scan):
    whole = json.loads(scan("--format", "json").stdout)
    lines = [json.loads(line) for line in scan("--format", "jsonl").stdout.splitlines()]
    assert [one["id"] for one in whole["findings"]] == [
        one["id"] for one in lines if one["record"] == "finding"
    ]
    assert {line["record"] for line in lines} >= {"input", "finding", "incident", "stats"}


def test_a_file_appears_only_when_it_is_complete(scan, place):
    scan("--format", "html", "-o", place / "report.html")
    assert (place / "report.html").read_text().startswith("<!")
    assert not list(place.glob("*.part"))


def test_a_missing_path_is_a_clear_usage_error(run, place):
    result = run("scan", place / "nowhere")
    assert "no such file or folder" in str(result.exception or result.output)


def test_a_wrong_time_says_how_to_write_one(scan):
    result = scan("--since", "yesterday")
    assert "2026-11-04" in str(result.exception or result.output)
