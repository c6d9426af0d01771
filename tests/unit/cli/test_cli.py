from __future__ import annotations

import pytest

from trailhound import __version__
from trailhound.cli import COMMANDS, cli


def test_every_command_has_help(run):
    for name in COMMANDS:
        shown = run(name, "--help")
        assert shown.exit_code == 0, shown.output
        assert name in run("--help").output


def test_the_version_is_told(called):
    code, out, _ = called("--version")
    assert code == 0
    assert __version__ in out


def test_an_unknown_command_proposes_what_was_meant(called):
    code, _, err = called("scna")
    assert code == 2
    assert "No such command 'scna'. Did you mean scan?" in err
    assert "mean" not in called("zzzzzzzz")[2]


@pytest.mark.parametrize(
    ("error", "code"),
    [(KeyboardInterrupt(), 130), (BrokenPipeError(), 0), (ValueError("a\x1b"), 4)],
)
def test_what_stops_a_command_gives_its_code_and_one_line(called, case, monkeypatch, error, code):
    def failing(*_):
        raise error

    monkeypatch.setattr("trailhound.cli.scan._run", failing)
    monkeypatch.setattr("sys.stderr.close", lambda: None, raising=False)
    stopped, out, err = called("scan", *case)
    assert stopped == code
    assert not out
    assert "Traceback" not in err
    assert "\x1b" not in err


def test_an_internal_error_says_where(called, case, monkeypatch):
    def failing(*_):
        raise KeyError("missing")

    monkeypatch.setattr("trailhound.cli.scan._run", failing)
    err = called("scan", *case)[2]
    assert "internal error, please report it: KeyError: 'missing'" in err
    assert "scan.py:" in err


def test_a_name_that_is_no_command_is_none():
    assert cli.get_command(None, "nothing") is None  # type: ignore[arg-type]


def test_usage_names_the_program_however_it_was_started(called):
    code, _, told = called("scan")
    assert code == 2
    assert told.startswith("Usage: trailhound scan ")
