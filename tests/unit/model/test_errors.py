from __future__ import annotations

import pytest

from trailhound.model.errors import (
    ConfigError,
    MappingError,
    QueryError,
    RuleError,
    TrailhoundError,
    UsageError,
    Where,
    WorkspaceError,
)


@pytest.mark.parametrize(
    ("where", "text"),
    [
        (Where("a.yml"), "a.yml"),
        (Where("a.yml", 3), "a.yml:3"),
        (Where("a.yml", 3, 7), "a.yml:3:7"),
        (Where("a.evtx", offset=0), "a.evtx:byte 0"),
        (Where("a.yml", column=7), "a.yml"),
        (Where("a.yml", 3, offset=9), "a.yml:3"),
    ],
)
def test_places_are_written_as_editors_read_them(where, text):
    assert str(where) == text


def test_an_error_is_one_line():
    error = TrailhoundError("no such column", where=Where("a.toml", 4), todo="see tables.toml")
    assert str(error) == "a.toml:4: no such column (see tables.toml)"
    assert str(TrailhoundError("no such column")) == "no such column"
    assert (error.what, error.todo) == ("no such column", "see tables.toml")


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (TrailhoundError, 4),
        (UsageError, 2),
        (ConfigError, 2),
        (RuleError, 2),
        (MappingError, 2),
        (QueryError, 2),
        (WorkspaceError, 2),
    ],
)
def test_each_kind_has_its_exit_code(kind, code):
    assert kind("x").exit_code == code
    assert isinstance(kind("x"), TrailhoundError)


def test_a_damaged_workspace_is_no_wrong_usage():
    assert not issubclass(WorkspaceError, UsageError)
    assert all(issubclass(k, UsageError) for k in (ConfigError, RuleError, MappingError))
