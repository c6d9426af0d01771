"""Every ```console example of the documentation is run, and prints what it says it prints.

Lines that begin with `$` are commands. What follows must come in this order in their output; `...`
stands for anything, within a line or as lines of its own.
"""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner

from trailhound.cli import cli

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
CONSOLE = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
YAML = re.compile(r"^```yaml\n(.*?)^```", re.MULTILINE | re.DOTALL)
DOOR = "time,badge,door,action\n2026-11-04T08:12:00Z,a.meyer,lab,open\n2026-11-04T08:13:00Z,b,lab,open\n"


class Example(NamedTuple):
    command: str
    output: list[str]


def examples(page: Path) -> list[Example]:
    found: list[Example] = []
    for block in CONSOLE.findall(page.read_text("utf-8")):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append(Example(line[2:], []))
            else:
                found[-1].output.append(line)
    return found


@pytest.fixture(scope="module")
def simulated(tmp_path_factory):
    place = tmp_path_factory.mktemp("week")
    arguments = ["simulate", "--seed", "1", "--people", "12", "--days", "4", "--out", str(place)]
    assert CliRunner().invoke(cli, arguments).exit_code == 0
    return place


@pytest.fixture
def desk(simulated, tmp_path, monkeypatch):
    """A folder as somebody has it who reads the documentation: evidence, and nothing yet."""
    shutil.copytree(simulated / "evidence", tmp_path / "evidence")
    (tmp_path / "door.csv").write_text(DOOR)
    for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize(
    "page", [page for page in PAGES if examples(page)], ids=lambda page: page.stem
)
def test_examples_print_what_the_page_says(page, desk):
    for rule in YAML.findall(page.read_text("utf-8")):
        (desk / "rule.yml").write_text(rule)
    for example in examples(page):
        words = shlex.split(example.command)
        assert words[0].removeprefix("./") == "trailhound", example.command
        done = CliRunner().invoke(cli, words[1:], standalone_mode=False)
        assert done.exception is None, (example.command, done.exception)
        told = done.stdout + (done.stderr or "")
        assert fits(example.output, told), f"$ {example.command}\n{told}"


def fits(wanted: list[str], told: str) -> bool:
    """Tell whether the lines come in this order; lines of `...` may be any number of lines."""
    pattern = "".join(
        r"(?:.*\n)*?" if line.strip() == "..." else _line(line) + r".*\n" for line in wanted
    )
    return re.search(rf"^{pattern}", told + "\n", re.MULTILINE) is not None


def _line(line: str) -> str:
    return " *" + r".*".join(re.escape(part.strip()) + r"\s*" for part in line.split("..."))


def test_every_page_is_reached_from_another():
    texts = {page: page.read_text("utf-8") for page in PAGES}
    for page in PAGES[1:]:
        linked = any(page.name in text for other, text in texts.items() if other != page)
        assert linked, f"no page links to {page.relative_to(ROOT)}"


def test_links_lead_somewhere():
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#]+)", page.read_text("utf-8")):
            if not target.startswith("http"):
                assert (page.parent / target).exists(), f"{page.name}: {target}"
