"""Runs commands and measures them: CPU seconds of the process and its children, peak memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]

_CHILD = """
import json, os, resource, subprocess, sys
out = open(sys.argv[1] + ".out", "wb")
done = subprocess.run(sys.argv[2:], stdout=out, stderr=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
cpu, mb = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
json.dump({"cpu": cpu, "mb": mb, "code": done.returncode}, open(sys.argv[1], "w"))
"""


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure; `must` and `aim` are texts such as `<= 3.0`."""

    name: str
    value: str
    must: str
    aim: str


@dataclass(frozen=True, slots=True)
class Used:
    """What a command used: CPU seconds of all its processes, peak memory of the largest in MB."""

    cpu: float
    mb: float
    code: int
    output: bytes


def command(*arguments: str, cache: Path | None = None) -> Used:
    """Run a command in a process of its own."""
    environment = dict(os.environ, PYTHONPATH=str(ROOT / "src"))
    if cache is not None:
        environment["XDG_CACHE_HOME"] = str(cache)
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "used"
        subprocess.run(
            [sys.executable, "-c", _CHILD, str(report), *arguments], check=True, env=environment
        )
        used = json.loads(report.read_text())
        return Used(used["cpu"], used["mb"], used["code"], Path(f"{report}.out").read_bytes())


def scan(*arguments: str, cache: Path | None = None) -> Used:
    """Run `trailhound scan` quietly, its result as JSON."""
    return command(
        sys.executable,
        "-m",
        "trailhound",
        "scan",
        "-q",
        "--format",
        "json",
        *arguments,
        cache=cache,
    )


def parse_only(folder: Path) -> Used:
    """Parse every EVTX file below a folder with the `evtx` package and throw the records away."""
    program = (
        "import evtx, pathlib, sys\n"
        "for path in sorted(pathlib.Path(sys.argv[1]).rglob('*.evtx')):\n"
        "    for _ in evtx.PyEvtxParser(str(path), number_of_threads=1).records_json(): pass\n"
    )
    return command(sys.executable, "-c", program, str(folder))
