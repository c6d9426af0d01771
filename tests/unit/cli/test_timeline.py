from __future__ import annotations

import csv
import io
import json

import pytest

from trailhound.cli.timeline import stamp
from trailhound.model.errors import UsageError


def test_events_are_told_in_order_one_a_line(run, filled):
    lines = run("timeline", "--workspace", filled).stdout.splitlines()
    assert len(lines) == 3
    assert lines[0].startswith("2024-11-04 12:00:00~  login       Logon Failure  =cmd()")
    assert "from 10.0.0.1" in lines[0]
    assert lines[1].startswith("2024-11-04 12:01:00   login")
    assert "a.meyer  @ FIN-PC07  from 203.0.113[.]20" in lines[1]
    assert lines[2].startswith("no time")
    assert all(line.isprintable() for line in lines)


def test_entity_and_time_narrow_it(run, filled):
    assert len(run("timeline", "--workspace", filled, "--entity", "A.*").stdout.splitlines()) == 1
    since = run("timeline", "--workspace", filled, "--since", "2024-11-04T12:01:00").stdout
    assert "a.meyer" in since
    assert len(since.splitlines()) == 1
    until = run("timeline", "--workspace", filled, "--until", "2024-11-04").stdout
    assert until == ""
    wrong = run("timeline", "--workspace", filled, "--since", "tomorrow")
    assert isinstance(wrong.exception, UsageError)


def test_machines_get_all_fields(run, filled):
    lines = run("timeline", "--workspace", filled, "--format", "jsonl").stdout.splitlines()
    first = json.loads(lines[0])
    assert first["time_utc"] == "2024-11-04 12:00:00"
    assert (first["time"], first["who"], first["uid"]) == (1730721600000000, "=cmd()", "u2")
    out = run("timeline", "--workspace", filled, "--format", "csv").stdout
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [row["uid"] for row in rows] == ["u2", "u1", "u3"]
    assert rows[0]["who"] == "'=cmd()"


@pytest.mark.parametrize(
    ("time", "text"),
    [(None, ""), (0, "1970-01-01 00:00:00"), (2**62, ""), (-(2**62), "")],
)
def test_every_time_can_be_shown(time, text):
    assert stamp(time) == text
