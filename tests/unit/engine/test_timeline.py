from __future__ import annotations

import pyarrow as pa
import pytest

from trailhound.engine.duckdb import TableEngine
from trailhound.engine.timeline import timeline


@pytest.fixture(scope="module")
def engine():
    rows = {
        "authentication": pa.table(
            {
                "metadata_uid": ["u3", "u1", "u0"],
                "time": pa.array([30, 10, None], pa.int64()),
                "activity_name": ["Logon"] * 3,
                "status": ["Success", "Failure", "Failure"],
                "user_name": ["a.meyer", "A_Meyer", "b"],
                "src_endpoint_ip": ["203.0.113.20", None, None],
            }
        ),
        "process_activity": pa.table(
            {
                "metadata_uid": ["u2"],
                "time": [20],
                "actor_user_name": ["a.meyer"],
                "process_cmd_line": ["cmd.exe " + "x" * 400],
                "process_file_path": ["C:\\cmd.exe"],
            }
        ),
        "log_activity": pa.table({"metadata_uid": ["u4"], "time": [40], "message": ["cleared"]}),
    }
    with TableEngine(rows) as opened:
        yield opened


def uids(engine, **asked):
    return [event.uid for event in timeline(engine, **asked)]


def test_all_events_come_in_order_the_undated_last(engine):
    assert uids(engine) == ["u1", "u2", "u3", "u4", "u0"]


def test_the_end_is_open_and_the_start_is_not(engine):
    assert uids(engine, since=20, until=40) == ["u2", "u3"]


@pytest.mark.parametrize(
    ("entity", "found"),
    [
        ("a.meyer", ["u2", "u3"]),
        ("A.MEYER", ["u2", "u3"]),
        ("a_meyer", ["u1"]),
        ("a?meyer", []),
        ("*meyer", ["u1", "u2", "u3"]),
        ("203.0.113.20", ["u3"]),
        ("203.0.113.2", []),
        ("%", []),
        ("~", []),
        ("x' OR 1=1 --", []),
    ],
)
def test_an_entity_is_found_wherever_it_stands(engine, entity, found):
    assert uids(engine, entity=entity) == found


def test_an_event_is_told_in_a_few_words(engine):
    events = list(timeline(engine))
    assert events[1].what.startswith("cmd.exe xxx")
    assert len(events[1].what) == 300
    assert (events[2].who, events[2].src, events[2].status) == (
        "a.meyer",
        "203.0.113.20",
        "Success",
    )
    assert events[3].what == "cleared"
    assert events[4].time is None
