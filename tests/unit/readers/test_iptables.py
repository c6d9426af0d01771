from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.readers.reading import read
from trailhound.model.batch import NO_TIME
from trailhound.readers.iptables import READER, claims, packet

PACKET = "IN=eth0 OUT= SRC=203.0.113.9 DST=192.0.2.10 LEN=44 DF PROTO=UDP SPT=1 DPT=53 LEN=24 SYN"


@pytest.mark.parametrize(
    ("prefix", "action", "shown"),
    [
        ("[UFW BLOCK] ", "blocked", "[UFW BLOCK]"),
        ("[ 12.3] nft-drop ", "blocked", "nft-drop"),
        ("DROP", "blocked", "DROP"),
        ("Shorewall:net2fw:ACCEPT:", "allowed", "Shorewall:net2fw:ACCEPT:"),
        ("[UFW AUDIT] ", "audited", "[UFW AUDIT]"),
        ("seen ", None, "seen"),
        ("", None, None),
    ],
)
def test_prefixes(prefix, action, shown):
    found = packet(prefix + PACKET)
    assert (found["action"], found["prefix"]) == (action, shown)
    assert found["SRC"] == "203.0.113.9"


@pytest.mark.parametrize(
    ("interfaces", "direction"),
    [
        ("IN=eth0 OUT=", "Inbound"),
        ("IN= OUT=eth0", "Outbound"),
        ("IN=eth0 OUT=eth1", "Forward"),
        ("IN= OUT=", None),
    ],
)
def test_directions(interfaces, direction):
    assert packet(PACKET.replace("IN=eth0 OUT=", interfaces))["direction"] == direction


def test_the_first_length_is_that_of_the_packet():
    assert packet(PACKET)["LEN"] == "44"


def test_flags():
    assert packet(PACKET)["flags"] == ["DF", "SYN"]
    assert packet(PACKET.replace(" DF", "").replace(" SYN", ""))["flags"] is None


def test_a_quoted_packet_is_not_the_packet():
    found = packet(f"{PACKET.replace(' SPT=1 DPT=53', '')} [SRC=1.1.1.1 DST=2.2.2.2 SPT=9 DPT=9 ]")
    assert (found["SRC"], found.get("DPT")) == ("203.0.113.9", None)


@pytest.mark.parametrize(
    "message",
    ["eth0: link up", "IN=eth0 SRC=1.2.3.4", "SRC=1 OUT= IN=", "IN=eth0 OUT=", "IN= OUT= DST=1"],
)
def test_what_is_no_packet_is_lost_and_said(message):
    assert not claims(message)
    found = read(READER, message.encode())
    assert (found.rows, found.odd, found.accounts()) == (0, {"iptables.syntax": 1}, True)


def test_bare_lines_have_no_time():
    found = read(READER, f"[   12.000012] {PACKET}\n<4>[ 13.1] {PACKET}\n".encode())
    assert found.times() == [NO_TIME, NO_TIME]
    assert found.column("prefix") == [None, None]


def test_bids():
    assert READER.sniff(f"[ 12.1] {PACKET}\n".encode(), "x") == pytest.approx(0.9)
    assert READER.sniff(b"[ 12.1] usb 1-1: new device\n", "dmesg") == 0
    assert READER.sniff(b"", "dmesg") == 0


PIECES = st.sampled_from([PACKET, "IN=", " OUT=", " SRC=", " [SRC=", " ", "\n", "\0", "[ 1.2] "])


@given(st.lists(PIECES, max_size=30).map("".join))
def test_any_text_is_accounted_for(text):
    found = read(READER, text.encode())
    assert found.accounts()
    assert all(
        batch.record(row) is not None for batch in found.batches for row in range(batch.rows)
    )


def test_hostile_lines_cost_little():
    started = process_time()
    for text in ("A" * 400_000, "A=" * 200_000, " A=" * 130_000, "IN= OUT= SRC=" * 30_000):
        read(READER, f"{PACKET} {text}".encode())
    assert process_time() - started < 2
