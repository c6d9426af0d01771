"""Writes packets and captures for tests, header by header."""

from __future__ import annotations

import io
import ipaddress
import struct

from trailhound.model.limits import Budget
from trailhound.model.source import HEAD_BYTES, Source
from trailhound.readers.pcap import READER

CLIENT, SERVER = "192.0.2.10", "198.51.100.80"
FIN, SYN, RST, PUSH, ACK = 1, 2, 4, 8, 16
START = 1_767_607_200_000_000


def ethernet(payload: bytes, kind: int = 0x0800) -> bytes:
    return bytes(12) + struct.pack(">H", kind) + payload


def internet(payload, protocol, source=CLIENT, target=SERVER, *, fragment=0, options=b"") -> bytes:
    ends = ipaddress.ip_address(source).packed + ipaddress.ip_address(target).packed
    words = 5 + len(options) // 4
    head = struct.pack(
        ">BBHHHBBH", 0x40 | words, 0, words * 4 + len(payload), 1, fragment, 64, protocol, 0
    )
    return head + ends + options + payload


def internet6(payload: bytes, protocol: int, source="2001:db8::10", target="2001:db8::80"):
    ends = ipaddress.ip_address(source).packed + ipaddress.ip_address(target).packed
    return struct.pack(">IHBB", 6 << 28, len(payload), protocol, 64) + ends + payload


def tcp(source, target, sequence, flags, payload=b"", *, acknowledged=0) -> bytes:
    numbers = (source, target, sequence % 2**32, acknowledged % 2**32, 0x50, flags, 1000, 0, 0)
    return struct.pack(">HHIIBBHHH", *numbers) + payload


def udp(source, target, payload=b""):
    return struct.pack(">HHHH", source, target, 8 + len(payload), 0) + payload


def pcap(frames, *, order="<", nanoseconds=False, link=1, snap=262_144) -> bytes:
    """Write a capture of (microseconds after START, frame) pairs."""
    magic = 0xA1B23C4D if nanoseconds else 0xA1B2C3D4
    out = [struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, snap, link)]
    for after, frame in frames:
        time, kept = START + after, frame[:snap]
        fraction = time % 1_000_000 * (1000 if nanoseconds else 1)
        out.append(struct.pack(order + "IIII", time // 1_000_000, fraction, len(kept), len(frame)))
        out.append(kept)
    return b"".join(out)


def option(code: int, value: bytes, order="<") -> bytes:
    return struct.pack(order + "HH", code, len(value)) + value + bytes(-len(value) % 4)


def block(kind: int, body: bytes, order="<") -> bytes:
    body += bytes(-len(body) % 4)
    size = struct.pack(order + "I", len(body) + 12)
    return struct.pack(order + "I", kind) + size + body + size


def section(order="<") -> bytes:
    return block(0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1), order)


def interface(link=1, snap=0, options=b"", order="<") -> bytes:
    return block(1, struct.pack(order + "HHI", link, 0, snap) + options, order)


def enhanced(frame: bytes, ticks: int, number=0, order="<") -> bytes:
    head = struct.pack(
        order + "IIIII", number, ticks >> 32, ticks & 0xFFFFFFFF, len(frame), len(frame)
    )
    return block(6, head + frame, order)


class Conversation:
    """A TCP connection written packet by packet, 1 ms apart."""

    def __init__(self, port=80, source=50_000, start=0):
        self.frames: list[tuple[int, bytes]] = []
        self.ports = (source, port)
        self.next = [1000, 2**32 - 5]
        self.at = start

    def send(self, side, payload=b"", flags=ACK, sequence=None):
        ends = (CLIENT, SERVER) if side == 0 else (SERVER, CLIENT)
        ports = self.ports if side == 0 else self.ports[::-1]
        number = self.next[side] if sequence is None else sequence
        segment = tcp(*ports, number, flags, payload, acknowledged=self.next[1 - side])
        self.frames.append((self.at, ethernet(internet(segment, 6, *ends))))
        self.at += 1000
        if sequence is None:
            self.next[side] += len(payload) + bool(flags & SYN) + bool(flags & FIN)
        return self

    def open(self):
        return self.send(0, flags=SYN).send(1, flags=SYN | ACK).send(0)

    def close(self):
        return self.send(0, flags=FIN | ACK).send(1, flags=FIN | ACK).send(0)


def read(data: bytes):
    """Read a capture; give records by kind (without `pcap.`) and the budget."""
    budget = Budget()
    source = Source("a.pcap", lambda: io.BytesIO(data), data[:HEAD_BYTES], size=len(data))
    found: dict[str, list[dict]] = {}
    for batch in READER.read(source, budget):
        for row in range(batch.rows):
            found.setdefault(batch.kind.removeprefix("pcap."), []).append(batch.record(row))
    return found, budget
