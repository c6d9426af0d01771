from __future__ import annotations

from trailhound.cli.demo import _told
from trailhound.simulate.truth import Accused, Comparison


def test_the_comparison_names_who_was_accused():
    accused = Accused("1", "PsExec", ("app01",), "the help desk's account")
    told = "\n".join(_told(Comparison((), (), (accused,)), 10))
    assert "0 of 0 planted steps" in told
    assert "1 innocent accused" in told
    assert "app01" in told


def test_a_folder_in_use_is_refused(run, tmp_path):
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "mine").write_text("keep")
    result = run("demo", "--keep", tmp_path / "x")
    assert result.exit_code == 2
    assert (tmp_path / "x" / "mine").read_text() == "keep"
