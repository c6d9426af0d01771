from __future__ import annotations

import pyarrow as pa
import pytest

from trailhound.engine.duckdb import TableEngine
from trailhound.engine.pivot import DAY, MOST_RELATED, pivot

HASH = "0123456789ABCDEF0123456789abcdef"


@pytest.fixture(scope="module")
def engine():
    names = ["a.meyer", "A.Meyer", "b", "a.meyer"]
    rows = {
        "authentication": pa.table(
            {
                "metadata_uid": ["u1", "u2", "u3", "u4"],
                "metadata_source": ["x", "x", "y", "y"],
                "time": pa.array([1, DAY + 5, 7, None], pa.int64()),
                "activity_name": ["Logon"] * 4,
                "status": ["Success", "Failure", "Failure", "Success"],
                "user_name": names,
                "src_endpoint_ip": ["203.0.113.20", "203.0.113.20", "203.0.113.21", None],
            }
        ),
        "process_activity": pa.table(
            {
                "metadata_uid": ["u1", "p2"],
                "metadata_source": ["x", "x"],
                "time": [20, 30],
                "actor_user_name": ["a.meyer", "c"],
                "process_file_path": ["C:\\a.exe", "C:\\b.exe"],
                "process_file_hashes": [f"MD5={HASH},SHA1=1", "MD5=2"],
            }
        ),
    }
    with TableEngine(rows) as opened:
        yield opened


def test_one_page(engine):
    page = pivot(engine, "a.meyer")
    assert (page.events, page.sources, page.first, page.last) == (4, 2, 1, DAY + 5)
    assert [(one.type, one.role, one.table, one.events) for one in page.seen] == [
        ("user", "target", "authentication", 3),
        ("user", "actor", "process_activity", 1),
    ]
    assert [(one.action, one.status, one.events) for one in page.done] == [
        ("Logon", "Success", 2),
        ("Logon", "Failure", 1),
        ("", "", 1),
    ]
    assert [(one.type, one.value, one.events) for one in page.related] == [
        ("ip", "203.0.113.20", 2),
        ("process", "c:\\a.exe", 1),
    ]
    assert [(day.start, day.events) for day in page.days] == [(0, 2), (DAY, 1)]


def test_events_of_one_id_in_two_tables_are_not_mixed(engine):
    related = {one.value for one in pivot(engine, "C:\\a.exe").related}
    assert related == {"a.meyer"}


@pytest.mark.parametrize(
    ("entity", "events"),
    [
        ("A.MEYER", 4), ("a.meye", 0), ("*meyer", 4), ("a_meyer", 0), ("%", 0),
        ("203.0.113.2*", 3), (HASH, 1), (HASH.lower(), 1), (HASH[:-1], 0), ("nobody", 0),
    ],
)  # fmt: skip
def test_what_is_found(engine, entity, events):
    page = pivot(engine, entity)
    assert page.events == events
    assert bool(page.days or page.related or page.done) == bool(events)


def test_related_entities_are_the_most_frequent():
    rows = pa.table(
        {
            "metadata_uid": [f"u{n}" for n in range(40)],
            "time": list(range(40)),
            "user_name": ["a"] * 40,
            "src_endpoint_ip": [f"203.0.113.{min(n, 20)}" for n in range(40)],
        }
    )
    with TableEngine({"authentication": rows}) as engine:
        related = pivot(engine, "a").related
    assert len(related) == MOST_RELATED
    assert related[0].value == "203.0.113.20"
