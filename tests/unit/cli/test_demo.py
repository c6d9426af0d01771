from __future__ import annotations

from tests.results import result
from trailhound.cli.demo import _look_yourself, _told
from trailhound.simulate.truth import Accused, Comparison


def test_the_comparison_names_who_was_accused():
    accused = Accused("1", "PsExec", ("app01",), "the help desk's account")
    told = "\n".join(_told(Comparison((), (), (accused,)), 10))
    assert "0 of 0 planted steps" in told
    assert "1 innocent accused" in " ".join(told.split())
    assert "app01" in told


def test_a_folder_in_use_is_refused(run, tmp_path):
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "mine").write_text("keep")
    result = run("demo", "--keep", tmp_path / "x")
    assert result.exit_code == 2
    assert (tmp_path / "x" / "mine").read_text() == "keep"


def test_nobody_accused_is_said_in_words():
    told = " ".join("\n".join(_told(Comparison((), (), ()), 10)).split())
    assert told.endswith("nobody innocent accused.")


def test_an_unknown_story_is_wrong_usage(run):
    result = run("demo", "--story", "none at all")
    assert result.exit_code == 2
    assert "mailbox-takeover" in result.stderr


def test_it_says_how_to_go_on(tmp_path):
    assert "--keep" in "".join(_look_yourself(result(), None))
    told = list(_look_yourself(result(), tmp_path))
    assert (tmp_path / "report.html").read_bytes().startswith(b"<!doctype html>")
    assert told[-1].startswith("Next: trailhound show ")
