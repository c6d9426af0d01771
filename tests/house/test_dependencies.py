"""Each package that is installed is declared, pinned with hashes and explained."""

from __future__ import annotations

import re
import sys
import tomllib

import pytest

from tests.house.tree import ROOT, imported, parse, place, python_files

DISTRIBUTION = {"yaml": "pyyaml", "re2": "google-re2", "yara_x": "yara-x"}
"""Import names that are not the package's name."""

PAGE = ROOT / "docs" / "dependencies.md"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def named(requirements: list[str]) -> set[str]:
    return {canonical(re.split(r"[^\w.-]", line, maxsplit=1)[0]) for line in requirements}


def pinned(lock: str) -> dict[str, str]:
    """Give each package of a lock file with the text of its entry."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    entries = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    return {canonical(entry.partition("==")[0]): entry for entry in entries}


def explained(heading: str) -> set[str]:
    """List the first cells of the table below a heading of docs/dependencies.md."""
    section = PAGE.read_text(encoding="utf-8").partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return {canonical(name) for name in re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE)}


DIRECT = named(PROJECT["project"]["dependencies"])
DEV = named(PROJECT["dependency-groups"]["dev"])


def test_direct_dependencies_are_explained():
    assert explained("Direct") == DIRECT


def test_indirect_dependencies_are_explained():
    assert explained("Indirect") == set(pinned("requirements.lock")) - DIRECT


def test_development_tools_are_explained():
    assert explained("Development") == DEV


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_every_pin_has_hashes(lock):
    assert not [name for name, entry in pinned(lock).items() if "--hash=sha256:" not in entry]


def test_locks_hold_what_the_project_declares():
    assert set(pinned("requirements.lock")) >= DIRECT
    assert set(pinned("requirements-dev.lock")) >= DIRECT | DEV


def test_the_development_lock_is_the_same_and_more():
    def versions(lock):
        return {n: e.partition("\\")[0] for n, e in pinned(lock).items()}

    assert versions("requirements.lock").items() <= versions("requirements-dev.lock").items()


def test_imports_are_declared():
    known = sys.stdlib_module_names | {"trailhound", "_typeshed"}
    wrong = [
        f"{place(path, node)}: {name}"
        for path in python_files("src")
        for node, name in imported(parse(path))
        if (top := name.split(".")[0]) not in known
        and canonical(DISTRIBUTION.get(top, top)) not in DIRECT
    ]
    assert not wrong
