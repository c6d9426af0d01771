from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from trailhound.cli.simulate import command

QUICK = ["--people", "5", "--days", "1", "--noise", "quiet"]


def run(*arguments):
    return CliRunner().invoke(command, arguments)


def test_evidence_truth_and_facts_are_written(tmp_path):
    out = tmp_path / "out"
    result = run("--out", str(out), "--story", "ransomware", *QUICK)
    assert result.exit_code == 0, result.output
    assert "planted steps" in result.output
    truth = json.loads((out / "truth" / "truth.json").read_bytes())
    assert {step["story"] for step in truth["steps"]} == {"ransomware"}
    assert (out / "org.toml").is_file()


def test_the_default_story_is_the_mailbox(tmp_path):
    run("--out", str(tmp_path), *QUICK)
    truth = json.loads((tmp_path / "truth" / "truth.json").read_bytes())
    assert {step["story"] for step in truth["steps"]} == {"mailbox-takeover"}


def test_a_folder_with_something_in_it_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    result = run("--out", str(tmp_path), *QUICK)
    assert result.exit_code == 2
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(
    "wrong",
    [["--noise", "deafening"], ["--noise", "2"], ["--start", "tomorrow"], ["--people", "4"]],
)
def test_nonsense_is_refused_in_one_line(tmp_path, wrong):
    result = run("--out", str(tmp_path / "out"), *wrong)
    assert result.exit_code == 2
    assert "Error" in result.output
