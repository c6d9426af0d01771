from __future__ import annotations

import pyarrow as pa
import pytest

from trailhound.engine import organisation as ask
from trailhound.engine.duckdb import TableEngine

HOUR = 3_600_000_000


@pytest.fixture(scope="module")
def engine():
    logins = pa.table(
        {
            "time": pa.array([0, HOUR, 25 * HOUR, None], pa.int64()),
            "status": ["Success", "success", "Failure", "Success"],
            "user_name": ["A@Acme.example", "b@acme.example", "c@other.example", "PC$"],
            "src_endpoint_ip": ["10.1.2.3", "172.20.0.1", "192.168.7.9", "172.40.0.1"],
            "src_endpoint_location_country": ["de", "DE", "FR", None],
            "metadata_event_code": ["4672", "4624", "4625", "4672"],
        }
    )
    with TableEngine({"authentication": logins}) as opened:
        yield opened


def test_domains_are_counted_over_all_accounts(engine):
    found = ask.account_domains(engine)
    assert [(share.value, share.seen, share.of) for share in found] == [
        ("acme.example", 2, 3),
        ("other.example", 1, 3),
    ]


def test_only_private_networks_count(engine):
    found = {share.value: share.of for share in ask.internal_addresses(engine)}
    assert found == {"10.1.0.0/16": 4, "172.20.0.0/16": 4, "192.168.7.0/24": 4}


def test_countries_of_successful_logins(engine):
    assert [(s.value, s.seen) for s in ask.countries(engine)] == [("DE", 2)]


def test_administrators_and_last_activity(engine):
    assert [s.value for s in ask.administrators(engine)] == ["a@acme.example", "pc$"]
    assert ask.last_activity(engine) == {"a@acme.example": 0, "b@acme.example": HOUR}


def test_rhythm_and_week(engine):
    assert ask.rhythms(engine)[0] == ask.Rhythm("a@acme.example", 1, 1, 1)
    assert ask.week(engine, ["b@acme.example"]) == {(3, 0): 1}
    assert ask.week(engine, []) == {(3, 0): 1, (3, 1): 1}
