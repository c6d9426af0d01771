"""The tree names no registry, no machine and nothing outside itself."""

from __future__ import annotations

import pytest

from tests.house.tree import ROOT, place, tracked

REGISTRIES = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("crates", "io"),
        ("registry", "npmjs", "org"),
        ("proxy", "golang", "org"),
        ("repo1", "maven", "org"),
        ("deb", "debian", "org"),
    )
)
INDEX_OPTIONS = tuple(f"--{kind}-url" for kind in ("index", "extra-index"))
MACHINE = tuple("/".join(parts) for parts in (("", "work", "main"), ("", "root", ".pyenv")))
OUTSIDE = "../shared"
MAY_NAME_OUTSIDE = (ROOT / "tests", ROOT / "bench")
EVIDENCE = (ROOT / "src/trailhound/content/rules", ROOT / "tests/golden")
"""Rules and samples name any host: attackers use registries too."""

TEXT = [
    p for p in tracked() if p.suffix not in {".evtx", ".gz", ".bz2", ".xz", ".zst", ".zip", ".png"}
]


def words_of(path, text: str) -> list[str]:
    banned = [*MACHINE]
    if not any(path.is_relative_to(folder) for folder in EVIDENCE):
        banned += [*REGISTRIES, *(o for o in INDEX_OPTIONS if path.suffix == ".lock")]
    if not any(path.is_relative_to(folder) for folder in MAY_NAME_OUTSIDE):
        banned.append(OUTSIDE)
    return [f"{place(path)}: {word}" for word in banned if word in text]


def test_the_tree_speaks_of_itself_alone():
    found = [w for p in TEXT for w in words_of(p, p.read_text(encoding="utf-8", errors="replace"))]
    assert not found


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_locks_name_no_address(name):
    assert "://" not in (ROOT / name).read_text(encoding="utf-8")


def test_a_planted_word_is_seen():
    assert words_of(ROOT / "README.md", f"see {OUTSIDE}/x and {REGISTRIES[0]}")
    assert not words_of(ROOT / "tests/x.py", OUTSIDE)
