from __future__ import annotations

from pathlib import Path

from trailhound.pipeline.folders import cache_folder, data_folder, rules_folder


def test_folders_follow_the_environment(monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", "/d")
    monkeypatch.setenv("XDG_CACHE_HOME", "/c")
    assert data_folder() == Path("/d/trailhound")
    assert rules_folder() == Path("/d/trailhound/rules")
    assert cache_folder() == Path("/c/trailhound")


def test_without_it_they_are_below_home(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", "")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    assert data_folder() == tmp_path / ".local" / "share" / "trailhound"
    assert cache_folder() == tmp_path / ".cache" / "trailhound"
