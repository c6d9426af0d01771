from __future__ import annotations

import pyarrow.parquet as pq

from trailhound.model.errors import UsageError

WHO = "SELECT user_name, time FROM authentication ORDER BY time NULLS LAST"


def test_parquet_goes_to_a_file(run, filled, tmp_path):
    place = tmp_path / "who.parquet"
    done = run("sql", WHO, "--workspace", filled, "--format", "parquet", "-o", place)
    assert done.exit_code == 0
    table = pq.read_table(place)
    assert table.schema.names == ["user_name", "time"]
    assert table.num_rows == 3
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".who")] == []


def test_parquet_needs_a_file_and_nothing_else_takes_one(run, filled, tmp_path):
    for options in (["--format", "parquet"], ["-o", tmp_path / "x"]):
        done = run("sql", WHO, "--workspace", filled, *options)
        assert isinstance(done.exception, UsageError)


def test_a_folder_that_is_not_there(run, filled, tmp_path):
    place = tmp_path / "nowhere/who.parquet"
    done = run("sql", WHO, "--workspace", filled, "--format", "parquet", "-o", place)
    assert isinstance(done.exception, UsageError)
    assert "cannot write" in str(done.exception)


def test_watching_counts_again_and_again(run, filled, monkeypatch):
    waits = []

    def sleep(seconds: int) -> None:
        waits.append(seconds)
        if len(waits) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr("trailhound.cli.sql.time.sleep", sleep)
    done = run("sql", f"{WHO};", "--workspace", filled, "--watch", "5")
    lines = done.stdout.splitlines()
    assert waits == [5, 5]
    assert lines[0].endswith("Z  3 rows")
    assert lines[1].endswith("3 rows  +0")
