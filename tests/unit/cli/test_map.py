from __future__ import annotations

import pytest
from click.testing import CliRunner

from trailhound.cli.map import command
from trailhound.model.errors import UsageError
from trailhound.readers.user_mapping import parse_user_mapping

LINE = '{"time":"2026-11-04T08:12:00Z","host":"srv1","user":"a\\u001b[31m","action":"open"}\n'


@pytest.fixture
def log(tmp_path):
    path = tmp_path / "Door Log.json"
    path.write_text(LINE * 3)
    return path


def invoke(*arguments):
    return CliRunner().invoke(command, [str(a) for a in arguments], catch_exceptions=False)


def test_the_mapping_is_printed_and_explained(log):
    result = invoke(log)
    assert result.exit_code == 0
    made = parse_user_mapping(result.stdout, "stdout")
    assert made.kind == "json.door_log"
    assert "3 rows looked at, 3 with a time." in result.stderr
    assert "\x1b" not in result.output


def test_the_mapping_is_written_but_never_over_a_file(log, tmp_path):
    out = tmp_path / "mapping.toml"
    assert invoke(log, "-o", out).stdout == ""
    assert parse_user_mapping(out.read_text(), "x").kind == "json.door_log"
    with pytest.raises(UsageError, match="exists"):
        invoke(log, "-o", out)


def test_a_missing_file(tmp_path):
    with pytest.raises(UsageError):
        invoke(tmp_path / "none.json")
