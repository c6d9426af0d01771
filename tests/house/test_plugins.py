"""Each plug-in file is registered, has goldens and a row in the documentation."""

from __future__ import annotations

import importlib
import re

import pytest

from tests.house.tree import ROOT, python_files

KINDS = [
    pytest.param("readers", "READER", id="readers"),
]
"""Folder, and the module-level name that makes a file of it a plug-in."""

PAGE = {"readers": "formats.md"}
"""Where each folder is documented."""


def plugin_files(folder: str, marker: str) -> set[str]:
    """List the modules that define the marker at their top level."""
    return {
        path.stem
        for path in python_files(f"src/trailhound/{folder}")
        if re.search(rf"^{marker}\b[^=\n]*=", path.read_text(encoding="utf-8"), re.MULTILINE)
    }


def registered(folder: str) -> tuple[str, ...]:
    builtin: tuple[str, ...] = importlib.import_module(f"trailhound.{folder}").BUILTIN
    return builtin


@pytest.mark.parametrize(("folder", "marker"), KINDS)
def test_files_and_registry_agree(folder, marker):
    expected = {f"trailhound.{folder}.{stem}" for stem in plugin_files(folder, marker)}
    assert set(registered(folder)) == expected
    assert len(registered(folder)) == len(expected), "registered twice"


@pytest.mark.parametrize(("folder", "marker"), KINDS)
def test_names_are_unique(folder, marker):
    names = [getattr(importlib.import_module(m), marker).name for m in registered(folder)]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize(("folder", "marker"), KINDS)
def test_each_has_goldens(folder, marker):
    golden = ROOT / "tests" / "golden" / folder
    missing = [stem for stem in plugin_files(folder, marker) if not any((golden / stem).glob("*"))]
    assert not missing, f"no samples below {golden.relative_to(ROOT)}"


@pytest.mark.parametrize(("folder", "marker"), KINDS)
def test_each_has_a_row_in_the_documentation(folder, marker):
    text = (ROOT / "docs" / PAGE[folder]).read_text(encoding="utf-8")
    names = [getattr(importlib.import_module(m), marker).name for m in registered(folder)]
    assert not [name for name in names if f"| `{name}` |" not in text]


@pytest.mark.parametrize(("folder", "marker"), KINDS)
def test_the_marker_still_finds_files(folder, marker):
    assert plugin_files(folder, marker)
