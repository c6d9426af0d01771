"""The layer contracts hold, and would notice if they did not."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.house.tree import ROOT

LINT = """
import sys
from importlinter.cli import lint_imports
sys.exit(lint_imports(%r, no_cache=True))
"""


def lint(source) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(source), "COLUMNS": "200"}
    command = [sys.executable, "-P", "-c", LINT % str(ROOT / "pyproject.toml")]
    return subprocess.run(
        command, cwd=source, env=environment, capture_output=True, text=True, check=False
    )


def plant(folder, **modules: str):
    """Write a package with the given layers, each with one line of code."""
    for layer in ("cli", "pipeline", "store", "model", *modules):
        package = folder / "trailhound" / layer
        package.mkdir(parents=True, exist_ok=True)
        (package / "__init__.py").write_text(modules.get(layer, ""))
    (folder / "trailhound" / "__init__.py").touch()
    return folder


def test_the_tree_keeps_its_contracts():
    result = lint(ROOT / "src")
    assert result.returncode == 0, result.stdout + result.stderr


def test_a_legal_tree_passes(tmp_path):
    result = lint(plant(tmp_path, cli="import trailhound.store", report="import trailhound.model"))
    assert result.returncode == 0, result.stdout + result.stderr


def test_an_import_upwards_is_seen(tmp_path):
    result = lint(plant(tmp_path, model="import trailhound.cli"))
    assert result.returncode == 1
    assert "trailhound.model -> trailhound.cli" in result.stdout


def test_an_import_sideways_is_seen(tmp_path):
    result = lint(plant(tmp_path, report="import trailhound.respond", respond=""))
    assert result.returncode == 1
    assert "trailhound.report -> trailhound.respond" in result.stdout


def test_a_detector_may_not_open_a_workspace(tmp_path):
    result = lint(plant(tmp_path, detect="import trailhound.store"))
    assert result.returncode == 1
    assert "trailhound.detect -> trailhound.store" in result.stdout


def test_a_package_without_a_layer_is_seen(tmp_path):
    result = lint(plant(tmp_path, sundries=""))
    assert result.returncode == 1
    assert "sundries" in result.stdout + result.stderr
