"""`--version` answers without loading what a scan needs."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.house.tree import ROOT
from trailhound import __version__

HEAVY = (
    "alembic",
    "duckdb",
    "evtx",
    "httpx",
    "hyperscan",
    "numpy",
    "pyarrow",
    "rich",
    "sqlalchemy",
)
PROGRAM = f"""
import sys
from trailhound.cli import main
sys.argv = ["trailhound", "--version"]
try:
    main()
finally:
    print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)
"""


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_version_loads_nothing_heavy():
    result = run("-c", PROGRAM)
    assert __version__ in result.stdout
    assert result.stderr.splitlines()[-1] == "[]"


def test_the_module_runs():
    result = run("-m", "trailhound", "--version")
    assert (result.returncode, result.stderr) == (0, "")
    assert __version__ in result.stdout
