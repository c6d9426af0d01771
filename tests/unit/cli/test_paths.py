from __future__ import annotations

from pathlib import Path

import click
import pytest

from trailhound.cli.paths import PathGiven


@pytest.mark.parametrize("command", ["scan", "show abcdef", "timeline", "map", "sql", "allow test"])
def test_an_empty_path_is_said_and_not_the_working_directory(called, command):
    words = ["sql", "select 1"] if command == "sql" else command.split()
    code, _, err = called(*words, "")
    assert code == 2
    assert "the path is empty; is a variable of the shell not set?" in err


def test_evidence_may_have_any_name_and_what_travels_as_text_may_not():
    assert PathGiven(evidence=True).convert("a\udcff", None, None) == Path("a\udcff")
    assert PathGiven().convert("größe", None, None) == Path("größe")
    with pytest.raises(click.BadParameter, match="not text"):
        PathGiven().convert("a\udcff", None, None)
