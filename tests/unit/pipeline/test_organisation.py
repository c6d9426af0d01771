from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest

from trailhound.engine.duckdb import TableEngine
from trailhound.model.errors import ConfigError
from trailhound.model.organisation import (
    Accounts,
    Countries,
    Identity,
    Networks,
    Organisation,
    People,
)
from trailhound.pipeline.organisation import assumed, check, learn, read, window, write

HOUR = 3_600_000_000
MONDAY = 1_730_678_400_000_000  # 2024-11-04 00:00 UTC


def evidence():
    """Four weeks: five people 07-19 UTC on weekdays, one machine all the time, one stranger."""
    times, users, addresses = [], [], []
    for day in range(28):
        for hour in range(24):
            at = MONDAY + (day * 24 + hour) * HOUR
            people = range(5) if day % 7 < 5 and 7 <= hour < 19 else ()
            times += [at] * (1 + len(people))
            users += ["backup", *(f"user{n}@acme.example" for n in people)]
            addresses += ["10.1.9.9", *(f"10.1.0.{n}" for n in people)]
    times.append(MONDAY)
    users.append("guest@gmail.com")
    addresses.append("203.0.113.20")
    return pa.table(
        {
            "time": times,
            "user_name": users,
            "src_endpoint_ip": addresses,
            "status": ["Success"] * len(times),
            "src_endpoint_location_country": ["DE"] * len(times),
            "metadata_event_code": ["4672" if u.startswith("user0") else "4624" for u in users],
        }
    )


@pytest.fixture(scope="module")
def engine():
    with TableEngine({"authentication": evidence()}) as opened:
        yield opened


def test_what_the_evidence_shows_is_learnt_with_its_share(engine):
    found = {one.key: one for one in learn(engine)}
    assert {key: one.value for key, one in found.items()} == {
        "organisation.domains": "acme.example",
        "networks.internal": "10.1.0.0/16",
        "countries.presence": "DE",
        "accounts.administrators": "user0@acme.example",
        "accounts.service": "backup",
        "hours.zone": "UTC",
        "hours.working": "Mon-Fri 07-19",
    }
    assert found["organisation.domains"].share > 0.99
    assert "of 1,201 account names" in found["organisation.domains"].why


def test_nothing_is_learnt_of_nothing():
    with TableEngine({}) as engine:
        assert learn(engine) == []
        assert check(Organisation(organisation=Identity(domains=("a.example",))), engine) == []


def test_a_handful_of_events_shows_nothing():
    few = pa.table({"time": [1] * 4, "user_name": ["a@acme.example"] * 4})
    with TableEngine({"authentication": few}) as engine:
        assert learn(engine) == []


def test_what_is_learnt_writes_and_reads_back(engine, tmp_path):
    found = learn(engine)
    text = write(assumed(found), found)
    assert '# assumed "acme.example": 100% of 1,201 account names' in text
    (tmp_path / "org.toml").write_text(text)
    assert read(tmp_path / "org.toml") == assumed(found)
    assert check(read(tmp_path / "org.toml"), engine) == []


def test_contradictions_are_told(engine):
    wrong = Organisation(
        organisation=Identity(domains=("wrong.example",)),
        people=People(leavers={"USER1@acme.example": date(2024, 11, 10), "x": date(2020, 1, 1)}),
        networks=Networks(internal=("192.168.0.0/16",)),
        countries=Countries(presence=("FR",)),
        accounts=Accounts(administrators=("somebody",)),
    )
    found = [(one.key, one.value) for one in check(wrong, engine)]
    assert found == [
        ("organisation.domains", "wrong.example"),
        ("organisation.domains", "acme.example"),
        ("networks.internal", "10.1.0.0/16"),
        ("people.leavers", "USER1@acme.example"),
        ("countries.presence", "DE"),
        ("accounts.administrators", "user0@acme.example"),
    ]


def test_a_leaver_who_left_after_the_last_login_is_no_contradiction(engine):
    right = Organisation(people=People(leavers={"user1@acme.example": date(2024, 12, 24)}))
    assert check(right, engine) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[people]\nvip = []\n", r"org\.toml:2: .*did you mean 'vips'"),
        ("[network]\n", r"org\.toml:1: .*did you mean 'networks'"),
        ("\n[networks]\ninternal = ['10.0.0.0/33']\n", r"org\.toml:3: .*no address or network"),
        ("[changes]\nwindows = ['tonight']\n", r"org\.toml:2: 'tonight' is no window of time"),
        ("[changes]\nwindows = ['2026-11-07T20:00/2026-11-08T04:00']", "is no window of time"),
        ("[changes]\nwindows = ['2026-11-07T20:00Z/2026-11-06T04:00Z']", "is no window of time"),
        ("[people]\nleavers = { a = 'soon' }\n", r"org\.toml:2: people\.leavers"),
    ],
)
def test_a_mistake_is_placed(tmp_path, text, words):
    (tmp_path / "org.toml").write_text(text)
    with pytest.raises(ConfigError, match=words):
        read(tmp_path / "org.toml")


def test_a_window_is_read_with_its_zones():
    assert window("1970-01-01T01:00+01:00/1970-01-01T00:00:01Z") == (0, 1_000_000)


def test_a_missing_file_is_an_empty_organisation(tmp_path):
    assert read(tmp_path / "org.toml") == Organisation()
    assert write(Organisation()) == ""
