from __future__ import annotations

import pytest

from trailhound.engine.duckdb import TableEngine
from trailhound.model.errors import QueryError


@pytest.fixture(scope="module")
def engine():
    with TableEngine({}) as opened:
        yield opened


@pytest.mark.parametrize(
    ("sql", "place", "todo"),
    [
        ("SELECT * FROM authentcation", "query:1:15", "'authentication'"),
        ("SELECT usr_name FROM authentication", "query:1:8", "'user_name'"),
        ("SELECT\n  time,\n  user_nam FROM authentication", "query:3:3", "'user_name'"),
        ("SELECT zzzzz FROM authentication", "query:1:8", "--tables TABLE"),
        ("SELECT * FROM qqqqq", "query:1:15", "--tables"),
        ("SELECT lenght(user_name) FROM authentication", "query:1:8", "'length'"),
        ("SELECT tabel_name FROM events", "query:1:8", "'table_name'"),
        ("SELCT 1", "query:1:1", ""),
        ("SELECT CAST('a' AS INT)", "query:1:8", ""),
        ("SELECT error('boom')", "query", ""),
    ],
)
def test_a_mistake_is_placed_and_the_right_name_suggested(engine, sql, place, todo):
    with pytest.raises(QueryError) as caught:
        engine.query(sql)
    assert str(caught.value.where) == place
    assert todo in caught.value.todo
    assert "\n" not in str(caught.value)


def test_a_query_that_is_no_text_is_an_error(engine):
    with pytest.raises(QueryError, match="not text"):
        engine.query("SELECT '\ud800'")
