from __future__ import annotations

import pytest

from trailhound.engine import views
from trailhound.engine.duckdb import TableEngine


@pytest.mark.parametrize("view", views.CONVENIENCE)
def test_the_described_columns_are_those_of_the_view(view):
    with TableEngine({}) as engine:
        found = engine.query(f"DESCRIBE {view}").to_pylist()
    described = [(c, views.SQL_TYPES[kind]) for c, kind in views.convenience_columns(view)]
    assert [(row["column_name"], row["column_type"]) for row in found] == described


def test_quoting_keeps_a_name_a_name():
    assert views.name('a"b') == '"a""b"'
    assert views.literal("a'b") == "'a''b'"


def test_common_columns_are_in_every_table():
    assert views.common_columns()[:2] == ["metadata_uid", "time"]
    assert "user_name" not in views.common_columns()
