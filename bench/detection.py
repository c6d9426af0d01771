"""What our own rules find in attack files, and what a quiet week shows."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from bench.evidence import REAL, RULES, evtx_files
from bench.measure import Figure, command, scan

COUNTED = ("medium", "high", "critical")


def run() -> list[Figure]:
    """Measure recall on attack files and lines above the fold in a benign simulated week."""
    return [*_recall(), *_quiet_week()]


def _recall() -> list[Figure]:
    files = evtx_files()
    if not files:
        return [
            Figure("own rules on attack files", "skipped: no real EVTX files", ">= 70 %", ">= 90 %")
        ]
    result = json.loads(scan("--only", "rules", str(REAL / "evtx" / "attack-samples")).output)
    found = {
        pointer["source"]
        for finding in result["findings"]
        if finding["severity"] in COUNTED
        for pointer in finding["evidence"]["pointers"]
    }
    share = len(found) / len(files)
    return [Figure(f"own rules: {len(found)} of {len(files)} attack files with medium or more",
                   f"{share:.0%}", ">= 70 %", ">= 90 %")]  # fmt: skip


def _quiet_week() -> list[Figure]:
    with tempfile.TemporaryDirectory() as name:
        out = Path(name) / "week"
        command(
            sys.executable, "-m", "trailhound", "simulate", "--story", "none", "--out", str(out)
        )
        feed = ["--rules", str(RULES)] if RULES.is_dir() else []
        result = json.loads(scan(*feed, str(out / "evidence")).output)
    lines = sum(one["above_fold"] for one in result["incidents"])
    return [Figure(f"benign week, lines above the fold ({'with' if feed else 'without'} the feed)",
                   str(lines), "<= 10", "<= 3")]  # fmt: skip
