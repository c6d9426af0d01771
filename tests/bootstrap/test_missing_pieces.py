"""A machine that lacks something is told in one line what to type."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.bootstrap.clone import MAIN

pytestmark = pytest.mark.slow

ON_DEBIAN = Path("/etc/debian_version").exists()
WITHOUT_VENV = """
case "$*" in
    *implementation*) echo "$0" ;;
    *"%d.%d"*) echo 3.12 ;;
    *) exit 1 ;;
esac
"""


def only_line(result) -> str:
    assert result.returncode == 4
    assert result.stdout == ""
    [line] = result.stderr.splitlines()
    return line


def test_no_interpreter(bare):
    assert "needs Python 3.11 or newer" in only_line(bare.run())


def test_interpreters_that_do_not_run_or_are_too_old(bare):
    bare.add_tool("python3.13", "echo 'version 3.13 is not installed' >&2; exit 127")
    bare.add_tool("python3", "exit 1")
    assert "needs Python 3.11 or newer" in only_line(bare.run())


def test_no_venv_module(bare):
    bare.add_tool("python3.12", WITHOUT_VENV)
    line = only_line(bare.run())
    assert "no venv" in line
    assert ("sudo apt-get install python3.12-venv" in line) == ON_DEBIAN


def test_an_interpreter_with_venv_is_preferred(clone):
    clone.add_tool("python3.13", WITHOUT_VENV)
    if (clone.tools / "uv").exists():
        pytest.skip("uv needs no venv module")
    assert clone.run().stdout == "stub click\n"


def test_the_chosen_interpreter_wins(bare):
    bare.add_tool("mine", WITHOUT_VENV)
    assert str(bare.tools / "mine") in only_line(
        bare.run(TRAILHOUND_PYTHON=str(bare.tools / "mine"))
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written(bare):
    bare.folder.chmod(0o555)
    assert "cannot write" in only_line(bare.run())


def test_the_stub_is_the_real_entry():
    real = Path(__file__).parents[2] / "src/trailhound/__main__.py"
    assert "from trailhound.cli import main" in real.read_text()
    assert "main()" in MAIN
