from __future__ import annotations

import io

import pytest

from trailhound.cli.scanning import ProgressLine, configured, rule_sets, scan_options, view_file
from trailhound.model.errors import UsageError
from trailhound.pipeline.progress import Done

VALUES = {
    "only": None, "rule_paths": (), "no_default_rules": False, "expand": None, "since": None,
    "until": None, "zones": (), "mappings": (), "jobs": None, "profile": "default",
}  # fmt: skip


class Terminal(io.StringIO):
    def isatty(self):
        return True


def options(**values):
    return scan_options(VALUES | values, segments="s")


def test_everything_is_on_by_default():
    made = options()
    assert made.tables
    assert made.match
    assert made.jobs >= 1
    assert made.sets[0].name == "trailhound"
    assert not made.hunt


def test_only_rules_builds_no_tables():
    assert not options(only="rules").tables
    assert options(only="rules").match


def test_own_rules_can_be_left_out(tmp_path):
    (tmp_path / "x.yar").write_text("rule x { condition: true }")
    made = options(rule_paths=(tmp_path,), no_default_rules=True)
    assert [one.name for one in made.sets] == [tmp_path.name]
    assert made.yara == (str(tmp_path / "x.yar"),)


def test_added_sets_come_after_ours(tmp_path, monkeypatch):
    monkeypatch.setattr("trailhound.cli.scanning.rules_folder", lambda: tmp_path)
    (tmp_path / "sigmahq").mkdir()
    assert [one.name for one in rule_sets((), default=True)] == ["trailhound", "sigmahq"]


def test_times_zones_and_the_hunt_are_passed_on():
    made = options(since="2026-11-04", zones=("fw*.log=Europe/Berlin",), profile="hunt", jobs=3)
    assert made.since == 1_793_750_400_000_000
    assert made.zones == (("fw*.log", "Europe/Berlin"),)
    assert made.hunt
    assert made.jobs == 3


def test_times_out_of_order_are_refused():
    with pytest.raises(UsageError, match="--since 2026-11-05 is after --until 2026-11-04"):
        options(since="2026-11-05", until="2026-11-04")
    assert options(since="2026-11-04", until="2026-11-04")


def test_a_bad_time_is_refused():
    with pytest.raises(UsageError):
        options(until="soon")


def test_progress_is_one_line_on_a_terminal_and_clears_itself(monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    line = ProgressLine(quiet=False)
    line(Done(bytes=5_000_000, total=10_000_000, events=1_000, findings=2))
    line.end()
    assert "50%  5 of 10 MB  1,000 events" in terminal.getvalue()
    assert "\n" not in terminal.getvalue()
    assert terminal.getvalue().endswith(f"\r{'':110}\r")


@pytest.mark.parametrize(("stream", "quiet"), [(Terminal(), True), (io.StringIO(), False)])
def test_progress_is_silent_when_nobody_reads_it(monkeypatch, stream, quiet):
    monkeypatch.setattr("sys.stderr", stream)
    line = ProgressLine(quiet=quiet)
    line(Done(bytes=1, total=1))
    line.end()
    assert not stream.getvalue()


def test_settings_fill_in_what_the_command_line_leaves_open(monkeypatch):
    monkeypatch.setenv("TRAILHOUND_SCAN__PROFILE", "hunt")
    monkeypatch.setenv("TRAILHOUND_SCAN__FAIL_ON", "high")
    monkeypatch.setenv("TRAILHOUND_LIMITS__BATCH_ROWS", "77")
    given = VALUES | {"workspace": None, "profile": None}
    made = configured(given)
    assert (made["profile"], made["fail_on"]) == ("hunt", "high")
    assert scan_options(made).limits.batch_rows == 77
    assert configured(given | {"profile": "default"})["profile"] == "default"


def test_the_named_file_beats_that_of_the_workspace(tmp_path):
    (tmp_path / "org.toml").write_text("")
    named = tmp_path / "other.toml"
    values = {"org": None, "allow": None, "workspace": tmp_path}
    assert view_file(values, "org") == tmp_path / "org.toml"
    assert view_file(values, "allow") is None
    assert view_file(values | {"org": named}, "org") == named
    assert view_file(values | {"workspace": None}, "org") is None
