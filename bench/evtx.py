"""CPU of a scan of EVTX files with the whole feed, against parsing them and nothing else."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from bench.evidence import RULES, evtx_files, mutated_evtx
from bench.measure import Figure, parse_only, scan

COPIES = 80


def run() -> list[Figure]:
    """Measure with rules only, and with tables and everything on."""
    if not evtx_files():
        return [
            Figure(
                "EVTX against parsing alone", "skipped: no real EVTX files", "<= 3.0x", "<= 2.5x"
            )
        ]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        mutated_evtx(folder, COPIES)
        rules = ["--rules", str(RULES), "--no-default-rules", "--jobs", "1", str(folder)]
        scan(*rules, "--only", "rules")  # compiles the rules once: the figure is about matching
        parsed = parse_only(folder)
        matched = scan(*rules, "--only", "rules")
        everything = scan(*rules)
        parsed_again = parse_only(folder)
    floor = (parsed.cpu + parsed_again.cpu) / 2
    events = json.loads(matched.output)["stats"]["events"]
    return [
        Figure(f"EVTX, {events:,} records, --only rules, against parsing alone ({floor:.1f} CPU s)",
               f"{matched.cpu / floor:.1f}x", "<= 3.0x", "<= 2.5x"),
        Figure("the same with tables and everything on", f"{everything.cpu / floor:.1f}x",
               "<= 5x", "<= 3.5x"),
    ]  # fmt: skip
