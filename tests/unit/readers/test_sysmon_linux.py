from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.readers.reading import read
from trailhound.readers.sysmon_linux import READER, claims, fields_of
from trailhound.text.timestamp import iso

EVENT = (
    '<Event><System><Provider Name="Linux-Sysmon" Guid="{g}"/><EventID>1</EventID><Level>4</Level>'
    '<TimeCreated SystemTime="2026-11-03T08:12:01.749450000Z"/><EventRecordID>7</EventRecordID>'
    '<Execution ProcessID="965" ThreadID="966"/><Channel>Linux-Sysmon/Operational</Channel>'
    '<Computer>web01</Computer><Security UserId="0"/></System><EventData>'
    '<Data Name="Image">/bin/a &amp; b</Data><Data Name="User">-</Data></EventData></Event>'
)


def test_fields_of_both_parts():
    found = fields_of(EVENT)
    assert found is not None
    assert (found["EventID"], found["Provider_Name"], found["Computer"]) == (
        "1", "Linux-Sysmon", "web01",
    )  # fmt: skip
    assert found["Image"] == "/bin/a & b"
    assert "User" not in found


def test_the_id_is_the_route_and_the_time_that_of_the_event():
    data = f"{EVENT}\n{EVENT.replace('<EventID>1<', '<EventID>11<')}\n".encode()
    found = read(READER, data)
    assert [batch.route for batch in found.batches] == [{"EventID": "1"}, {"EventID": "11"}]
    assert {iso(time) for time in found.times()} == {"2026-11-03T08:12:01.749450Z"}
    assert found.accounts()


@pytest.mark.parametrize(
    "line", ["x", EVENT[:200], "<Event></Event>", "<Event><System></Event>", EVENT + "x"]
)
def test_what_is_no_event_is_lost_and_said(line):
    found = read(READER, line.encode())
    assert (found.rows, found.odd, found.accounts()) == (0, {"sysmon.syntax": 1}, True)


def test_which_messages_are_events():
    assert claims(EVENT)
    assert claims(f"{EVENT} ")
    assert not claims("started")
    assert not claims(EVENT[:300])


def test_bids():
    assert READER.sniff(f"{EVENT}\nx\n".encode(), "x") == pytest.approx(0.97)
    windows = EVENT.replace("Linux-Sysmon", "Microsoft-Windows-Sysmon")
    assert READER.sniff(windows.encode(), "sysmon.log") == 0
    assert READER.sniff(b"", "x") == 0


PIECES = st.sampled_from([EVENT, "<Event>", "</Event>", "<System>", "<Data Name=", "\n", "&", "\0"])


@given(st.lists(PIECES, max_size=20).map("".join))
def test_any_text_is_accounted_for(text):
    found = read(READER, text.encode())
    assert found.accounts()
    assert all(batch.record(row) for batch in found.batches for row in range(batch.rows))


def test_hostile_lines_cost_little():
    started = process_time()
    for text in ("<a>" * 100_000, "<" * 300_000, "<Data Name='" * 30_000, "&" * 300_000):
        fields_of(f"<Event><System>{text}</Event>")
    assert process_time() - started < 3
