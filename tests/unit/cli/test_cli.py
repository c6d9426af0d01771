from __future__ import annotations

import click
import pytest

from trailhound import __version__
from trailhound.cli import COMMANDS, cli


def test_every_command_loads_and_helps(run):
    for name in COMMANDS:
        result = run(name, "--help")
        assert result.exit_code == 0, name
        assert "Usage" in result.output


def test_the_version(run):
    assert __version__ in run("--version").output


def test_an_unknown_command_is_a_usage_error(run):
    assert run("scna").exit_code == 2


def test_commands_keep_their_order():
    assert cli.list_commands(click.Context(cli)) == list(COMMANDS)


@pytest.mark.parametrize("name", ["nothing", "__init__"])
def test_only_listed_names_are_commands(name):
    assert cli.get_command(click.Context(cli), name) is None
