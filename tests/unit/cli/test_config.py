from __future__ import annotations

import json
import tomllib

import pytest

from trailhound.model.errors import ConfigError


def test_what_is_shown_is_a_configuration(run, tmp_path):
    shown = run("config", "show")
    (tmp_path / "trailhound.toml").write_text(shown.stdout)
    assert run("config", "show").stdout == shown.stdout
    assert tomllib.loads(shown.stdout)["limits"]["json_depth"] == 64


def test_origins_are_told(run, tmp_path, monkeypatch):
    (tmp_path / "trailhound.toml").write_text("[limits]\njson_depth = 7\n")
    monkeypatch.setenv("TRAILHOUND_SCAN__JOBS", "3")
    lines = run("config", "show", "--origin").stdout.splitlines()
    assert [line.split() for line in lines if line.startswith("json_depth")] == [
        ["json_depth", "=", "7", "#", "trailhound.toml:2"]
    ]
    assert any(line.split()[:3] == ["jobs", "=", "3"] and "SCAN__JOBS" in line for line in lines)
    assert any("default" in line for line in lines)
    found = json.loads(run("config", "show", "--format", "json").stdout)
    assert found["scan.jobs"] == {"value": 3, "origin": "TRAILHOUND_SCAN__JOBS"}


@pytest.mark.parametrize("text", ["[limits]\njson_dept = 7\n", "[limits\n"])
def test_a_mistake_stops_it(run, tmp_path, text):
    (tmp_path / "trailhound.toml").write_text(text)
    assert isinstance(run("config", "show").exception, ConfigError)
