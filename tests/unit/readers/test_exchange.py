from __future__ import annotations

import pytest

from tests.unit.readers.reading import read
from trailhound.readers.exchange import READER

HEAD = (
    b"#Software: Microsoft Exchange Server\r\n#Version: 15.0.0.0\r\n"
    b"#Log-type: Message Tracking Log\r\n#Date: 2026-11-04T08:00:00.000Z\r\n"
    b"#Fields: date-time,client-ip,event-id,message-subject\r\n"
)
ROW = b"2026-11-04T08:00:01.000Z,192.0.2.1,SEND,x\r\n"


def test_times_are_utc_whatever_the_zone():
    found = read(READER, HEAD + ROW, zone="Europe/Berlin")
    assert found.times() == [1793779201000000]
    assert found.batches[0].time_basis == "exact"
    assert found.accounts()


def test_a_header_in_the_middle_changes_the_fields():
    again = HEAD.replace(b"client-ip,event-id", b"event-id,client-ip")
    found = read(READER, HEAD + ROW + again + b"2026-11-04T08:00:02.000Z,FAIL,192.0.2.2,y\r\n")
    assert found.column("client-ip") == ["192.0.2.1", "192.0.2.2"]
    assert found.column("event-id") == ["SEND", "FAIL"]
    assert found.accounts()


def test_logs_of_another_type_keep_their_names():
    found = read(READER, HEAD.replace(b"Message Tracking Log", b"Connectivity Log") + ROW)
    assert found.batches[0].kind == "mail.exchange_log"
    assert found.column("message-subject") == ["x"]


def test_what_is_lost_is_said():
    found = read(READER, b"a,b\r\n" + HEAD + b"no comma\r\n" + ROW + b'when,"open\0,x\r\n')
    assert found.rows == 2
    assert found.odd == {"exchange.syntax": 2, "exchange.columns": 1, "time.invalid": 1}
    assert found.accounts()


def test_a_long_line_is_said():
    found = read(READER, HEAD + b"x," * 800_000 + b"\r\n" + ROW)
    assert found.rows == 1
    assert found.odd == {"line.too_long": 1}


@pytest.mark.parametrize(
    "head",
    [
        b"#Software: Microsoft Internet Information Services 10.0\n#Fields: date time c-ip\n",
        b"#Fields: date-time,client-ip\n",
        b"DateTime,RequestId\n1,2\n",
        b"",
    ],
)
def test_near_misses(head):
    assert READER.sniff(head, "x") == 0


def test_bids():
    assert READER.sniff(HEAD, "x") > 0.9
    assert READER.sniff(HEAD.partition(b"\n")[2], "x") > 0.9, "the type tells as well"
