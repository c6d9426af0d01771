from __future__ import annotations

import io
import sys

from trailhound.cli.scanning import ProgressLine, scan_options
from trailhound.pipeline.progress import Done

VALUES = {
    "since": "2026-11-04", "until": None, "zones": ("*.log=Europe/Berlin",), "only": None,
    "rule_paths": (), "no_default_rules": True, "expand": None, "mappings": (), "jobs": 3,
    "profile": "hunt",
}  # fmt: skip


def test_options_become_plain_data(tmp_path):
    made = scan_options(dict(VALUES), segments=str(tmp_path))
    assert (made.jobs, made.hunt, made.sets, made.tables) == (3, True, (), True)
    assert made.zones == (("*.log", "Europe/Berlin"),)
    assert made.since == 1_793_750_400_000_000


def test_rules_alone_need_no_tables(tmp_path):
    assert not scan_options({**VALUES, "only": "rules"}, segments=str(tmp_path)).tables


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_progress_is_shown_on_a_terminal_only(monkeypatch):
    for stream, shown in ((Terminal(), True), (io.StringIO(), False)):
        monkeypatch.setattr(sys, "stderr", stream)
        line = ProgressLine(quiet=False)
        line(Done(bytes=5, total=5, events=10))
        line.end()
        assert bool(stream.getvalue()) is shown
