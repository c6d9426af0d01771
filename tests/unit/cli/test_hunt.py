from __future__ import annotations

import pytest

from trailhound.model.errors import QueryError


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


def test_hunts_are_listed_and_shown(run):
    assert "steady_connections" in run("hunt", "list").stdout
    shown = run("hunt", "show", "steady_connections").stdout
    assert "beacons" in shown
    assert "SELECT" in shown


def test_a_question_is_saved_and_asked(run, filled):
    query = "SELECT user_name FROM authentication ORDER BY user_name"
    done = run("hunt", "save", "who", query, "--title", "Who logs in")
    assert done.exit_code == 0
    assert "Who logs in (yours)" in run("hunt", "list").stdout
    asked = run("hunt", "run", "who", "--workspace", filled, "--format", "csv")
    assert asked.stdout.splitlines()[0] == "user_name"
    assert len(asked.stdout.splitlines()) > 1


def test_a_wrong_question_is_not_saved(run):
    done = run("hunt", "save", "who", "SELECT nothing FROM authentication")
    assert isinstance(done.exception, QueryError)
    assert "(yours)" not in run("hunt", "list").stdout


def test_all_at_once(run, filled):
    told = run("hunt", "all", "--workspace", filled).stdout
    assert "Connections in a steady rhythm: 0 rows  (steady_connections)" in told
