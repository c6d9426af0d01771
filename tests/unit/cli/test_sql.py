from __future__ import annotations

import csv
import io
import json

import pytest

from trailhound.model.errors import ConfigError, QueryError, UsageError

RECORD = {
    "Event": {
        "System": {
            "Provider": {"#attributes": {"Name": "Microsoft-Windows-Security-Auditing"}},
            "EventID": 4625,
            "Channel": "Security",
            "Computer": "FIN-PC07",
            "EventRecordID": 7,
            "TimeCreated": {"#attributes": {"SystemTime": "2024-11-04T12:00:00.000000Z"}},
        },
        "EventData": {"TargetUserName": "a.meyer", "IpAddress": "203.0.113.20", "LogonType": 3},
    }
}
WHO = "SELECT user_name, time FROM authentication ORDER BY time NULLS LAST"


def test_text_is_a_table_without_control_characters(run, filled):
    done = run("sql", WHO, "--workspace", filled)
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert lines[0].split() == ["user_name", "time"]
    assert lines[3].split() == ["a.meyer", "1730721660000000"]
    assert lines[4].startswith(r"evil\x1b[31m\x0a\u202ename")
    assert "3 rows" in done.stderr


def test_csv_runs_nothing(run, filled):
    done = run("sql", WHO, "--workspace", filled, "--format", "csv")
    rows = list(csv.reader(io.StringIO(done.stdout)))
    assert rows[0] == ["user_name", "time"]
    assert rows[1] == ["'=cmd()", "1730721600000000"]
    assert rows[3] == [r"evil\x1b[31m\x0a\u202ename", ""]


def test_json_and_json_lines_keep_values(run, filled):
    done = run("sql", WHO, "--workspace", filled, "--format", "json")
    found = json.loads(done.stdout)
    assert found[0] == {"user_name": "=cmd()", "time": 1730721600000000}
    assert "\x1b" not in done.stdout
    lines = run("sql", WHO, "--workspace", filled, "--format", "jsonl").stdout.splitlines()
    assert [json.loads(line) for line in lines] == found
    none = run("sql", "SELECT 1 AS a WHERE false", "--workspace", filled, "--format", "json")
    assert json.loads(none.stdout) == []


def test_tables_are_described(run):
    shown = run("sql", "--tables").stdout
    assert "authentication" in shown
    assert "entities" in shown
    columns = run("sql", "--tables", "authentication").stdout
    assert "user.target.name" in columns
    assert "table_name" in run("sql", "--tables", "events").stdout
    assert isinstance(run("sql", "--tables", "authentcation").exception, ConfigError)


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        (["sql"], UsageError),
        (["sql", "SELECT 1"], UsageError),
        (["sql", "SELECT 1", "a.log", "--workspace", "case"], UsageError),
        (["sql", "SELECT usr_name FROM authentication", "--workspace", "case"], QueryError),
        (["sql", "SELECT 'a'::INT", "--workspace", "case"], QueryError),
        (["sql", "SELECT user_name::INT FROM authentication", "--workspace", "case"], QueryError),
        (["sql", "DROP VIEW events", "--workspace", "case"], QueryError),
    ],
)
def test_what_cannot_be_answered_is_said(run, filled, arguments, kind):
    assert isinstance(run(*arguments).exception, kind)


def test_paths_are_read(run, tmp_path):
    (tmp_path / "s.json").write_text(json.dumps(RECORD) + "\n")
    query = "SELECT user_name FROM authentication"
    done = run("sql", query, "s.json", "--format", "jsonl", "-q", "--jobs", 1)
    assert done.exit_code == 0, done.exception
    assert json.loads(done.stdout) == {"user_name": "a.meyer"}
