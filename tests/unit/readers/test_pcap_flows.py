from __future__ import annotations

import pytest

from tests.unit.readers.wire import (
    ACK,
    CLIENT,
    FIN,
    RST,
    SERVER,
    SYN,
    Conversation,
    ethernet,
    internet,
    pcap,
    read,
    tcp,
    udp,
)  # fmt: skip
from trailhound.readers import pcap_flows

SECOND = 1_000_000


def connections(frames):
    found, budget = read(pcap(frames))
    return found["conn"], budget


def datagram(source, target, at, sender=CLIENT, receiver=SERVER):
    return at, ethernet(internet(udp(source, target, b"x"), 17, sender, receiver))


def test_a_connection_from_begin_to_end():
    talk = Conversation(port=9000).open().send(0, b"ask").send(1, b"answer").close()
    (one,), _ = connections(talk.frames)
    expected = {
        "id.orig_h": CLIENT, "id.orig_p": 50_000, "id.resp_h": SERVER, "id.resp_p": 9000,
        "proto": "tcp", "orig_bytes": 3, "resp_bytes": 6, "orig_pkts": 5, "resp_pkts": 3,
        "conn_state": "SF", "history": "ShADdFf", "duration": 0.007, "local_orig": False,
    }  # fmt: skip
    assert {name: one[name] for name in expected} == expected
    assert one["orig_ip_bytes"] == 5 * 40 + 3


def test_who_began_is_known_without_the_first_packet():
    talk = Conversation(port=443).open().send(1, b"x").close()
    for cut in (1, 3):
        (one,), _ = connections(talk.frames[cut:])
        assert (one["id.orig_p"], one["id.resp_p"]) == (50_000, 443), cut
    (one,), _ = connections([datagram(53, 4000, 0, SERVER, CLIENT)])
    assert (one["id.orig_p"], one["id.resp_p"], one["conn_state"]) == (4000, 53, "SHR")


def test_silence_parts_connections():
    gaps = [0, 59 * SECOND, 130 * SECOND]
    found, _ = connections([datagram(5000, 6000, at) for at in gaps])
    assert [one["orig_pkts"] for one in found] == [2, 1]
    assert found[0]["uid"] != found[1]["uid"]


def test_tcp_may_be_silent_for_longer():
    talk = Conversation(port=22, start=0).open()
    talk.at = 299 * SECOND
    talk.send(0, b"x")
    talk.at = 620 * SECOND
    talk.send(0, b"x")
    found, _ = connections(talk.frames)
    assert [one["orig_pkts"] for one in found] == [3, 1]


def test_ports_used_again_are_another_connection():
    first = Conversation().open().close()
    second = Conversation(start=first.at).open().close()
    found, _ = connections(first.frames + second.frames)
    assert [one["conn_state"] for one in found] == ["SF", "SF"]


def test_a_syn_sent_again_is_the_same_connection():
    talk = (
        Conversation().send(0, flags=SYN).send(0, flags=SYN, sequence=1000).send(1, flags=RST | ACK)
    )
    (one,), _ = connections(talk.frames)
    assert (one["orig_pkts"], one["conn_state"]) == (2, "REJ")


def test_blocks_change_nothing(monkeypatch):
    frames = Conversation().open().send(0, b"x" * 900).send(1, b"y" * 900).close().frames
    frames += [datagram(n, 53, 100_000 + n) for n in range(1000, 1100)]
    whole, _ = connections(frames)
    monkeypatch.setattr("trailhound.readers.pcap_frames.BLOCK_BYTES", 300)
    small, _ = connections(frames)
    key = lambda one: one["uid"]  # noqa: E731
    assert sorted(small, key=key) == sorted(whole, key=key)


def test_too_many_connections_end_the_oldest_and_say_so(monkeypatch):
    monkeypatch.setattr(pcap_flows, "MOST_FLOWS", 50)
    monkeypatch.setattr(pcap_flows, "KEPT_FLOWS", 40)
    monkeypatch.setattr("trailhound.readers.pcap_frames.BLOCK_BYTES", 2000)
    found, budget = connections([datagram(n, 9999, n) for n in range(1000, 1200)])
    assert len(found) == 200
    assert budget.oddities.counts == {"limit.open_connections": 1}


@pytest.mark.parametrize("flags", [FIN | SYN | RST | ACK, 0, 255])
def test_odd_flags_do_no_harm(flags):
    (one,), _ = connections([(0, ethernet(internet(tcp(1, 2, 0, flags), 6)))])
    assert one["orig_pkts"] + one["resp_pkts"] == 1


def test_other_protocols_have_a_name():
    (one,), _ = connections([(0, ethernet(internet(bytes(20), 47)))])
    assert (one["proto"], one["id.orig_p"]) == ("gre", 0)
    (one,), _ = connections([(0, ethernet(internet(bytes(20), 200)))])
    assert one["proto"] == "ip-200"
