from __future__ import annotations

import pytest

from tests.unit.readers.reading import read
from trailhound.readers.signed_csv import READER
from trailhound.text.timestamp import iso

SNOWFLAKE = b"event_timestamp,user_name,client_ip,is_success\n2026-11-04 09:00:00,A,192.0.2.1,NO\n"


def test_names_fold_as_in_json():
    found = read(READER, SNOWFLAKE, zone="Europe/Berlin")
    assert found.batches[0].kind == "snowflake.login_history"
    assert found.column("USER_NAME") == ["A"]
    assert found.column("is_success") == ["NO"]
    assert found.column("nothing") == [None]
    assert [iso(time) for time in found.times()] == ["2026-11-04T08:00:00.000000Z"]
    assert found.accounts()


def test_views_in_utc():
    data = b"event_time,action_id,server_principal_name,statement\n2026-11-04 09:00:00,SL,a,\n"
    found = read(READER, data, zone="Europe/Berlin")
    assert [iso(time) for time in found.times()] == ["2026-11-04T09:00:00.000000Z"]
    assert found.batches[0].time_basis == "exact"
    assert found.column("statement") == [None]


def test_made_columns():
    data = (
        b"OS_USERNAME;USERHOST;TIMESTAMP;ACTION_NAME;RETURNCODE;COMMENT_TEXT\n"
        b"o;h;04-NOV-26 08.00.00 AM;LOGON;0;Client address: (ADDRESS=(HOST=192.0.2.1)(PORT=1))\n"
    )
    found = read(READER, data)
    assert found.batches[0].kind == "oracle.audit"
    assert found.column("@client_ip") == ["192.0.2.1"]
    assert found.column("RETURN_CODE") == ["0"]


@pytest.mark.parametrize(
    "head",
    [
        b"event_time,action_id,statement\n1,2,3\n",
        b"eventSource,eventName,eventVersion\n1,2,3\n",
        b"{}",
        b"",
    ],
)
def test_near_misses(head):
    assert READER.sniff(head, "x") == 0


def test_byte_order_marks():
    assert READER.sniff(b"\xef\xbb\xbf" + SNOWFLAKE, "x") == 0.9
    assert READER.sniff(SNOWFLAKE.decode().encode("utf-16"), "x") == 0.9
    assert read(READER, SNOWFLAKE.decode().encode("utf-16")).column("USER_NAME") == ["A"]
