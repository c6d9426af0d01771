from __future__ import annotations

import io
import struct

import pytest

from tests.unit.readers.wire import (
    ACK,
    CLIENT,
    SERVER,
    SYN,
    ethernet,
    internet,
    internet6,
    pcap,
    tcp,
    udp,
)  # fmt: skip
from trailhound.model.limits import Budget
from trailhound.readers.pcap_flow import address
from trailhound.readers.pcap_frames import frames
from trailhound.readers.pcap_packets import KEY_BYTES, packets

PACKET = internet(tcp(50_000, 443, 7, SYN | ACK, b"hello"), 6)


def decode(frame, link=1, snap=262_144):
    data = pcap([(0, frame)], link=link, snap=snap)
    (block,) = frames(io.BytesIO(data), data[:64], Budget())
    return block, packets(block)


def ends(found):
    """Give sender, its port, receiver, its port, protocol."""
    key = found.keys[:KEY_BYTES]
    pair = [
        (address(key[at : at + 16], key[37]), key[at + 16] << 8 | key[at + 17]) for at in (0, 18)
    ]
    first, second = reversed(pair) if found.swapped[0] else pair
    return *first, *second, key[36]


@pytest.mark.parametrize(
    ("frame", "link"),
    [
        (ethernet(PACKET), 1),
        (bytes(12) + b"\x81\x00\x00\x05\x08\x00" + PACKET, 1),
        (bytes(12) + b"\x88\xa8\x00\x05\x81\x00\x00\x06\x08\x00" + PACKET, 1),
        (ethernet(b"\x11\x00\x00\x01" + struct.pack(">HH", len(PACKET) + 2, 0x21) + PACKET, 0x8864), 1),
        (bytes(14) + b"\x08\x00" + PACKET, 113),
        (b"\x08\x00" + bytes(18) + PACKET, 276),
        (PACKET, 101),
        (PACKET, 12),
        (b"\x02\x00\x00\x00" + PACKET, 0),
        (b"\x00\x00\x00\x02" + PACKET, 108),
        (ethernet(internet(tcp(50_000, 443, 7, SYN | ACK, b"hello"), 6, options=bytes(8))), 1),
    ],
)  # fmt: skip
def test_link_layers(frame, link):
    block, found = decode(frame, link)
    assert ends(found) == (CLIENT, 50_000, SERVER, 443, 6)
    assert (found.flags[0], found.sequence[0]) == (SYN | ACK, 7)
    assert (found.payload[0], found.captured[0]) == (5, 5)
    start = int(found.start[0])
    assert block.data[start : start + 5] == b"hello"


def test_padding_of_short_frames_is_no_payload():
    _, found = decode(ethernet(internet(tcp(1, 2, 0, ACK), 6)) + bytes(6))
    assert found.payload.tolist() == [0]


@pytest.mark.parametrize(
    ("chain", "first"),
    [(b"", 17), (b"\x11\x00" + bytes(6), 0), (b"\x2b\x00" + bytes(6) + b"\x11\x01" + bytes(14), 60),
     (b"\x11\x04" + bytes(22), 51)],
)  # fmt: skip
def test_extension_headers_of_ipv6(chain, first):
    frame = ethernet(internet6(chain + udp(1000, 53, b"abc"), first), 0x86DD)
    _, found = decode(frame)
    assert ends(found) == ("2001:db8::10", 1000, "2001:db8::80", 53, 17)
    assert found.payload.tolist() == [3]


def test_fragments_of_either_version():
    first = internet6(b"\x11\x00\x00\x01" + bytes(4) + udp(1, 53, b"abc"), 44)
    later = internet6(b"\x11\x00\x00\x11" + bytes(4) + b"rest of it", 44)
    assert decode(ethernet(first, 0x86DD))[1].payload.tolist() == [3]
    _, found = decode(ethernet(later, 0x86DD))
    assert (len(found.frames), found.skipped["fragment"].tolist()) == (0, [0])
    _, found = decode(ethernet(internet(b"rest of it", 17, fragment=185)))
    assert found.skipped["fragment"].tolist() == [0]


def test_a_packet_captured_in_part_keeps_its_length():
    _, found = decode(ethernet(internet(udp(1, 53, bytes(500)), 17)), snap=60)
    assert (found.payload.tolist(), found.captured.tolist()) == ([500], [18])
    assert found.skipped["short"].tolist() == [0]


def test_a_length_of_zero_is_the_length_on_the_wire():
    packet = bytearray(internet(tcp(1, 2, 0, ACK, bytes(3000)), 6))
    packet[2:4] = b"\0\0"
    assert decode(ethernet(bytes(packet)))[1].payload.tolist() == [3000]


@pytest.mark.parametrize(
    "frame",
    [
        ethernet(b""), ethernet(b"\x45"), ethernet(PACKET[:30]), ethernet(b"\x42" + PACKET[1:]),
        ethernet(b"\x65" + PACKET[1:]), ethernet(bytes(60)), b"", bytes(5),
        ethernet(internet6(b"\x2b\xff", 0), 0x86DD),
    ],
)  # fmt: skip
def test_what_is_cut_off_or_false_gives_no_packet(frame):
    _, found = decode(frame)
    assert not len(found.frames)


def test_an_echo_and_its_reply_have_one_key():
    echo, reply = b"\x08\x00" + bytes(10), b"\x00\x00" + bytes(10)
    _, first = decode(ethernet(internet(echo, 1)))
    _, second = decode(ethernet(internet(reply, 1, SERVER, CLIENT)))
    assert first.keys == second.keys
    assert first.swapped[0] != second.swapped[0]
    assert (ends(first)[1], ends(first)[3]) == (8, 0)
