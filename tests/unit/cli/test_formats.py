from __future__ import annotations

import pytest
from click.testing import CliRunner

from trailhound.cli.formats import command
from trailhound.model.errors import UsageError


def invoke(*arguments: str) -> str:
    result = CliRunner().invoke(command, arguments, catch_exceptions=False)
    assert all(len(line) <= 80 for line in result.output.splitlines())
    return result.output


def test_all_formats_in_a_list():
    told = invoke()
    assert "windows.evtx" in told
    assert "says what to switch on" in told


def test_one_product_with_what_to_switch_on():
    told = invoke("pgaudit")
    assert "switch on" in told
    assert "log_rows" in told
    assert "datastore_activity" in told


def test_an_unknown_product_has_a_way_out():
    with pytest.raises(UsageError, match="no format speaks of 'typewriter'") as caught:
        CliRunner().invoke(command, ["typewriter"], catch_exceptions=False)
    assert "trailhound map" in str(caught.value)
