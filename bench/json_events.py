"""Windows events as JSON lines: rate of one core, peak memory, two processes against one."""

from __future__ import annotations

import json
import os
import tempfile
import time
from pathlib import Path

from bench.evidence import RULES, mutated_json
from bench.measure import Figure, scan

RATE_BYTES = 600_000_000
MEMORY_BYTES = int(os.environ.get("TRAILHOUND_BENCH_JSON_BYTES", "2500000000"))


def run() -> list[Figure]:
    """Measure on mutated copies of real events."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "events.json"
        count = mutated_json(path, RATE_BYTES)
        if not count:
            return [
                Figure(
                    "JSON events per second per core",
                    "skipped: no real events",
                    ">= 50,000",
                    ">= 75,000",
                )
            ]
        options = ["--rules", str(RULES), "--no-default-rules", "--only", "rules", str(path)]
        scan(*options, "--jobs", "1")
        one = scan(*options, "--jobs", "1")
        events = json.loads(one.output)["stats"]["events"]
        mutated_json(path, MEMORY_BYTES)
        speedup = _speedup(options)
        large = scan("--rules", str(RULES), "--jobs", "1", str(path))
    return [
        Figure("JSON events per second per core, whole feed", f"{events / one.cpu:,.0f}",
               ">= 50,000", ">= 75,000"),
        Figure(f"two processes against one (wall), {MEMORY_BYTES / 1e9:.1f} GB of JSON events",
               f"{speedup:.2f}x", ">= 1.7x", ">= 1.9x"),
        Figure(f"peak memory, {MEMORY_BYTES / 1e9:.1f} GB of JSON events, tables on",
               f"{large.mb:.0f} MB", "<= 600 MB", "<= 350 MB"),
    ]  # fmt: skip


def _speedup(options: list[str]) -> float:
    walls = []
    for jobs in ("1", "2"):
        start = time.monotonic()
        scan(*options, "--jobs", jobs)
        walls.append(time.monotonic() - start)
    return walls[0] / walls[1]
