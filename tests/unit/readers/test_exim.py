from __future__ import annotations

import pytest

from tests.unit.readers.reading import read
from trailhound.readers.exim import READER
from trailhound.text.timestamp import iso

LINE = b"2026-11-04 09:00:00 1xVybd-0005ov-1V <= a@x H=[192.0.2.1] P=esmtp S=9\n"


@pytest.mark.parametrize("stamp", [b"09:00:00", b"09:00:00.123", b"09:00:00 [77]"])
def test_stamps_are_local(stamp):
    found = read(READER, LINE.replace(b"09:00:00", stamp), zone="Europe/Berlin")
    assert iso(found.times()[0])[:19] == "2026-11-04T08:00:00"
    assert found.column("client_ip") == ["192.0.2.1"]
    assert found.accounts()


def test_a_zone_in_the_log_wins():
    found = read(READER, LINE.replace(b"09:00:00", b"09:00:00 +0300"), zone="Europe/Berlin")
    assert iso(found.times()[0])[:19] == "2026-11-04T06:00:00"
    assert found.batches[0].time_basis == "exact"


def test_the_same_under_syslog():
    line = b"Nov  4 09:00:00 mail exim[7]: " + LINE[20:]
    assert READER.sniff(line * 3, "x") > 0.8
    assert read(READER, line).column("size") == [9]


@pytest.mark.parametrize(
    "head", [b"2026-11-04 09:00:00 status installed exim4:amd64 4.96\n", b"2026-11-04 09:00:00 x\n"]
)
def test_near_misses(head):
    assert READER.sniff(head, "x") == 0
