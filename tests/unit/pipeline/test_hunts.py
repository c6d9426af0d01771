from __future__ import annotations

import pyarrow as pa
import pytest

from trailhound.engine.duckdb import TableEngine
from trailhound.model.errors import ConfigError, UsageError
from trailhound.pipeline.hunts import Hunt, folder, hunt_named, hunts, save


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))


@pytest.mark.parametrize("one", hunts().values(), ids=lambda one: one.name)
def test_each_hunt_says_why_and_runs_on_nothing(one):
    assert one.title != one.name
    assert one.why
    assert not one.own
    with TableEngine({}) as engine:
        assert engine.query(one.sql).num_rows == 0


PROGRAM = "C:\\Users\\a\\Downloads\\x.exe"
FOUND = {
    "programs_in_writable_places": (
        "process_activity",
        {"process_file_path": [PROGRAM, "C:\\Windows\\x.exe", "/tmp/y"], "time": [1, 2, 3]},
        2,
    ),
    "office_starts_programs": (
        "process_activity",
        {
            "process_parent_process_file_path": ["C:\\O\\WINWORD.EXE", "C:\\O\\WINWORD.EXE", "x"],
            "process_file_path": ["cmd.exe", "C:\\splwow64.exe", "cmd.exe"],
        },
        1,
    ),
    "failures_then_success": (
        "authentication",
        {
            "user_name": ["a"] * 7 + ["b"] * 2,
            "src_endpoint_ip": ["203.0.113.20"] * 9,
            "status": ["Failure"] * 6 + ["Success", "Failure", "Success"],
            "time": list(range(9)),
        },
        1,
    ),
    "large_uploads": (
        "network_activity",
        {
            "src_endpoint_ip": ["10.0.0.1"] * 3,
            "dst_endpoint_ip": ["203.0.113.20", "10.0.0.9", "203.0.113.21"],
            "traffic_bytes_out": [20_000_000, 90_000_000, 5],
        },
        1,
    ),
    "steady_connections": (
        "network_activity",
        {
            "src_endpoint_ip": ["10.0.0.1"] * 50,
            "dst_endpoint_ip": ["203.0.113.20"] * 25 + ["203.0.113.21"] * 25,
            "time": [n * 60_000_000 for n in range(25)] + [n**3 * 1_000_000 for n in range(25)],
        },
        1,
    ),
    "long_names_in_dns": (
        "dns_activity",
        {
            "src_endpoint_ip": ["10.0.0.1"] * 24,
            "query_hostname": [f"{n:040}.bad.example" for n in range(12)]
            + [f"w{n}.good.example" for n in range(12)],
        },
        1,
    ),
    "large_database_reads": (
        "datastore_activity",
        {
            "actor_user_name": ["a", "b", "c"],
            "rows": [500_000, 3, None],
            "query_info_text": ["SELECT 1", "SELECT 2", "COPY t TO '/tmp/x'"],
            "time": [1, 2, 3],
        },
        2,
    ),
}


@pytest.mark.parametrize("name", FOUND)
def test_a_hunt_finds_what_it_looks_for_and_nothing_beside(name):
    table, columns, rows = FOUND[name]
    with TableEngine({table: pa.table(columns)}) as engine:
        assert engine.query(hunt_named(name).sql).num_rows == rows


def test_a_hunt_of_ones_own_replaces_ours_and_survives():
    one = Hunt("rare_programs", "Mine", "Because\nI say so", "SELECT 1 AS a", own=True)
    place = save(one)
    assert place == folder() / "rare_programs.sql"
    assert hunt_named("rare_programs") == Hunt(
        "rare_programs", "Mine", "Because I say so", "SELECT 1 AS a", own=True
    )


@pytest.mark.parametrize("name", ["", "../x", "A", "a b", "1", "x" * 80])
def test_names_that_are_refused(name):
    with pytest.raises(UsageError, match="no name for a hunt"):
        save(Hunt(name, "t", "w", "SELECT 1"))


def test_an_unknown_hunt_is_told_what_was_meant():
    with pytest.raises(ConfigError, match="rare_program"):
        hunt_named("rare_progams")


def test_a_file_without_a_head_is_a_hunt_too():
    folder().mkdir(parents=True)
    (folder() / "mine.sql").write_text("SELECT 2 AS b\n")
    assert hunts()["mine"] == Hunt("mine", "mine", "", "SELECT 2 AS b", own=True)
