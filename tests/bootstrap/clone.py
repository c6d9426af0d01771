"""A clone in miniature: the real bootstrap, one small package, a stub of the program."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOOLS = (
    "awk", "cat", "cksum", "dirname", "env", "ln", "mkdir", "mktemp", "mv", "readlink", "rm",
    "sh", "sleep", "touch", "uname",
)  # fmt: skip
STUB = """
import sys
import click
def main():
    print("stub", click.__name__, *sys.argv[1:])
"""
MAIN = "from trailhound.cli import main\nmain()\n"


@dataclass(frozen=True, slots=True)
class Clone:
    """A folder that looks like a fresh clone, and the only PATH its bootstrap sees."""

    folder: Path
    tools: Path
    home: Path

    @property
    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "TRAILHOUND_"))}
        kept.pop("VIRTUAL_ENV", None)
        return kept | {"PATH": str(self.tools), "XDG_CACHE_HOME": str(self.home)}

    def start(self, *arguments: str, cwd: Path | None = None, **variables: str):
        return subprocess.Popen(
            [str(self.folder / "trailhound"), *arguments],
            cwd=cwd or self.folder,
            env=self.environment | variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, *arguments: str, cwd: Path | None = None, **variables: str):
        process = self.start(*arguments, cwd=cwd, **variables)
        out, err = process.communicate(timeout=300)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def remove(self, tool: str) -> None:
        (self.tools / tool).unlink()

    def add_tool(self, name: str, script: str) -> None:
        path = self.tools / name
        path.unlink(missing_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)


def pins(*packages: str) -> str:
    """Cut some packages, with their hashes, out of the real lock."""
    entries = re.split(
        r"^(?=[a-z0-9])", (ROOT / "requirements.lock").read_text(), flags=re.MULTILINE
    )
    return "".join(e for e in entries if e.partition("==")[0] in packages)


def tool_folder(folder: Path, *, uv: str | None) -> Path:
    """Make a PATH of one folder: shell tools, this interpreter, and uv if wanted."""
    folder.mkdir()
    found = {name: shutil.which(name) for name in TOOLS}
    found |= {"python3": os.path.realpath(sys.executable), "uv": uv}
    for name, path in found.items():
        if path:
            (folder / name).symlink_to(path)
    return folder


def miniature(folder: Path, tools: Path, home: Path) -> Clone:
    folder.mkdir()
    shutil.copy2(ROOT / "trailhound", folder)
    shutil.copytree(ROOT / ".ci", folder / ".ci")
    (folder / "requirements.lock").write_text(pins("click"))
    (folder / "requirements-dev.lock").write_text(pins("click", "idna"))
    package = folder / "src" / "trailhound"
    (package / "cli").mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text(MAIN)
    (package / "cli" / "__init__.py").write_text(STUB)
    return Clone(folder, tools, home)
