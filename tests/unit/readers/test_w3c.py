from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.readers.reading import read
from trailhound.readers.w3c import READER
from trailhound.text.timestamp import iso

HEAD = "#Fields: date time c-ip cs-method cs-uri-stem cs(User-Agent)\n"
ROW = "2026-11-03 08:12:01 203.0.113.9 GET /a Mozilla/5.0+(X11)\n"


def kinds(fields):
    row = " ".join(["-"] * len(fields.split()))
    return [batch.kind for batch in read(READER, f"#Fields: {fields}\n{row}\n".encode()).batches]


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ("date time c-ip cs-method", "webserver.iis"),
        ("date time c-ip cs-uri-stem cs-uri-query", "webserver.iis"),
        ("date time c-ip cs-method s-action", "proxy.w3c"),
        ("date time c-ip cs-username r-host r-ip", "proxy.w3c"),
        ("date time x-edge-location c-ip cs-method", "webserver.cloudfront"),
        ("date time action protocol src-ip dst-ip", "firewall.windows"),
        ("date time src-ip dst-ip x", "w3c.log"),
    ],
)
def test_fields_show_what_a_log_is(fields, kind):
    assert kinds(fields) == [kind]


def test_a_header_in_the_middle_renames_what_follows():
    data = (
        HEAD + ROW + "#Fields: cs-method c-ip time\n#Date: 2026-11-04 00:00:00\nPUT ::1 00:00:09\n"
    )
    found = read(READER, data.encode())
    assert found.column("cs-method") == ["GET", "PUT"]
    assert [iso(time) for time in found.times()] == [
        "2026-11-03T08:12:01.000000Z",
        "2026-11-04T00:00:09.000000Z",
    ]
    assert found.accounts()


@pytest.mark.parametrize(
    ("line", "agent"),
    [
        ("2026-11-03\t08:12:01\t::1\tGET\t/a\tx y", "x y"),
        ('2026-11-03 08:12:01 ::1 GET /a "x y"', "x y"),
        ("2026-11-03 08:12:01 ::1  GET /a x", "x"),
    ],
)
def test_what_may_part_values(line, agent):
    found = read(READER, f"{HEAD}{ROW}{line}\n".encode())
    assert (found.column("cs(User-Agent)")[1], found.odd) == (agent, {})


@pytest.mark.parametrize("line", ["a", "2026-11-03 08:12:01 ::1 GET /a b c", "x" * 5000, '"'])
def test_another_number_of_values_is_lost_and_said(line):
    found = read(READER, f"{HEAD}{line}\n{ROW}".encode())
    assert (found.rows, found.odd, found.accounts()) == (1, {"w3c.columns": 1}, True)


def test_lines_above_the_fields_are_lost_and_said():
    found = read(READER, f"#Version: 1.0\n{ROW}{HEAD}{ROW}".encode())
    assert (found.rows, found.odd, found.accounts()) == (1, {"w3c.no_header": 1}, True)


@pytest.mark.parametrize(
    ("date", "clock", "utc"),
    [
        ("2026-11-03", "08:12:01", "2026-11-03T08:12:01.000000Z"),
        ("2026-11-03", "08:12:60", "2026-11-03T08:12:59.999999Z"),
        ("2026-11-03", "08:12:01.25", "2026-11-03T08:12:01.250000Z"),
        ("2026-02-30", "08:12:01", ""),
        ("2026-11-03", "25:12:01", ""),
        ("-", "-", ""),
    ],
)
def test_times(date, clock, utc):
    found = read(READER, f"{HEAD}{date} {clock} ::1 GET / x\n".encode(), zone="Europe/Berlin")
    assert [iso(time) for time in found.times()] == [utc]
    assert found.odd == ({} if utc else {"time.invalid": 1})


@pytest.mark.parametrize(
    ("zone", "utc", "basis"),
    [
        ("", "2026-07-03T08:12:01.000000Z", "zone_assumed"),
        ("Europe/Berlin", "2026-07-03T06:12:01.000000Z", "exact"),
    ],
)
def test_local_times(zone, utc, basis):
    row = ROW.replace("-11-", "-07-")
    found = read(READER, f"#Time Format: Local\n{HEAD}{row}".encode(), zone=zone)
    assert [iso(time) for time in found.times()] == [utc]
    assert found.batches[0].time_basis == basis


def test_bids():
    assert READER.sniff((HEAD + ROW).encode(), "x") == pytest.approx(0.95)
    assert READER.sniff(b"#Software: x\n#Version: 1.0\n" + HEAD.encode(), "x") > 0.9
    assert READER.sniff(b"#Fields: date-time,client-ip,a,b\n", "x") == 0
    assert READER.sniff(b"#fields\tts\tuid\n", "conn.log") == 0
    assert READER.sniff(ROW.encode(), "u_ex261103.log") == 0
    assert READER.sniff(b"", "x") == 0


PIECES = st.sampled_from([HEAD, ROW, "#Fields:", "#", "-", " ", "\t", '"', "\n", "08:12", "\0"])


@given(st.lists(PIECES, max_size=30).map("".join))
def test_any_text_is_accounted_for(text):
    found = read(READER, text.encode())
    assert found.accounts()
    assert all(
        batch.record(row) is not None for batch in found.batches for row in range(batch.rows)
    )


def test_hostile_lines_cost_little():
    started = process_time()
    for text in ('"' * 400_000, " " * 400_000, "a " * 200_000, "\t" * 400_000):
        read(READER, f"{HEAD}{text}\n".encode())
    assert process_time() - started < 2
