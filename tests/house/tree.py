"""The project's own files, as the house rules look at them."""

from __future__ import annotations

import ast
import shutil
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src" / "trailhound"
UNIT = ROOT / "tests" / "unit"


@cache
def tracked() -> tuple[Path, ...]:
    """List the project's files: what git knows or would add, or everything in an export."""
    if (ROOT / ".git").exists() and shutil.which("git"):
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout
        names = [ROOT / name for name in listed.decode().split("\0") if name]
    else:
        names = [
            *ROOT.glob("*"),
            *(p for d in ("src", "tests", "docs") for p in ROOT.glob(f"{d}/**/*")),
        ]
    return tuple(sorted(path for path in names if path.is_file()))


def python_files(*folders: str) -> list[Path]:
    wanted = tuple(ROOT / folder for folder in folders)
    return [p for p in tracked() if p.suffix == ".py" and any(p.is_relative_to(f) for f in wanted)]


@cache
def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def place(path: Path, node: ast.AST | None = None) -> str:
    """Name a place as an editor understands it."""
    line = f":{node.lineno}" if isinstance(node, ast.expr | ast.stmt) else ""
    return f"{path.relative_to(ROOT).as_posix()}{line}"


def inside(path: Path) -> str:
    """Name a module's file within the package: `model/event.py`."""
    return path.relative_to(SRC).as_posix()


def imported(tree: ast.AST) -> list[tuple[ast.stmt, str]]:
    """List each import with the full name of what it brings, `from a import b` as `a.b`."""
    found: list[tuple[ast.stmt, str]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(node, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found += [(node, f"{node.module}.{alias.name}") for alias in node.names]
    return found


def dotted(node: ast.expr) -> str:
    """Spell a call target: `os.system`, `eval`; empty for anything that is not plain names."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        head = dotted(node.value)
        return f"{head}.{node.attr}" if head else ""
    return ""


def calls(tree: ast.AST) -> list[tuple[ast.Call, str]]:
    return [(n, dotted(n.func)) for n in ast.walk(tree) if isinstance(n, ast.Call)]
