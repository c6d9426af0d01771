from __future__ import annotations

import pytest

from trailhound.readers.pcap_flow import A, D, F, Flow, H, R, S, address, is_local, state
from trailhound.readers.pcap_packets import ICMP, TCP, UDP

KEY = bytes(36) + b"\x06\x04"


def flow(protocol=TCP, events=(), packets=(1, 1)):
    made = Flow(KEY, flipped=False, first=0, last=0, offset=0, facts=[], protocol=protocol)
    made.packets = list(packets)
    for side, did in events:
        made.did(side, did)
    return made


@pytest.mark.parametrize(
    ("events", "word", "history"),
    [
        ([(0, S)], "S0", "S"),
        ([(0, S), (1, R)], "REJ", "Sr"),
        ([(0, S), (1, H), (0, A)], "S1", "ShA"),
        ([(0, S), (1, H), (0, A), (0, D), (1, D | F), (0, F)], "SF", "ShADdfF"),
        ([(0, S), (1, H), (0, F)], "S2", "ShF"),
        ([(0, S), (1, H), (1, F)], "S3", "Shf"),
        ([(0, S), (1, H), (0, R)], "RSTO", "ShR"),
        ([(0, S), (1, H), (1, R)], "RSTR", "Shr"),
        ([(0, S), (1, H), (0, F), (1, F), (0, R)], "SF", "ShFfR"),
        ([(0, S), (0, R)], "RSTOS0", "SR"),
        ([(0, S), (0, F)], "SH", "SF"),
        ([(1, H), (1, R)], "RSTRH", "hr"),
        ([(1, H), (1, F)], "SHR", "hf"),
        ([(0, D), (1, A)], "OTH", "Da"),
        ([(0, S), (1, A)], "OTH", "Sa"),
    ],
)  # fmt: skip
def test_states_of_tcp(events, word, history):
    made = flow(events=events)
    assert (state(made), made.history) == (word, history)


@pytest.mark.parametrize(
    ("protocol", "packets", "word"),
    [(UDP, (1, 0), "S0"), (UDP, (0, 1), "SHR"), (UDP, (2, 1), "SF"), (ICMP, (1, 1), "OTH")],
)
def test_states_of_others(protocol, packets, word):
    assert state(flow(protocol, packets=packets)) == word


def test_bytes_sent_again_are_counted_once():
    made = flow()
    for sequence, size in ((100, 10), (110, 10), (105, 10), (100, 20), (119, 5), (99, 1)):
        made.carried(0, sequence % 2**32, size)
    assert made.bytes == [24, 0]


def test_sequence_numbers_wrap():
    made = flow()
    made.carried(1, 2**32 - 5, 10)
    made.carried(1, 5, 10)
    assert made.bytes == [0, 20]


def test_addresses():
    assert address(b"\xc0\x00\x02\x01" + bytes(12), 4) == "192.0.2.1"
    assert address(b"\x20\x01\x0d\xb8" + bytes(12), 6) == "2001:db8::"
    assert is_local("10.1.2.3")
    assert is_local("fe80::1")
    assert not is_local("192.0.2.1")
    assert not is_local("172.32.0.1")
