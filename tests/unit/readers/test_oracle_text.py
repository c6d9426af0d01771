from __future__ import annotations

import pytest

from tests.unit.readers.reading import read
from trailhound.readers.oracle_text import GUEST, READER, parsed
from trailhound.text.timestamp import iso

RECORD = (
    b"Wed Nov  4 09:00:00 2026\nLENGTH : '160'\nACTION :[7] 'CONNECT'\nDATABASE USER:[1] '/'\n"
    b"STATUS:[1] '0'\n"
)


def test_stamps_are_local():
    found = read(READER, RECORD * 2, zone="Europe/Berlin")
    assert [iso(time)[:19] for time in found.times()] == ["2026-11-04T08:00:00"] * 2
    assert found.column("DBUSERNAME") == ["/", "/"]
    assert found.accounts()


def test_records_over_borders_of_blocks(monkeypatch):
    monkeypatch.setattr("trailhound.readers.lines.BLOCK_BYTES", 40)
    found = read(READER, RECORD * 5)
    assert found.column("ACTION_NAME") == ["CONNECT"] * 5
    assert found.accounts()


@pytest.mark.parametrize(
    ("message", "wanted"),
    [
        ('TYPE:"4" DBUSER:"A" ACTION:"3" RETCODE:"942" OBJNAME:"EMP"',
         {"DBUSERNAME": "A", "ACTION_NAME": "3", "RETURN_CODE": "942", "OBJECT_NAME": "EMP"}),
        ("ACTION :[9] 'drop user' STATUS:[1] '0'",
         {"ACTION_NAME": "DROP", "SQL_TEXT": "drop user", "RETURN_CODE": "0"}),
        ("ACTION :[0] '' CLIENT USER:[1] 'o'", {"ACTION_NAME": None, "OS_USERNAME": "o"}),
        ("nothing", {"ACTION_NAME": None}),
    ],
)  # fmt: skip
def test_fields(message, wanted):
    found = parsed(message)
    assert {name: found.get(name) for name in wanted} == wanted


def test_claims():
    assert GUEST.claims("Oracle Audit[12]: LENGTH : '155' ACTION :[3] '100'")
    assert GUEST.claims("Oracle Unified Audit[12]: LENGTH: '202' TYPE:\"4\"")
    assert not GUEST.claims("Oracle Audit[12]: stopped")
    assert not GUEST.claims("the LENGTH : '155'")


@pytest.mark.parametrize(
    "head", [b"Wed Nov  4 09:00:00 2026\nconnected\n", b"LENGTH : '1'\n", b"Audit file x\n", b""]
)
def test_near_misses(head):
    assert READER.sniff(head, "x") == 0


def test_hostile_messages_stay_cheap():
    for text in ("A:[" * 100_000, "'" * 200_000, "A :[1] '" * 50_000, 'A:"' * 100_000):
        parsed(text)
