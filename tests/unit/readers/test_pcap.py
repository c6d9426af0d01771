from __future__ import annotations

import random
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.unit.readers.wire import ethernet, internet, pcap, read, tcp, udp
from trailhound.readers.pcap import READER

SAMPLES = Path(__file__).parents[2] / "golden/readers/pcap"


def test_bids_on_the_magic_number_only():
    assert READER.sniff(pcap([]), "x") == 1.0
    assert READER.sniff(pcap([], order=">"), "x") == 1.0
    assert READER.sniff(b"\xd4\xc3\xb2\xa1" + bytes(30), "a.pcap") == 0.0
    assert READER.sniff(b"text", "a.pcap") == 0.0


def test_frames_that_are_no_packets_are_counted_by_reason():
    frames = [
        (0, ethernet(bytes(40), 0x0806)),
        (1, ethernet(bytes(40), 0x0806)),
        (2, ethernet(internet(udp(1, 2, b"x"), 17, fragment=0x00B9))),
        (3, ethernet(internet(tcp(1, 2, 0, 2)[:12], 6))),
        (4, ethernet(internet(udp(1, 2, b"x"), 17))),
    ]
    found, budget = read(pcap(frames))
    assert len(found["conn"]) == 1
    details = {o.kind: o.detail for o in budget.oddities.kept}
    assert details["pcap.not_ip"].startswith("2 frames")
    assert set(details) == {"pcap.not_ip", "pcap.fragment", "pcap.malformed"}
    assert not budget.oddities.lost


def test_a_link_type_nobody_knows_is_lost_evidence():
    data = pcap([(0, bytes(60))], link=105)
    found, budget = read(data)
    assert found == {}
    assert budget.oddities.lost
    assert budget.parsed_bytes + 60 == len(data)


def test_mutated_captures_are_read_without_an_exception():
    samples = [(SAMPLES / name).read_bytes() for name in ("traffic.pcap", "traffic.pcapng")]
    chance = random.Random(7)
    for _ in range(150):
        data = bytearray(chance.choice(samples))
        for _ in range(chance.choice((1, 5, 50, 500))):
            data[chance.randrange(24, len(data))] = chance.randrange(256)
        damaged = bytes(data[: chance.randrange(200, len(data))])
        _, budget = read(damaged)
        lost = sum(o.length for o in budget.oddities.kept if o.lost)
        assert budget.parsed_bytes + lost == len(damaged)


def tshark(path, fields, chosen):
    program = shutil.which("tshark")
    if program is None:
        pytest.skip("tshark is not installed")
    arguments = [part for name in fields for part in ("-e", name)]
    command = [program, "-r", str(path), "-T", "fields", *arguments, "-Y", chosen]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return sorted(tuple(line.split("\t")) for line in done.stdout.splitlines())


@pytest.mark.parametrize("name", ["traffic.pcap", "traffic.pcapng"])
def test_tshark_reads_the_same(name):
    path = SAMPLES / name
    found, _ = read(path.read_bytes())
    asked = tshark(path, ("http.request.method", "http.request.uri"), "http.request")
    assert asked == sorted((one["method"], one["uri"]) for one in found["http"])
    hellos = tshark(
        path,
        ("tls.handshake.extensions_server_name", "tls.handshake.ja3"),
        "tls.handshake.type == 1",
    )
    assert hellos == sorted((one["server_name"], one["ja3"]) for one in found["ssl"])
    answers = tshark(path, ("tls.handshake.ja3s",), "tls.handshake.type == 2")
    assert answers == sorted((one["ja3s"],) for one in found["ssl"])
    names = tshark(path, ("dns.id", "dns.qry.name"), "dns.flags.response == 1")
    assert [(int(number, 16), text) for number, text in names] == sorted(
        (one["trans_id"], one["query"]) for one in found["dns"]
    )
    packets = tshark(path, ("tcp.stream",), "tcp")
    flows = [one for one in found["conn"] if one["proto"] == "tcp"]
    assert len(set(packets)) == len(flows)
    assert len(packets) == sum(one["orig_pkts"] + one["resp_pkts"] for one in flows)
