from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.readers.reading import read
from trailhound.readers.auditd import GUEST, OPEN_LINES, READER
from trailhound.text.timestamp import iso

CALL = "type=SYSCALL msg=audit(1795552860.100:{}): arch=c000003e syscall=59 success=yes"
FOLDER = 'type=CWD msg=audit(1795552860.100:{}): cwd="/tmp"'


def lines(*texts):
    return "".join(f"{text}\n" for text in texts).encode()


def test_records_of_one_event_are_one_row_wherever_they_stand():
    data = lines(CALL.format(1), CALL.format(2), FOLDER.format(1), FOLDER.format(2))
    found = read(READER, data)
    assert found.column("type") == [["SYSCALL", "CWD"]] * 2
    assert found.batches[0].raw(0) == lines(CALL.format(1), FOLDER.format(1))[:-1]
    assert found.accounts()


def test_events_are_joined_over_the_borders_of_blocks():
    between = [FOLDER.format(number) for number in range(10, 10 + OPEN_LINES - 2)]
    data = lines(CALL.format(1), *between, FOLDER.format(1))
    found = read(READER, data)
    assert found.rows == len(between) + 1
    assert found.column("type")[0] == ["SYSCALL", "CWD"]


def test_hosts_do_not_share_numbers():
    data = lines(f"node=a {CALL.format(1)}", f"node=b {FOLDER.format(1)}")
    assert read(READER, data).column("node") == ["a", "b"]


def test_what_ausearch_writes_between_events_is_known():
    data = lines("----", "time->Tue Nov 24 20:41:00 2026", CALL.format(1))
    found = read(READER, data)
    assert (found.rows, found.odd, found.accounts()) == (1, {}, True)
    assert READER.sniff(data, "x") == pytest.approx(0.95)


@pytest.mark.parametrize(
    "line",
    ["type=SYSCALL", "type=SYSCALL msg=audit(x:1): a=b", "msg=audit(1795552860.100:1): a=b", "x"],
)
def test_what_is_no_record_is_lost_and_said(line):
    found = read(READER, lines(line))
    assert (found.rows, found.odd, found.accounts()) == (0, {"auditd.syntax": 1}, True)
    assert READER.sniff(lines(line), "audit.log") == 0


@pytest.mark.parametrize(
    ("stamp", "utc"),
    [("1795552860.100:1", "2026-11-24T20:41:00.100000Z"), ("999999999999.100:1", "")],
)
def test_times(stamp, utc):
    data = lines(f"type=CWD msg=audit({stamp}): cwd=x")
    assert [iso(time) for time in read(READER, data).times()] == [utc]


@pytest.mark.parametrize(
    ("message", "claimed"),
    [
        ("audit: type=1400 audit(1795552860.100:1): apparmor=x", True),
        ("[ 12.5] audit: type=1400 audit(1795552860.100:1): apparmor=x", True),
        ("node=h type=CWD msg=audit(1795552860.100:1): cwd=x", True),
        ("audit: backlog limit exceeded", False),
        ("IN=eth0 OUT= type=1400", False),
    ],
)
def test_which_messages_of_syslog_are_records(message, claimed):
    assert GUEST.claims(message) is claimed


PIECES = st.sampled_from(
    ["type=PATH ", "msg=audit(1795552860.100:1): ", "name=", '"', "2E2F", "\n", " ", "\0", "a0=",
     "type=EXECVE ", "saddr=0200", "\x1d", "op=", "type=SYSCALL ", "arch=c000003e syscall=59 "]
)  # fmt: skip


@given(st.lists(PIECES, max_size=40).map("".join))
def test_any_text_is_accounted_for(text):
    found = read(READER, text.encode())
    assert found.accounts()
    assert all(batch.record(row) for batch in found.batches for row in range(batch.rows))
