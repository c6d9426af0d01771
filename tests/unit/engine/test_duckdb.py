from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from trailhound.engine.duckdb import TableEngine
from trailhound.model.errors import QueryError
from trailhound.model.tables import tables


def logins():
    return pa.table(
        {
            "time": pa.array([3, 1, None], pa.int64()),
            "user_name": pa.array(["c", "a", None]).dictionary_encode(),
            "src_endpoint_ip": ["203.0.113.20", "10.0.0.1", "10.0.0.1"],
        }
    )


@pytest.fixture(scope="module")
def engine():
    with TableEngine({"authentication": logins()}) as opened:
        yield opened


def test_every_table_can_be_asked_with_all_its_columns(engine):
    for name, spec in tables().items():
        found = engine.query(f"SELECT * FROM {name}")  # noqa: S608
        assert found.schema.names == list(spec.columns)
    assert engine.query("SELECT * FROM authentication").num_rows == 3
    assert engine.query("SELECT count(*) AS n FROM dns_activity").to_pylist() == [{"n": 0}]


def test_columns_have_the_declared_types(engine):
    found = engine.query("SELECT user_name, time, is_mfa FROM authentication ORDER BY time")
    assert found.schema.types == [pa.string(), pa.int64(), pa.bool_()]
    assert found.column("user_name").to_pylist() == ["a", "c", None]


def test_parquet_files_with_different_columns_are_one_table(tmp_path):
    pq.write_table(logins(), tmp_path / "a'b.parquet", store_schema=False)
    pq.write_table(pa.table({"is_mfa": [True]}), tmp_path / "2.parquet")
    paths = [tmp_path / "a'b.parquet", tmp_path / "2.parquet"]
    with TableEngine({"authentication": paths}) as engine:
        found = engine.query("SELECT user_name, is_mfa FROM authentication")
    assert found.to_pydict() == {
        "user_name": ["c", "a", None, None],
        "is_mfa": [None, None, None, True],
    }


def test_the_convenience_views(engine):
    found = engine.query("SELECT table_name, time FROM events ORDER BY time NULLS LAST")
    assert found.column("time").to_pylist() == [1, 3, None]
    who = "SELECT entity_value, entity_role FROM entities WHERE entity_type = 'user' ORDER BY 1"
    assert engine.query(who).column("entity_value").to_pylist() == ["a", "c"]
    shown = "SELECT utc(time)::VARCHAR AS t FROM events WHERE time = 3"
    assert engine.query(shown).to_pylist() == [{"t": "1970-01-01 00:00:00.000003"}]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM glob('/etc/*')",
        "SELECT * FROM read_parquet('/tmp/*.parquet')",
        "SELECT * FROM read_csv('https://example.org/x.csv')",
        "COPY authentication TO '/tmp/out.csv'",
        "ATTACH '/tmp/x.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "SET memory_limit = '100GB'",
        "RESET lock_configuration",
        "CREATE TABLE x (a INT)",
        "DROP VIEW authentication",
        "EXPLAIN ANALYZE CREATE TABLE x (a INT)",
        "PRAGMA database_list",
        "EXPORT DATABASE '/tmp/x'",
        "SELECT 1; SELECT 2",
        "",
        "SELECT getenv('HOME')",
    ],
)
def test_nothing_but_reading_the_evidence_is_possible(engine, sql):
    with pytest.raises(QueryError):
        engine.query(sql)
    assert engine.query("SELECT count(*) AS n FROM authentication").to_pylist() == [{"n": 3}]


def test_python_variables_are_not_tables(engine):
    secret = pa.table({"a": [1]})
    with pytest.raises(QueryError, match="does not exist"):
        engine.query("SELECT * FROM secret")
    assert secret.num_rows == 1


@pytest.mark.parametrize("sql", ["DESCRIBE authentication", "SHOW TABLES", "FROM dns_activity"])
def test_other_ways_to_read_are_fine(engine, sql):
    assert engine.query(sql) is not None


def test_parameters_are_values(engine):
    sql = "SELECT time FROM authentication WHERE user_name = ?"
    assert engine.query(sql, ["a"]).to_pylist() == [{"time": 1}]
    assert engine.query(sql, ["a' OR '1'='1"]).num_rows == 0


def test_a_large_query_works_outside_memory_and_leaves_nothing():
    rows = pa.table({"message": [f"{n * 7919 % 600_000}" * 10 for n in range(600_000)]})
    with TableEngine({"log_activity": rows}, memory_bytes=64 * 1024 * 1024, threads=1) as engine:
        sql = "SELECT message, count(*) AS n FROM log_activity GROUP BY message ORDER BY 2, 1"
        total = sum(batch.num_rows for batch in engine.stream(sql))
        folder = engine._folder.name
    assert total == 600_000
    assert not Path(folder).exists()


def test_a_stream_gives_all_rows(engine):
    batches = list(engine.stream("SELECT i FROM range(120000) t(i)"))
    assert sum(batch.num_rows for batch in batches) == 120_000
    assert len(batches) > 1
