"""Frames to packets, a block at a time: link layer, IP and transport headers as numpy columns.

Reading headers field by field in Python costs ten times as much as the rest of the work; gathered
for all frames of a block at once it costs next to nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from trailhound.readers.pcap_frames import Frames

    Ints = npt.NDArray[np.int64]
    Flags = npt.NDArray[np.bool_]

IPV4, IPV6 = 0x0800, 0x86DD
TCP, UDP, ICMP, ICMP6 = 6, 17, 1, 58
TAGS = (0x8100, 0x88A8, 0x9100)
PPPOE = 0x8864
MOST_TAGS = 4
EXTENSIONS = (0, 43, 51, 60)
FRAGMENT = 44
MOST_EXTENSIONS = 8
FIN, SYN, RST, ACK = 1, 2, 4, 16
KEY_BYTES = 38
"""Two endpoints of 16 bytes of address and 2 of port, protocol, version of IP."""
LINKS = {
    1: (12, 14), 113: (14, 16), 276: (0, 20), 0: (None, 4), 108: (None, 4),
    12: (None, 0), 14: (None, 0), 101: (None, 0), 228: (None, 0), 229: (None, 0),
}  # fmt: skip
"""Link type: where its 16 bits of protocol stand (None: the IP version tells), where it ends.

Ethernet, Linux cooked 1 and 2, BSD loopback (two numbers), raw IP (five numbers).
"""
PARTNERS = {8: 0, 0: 8, 13: 14, 14: 13, 15: 16, 16: 15, 17: 18, 18: 17}
PARTNERS6 = {128: 129, 129: 128, 133: 134, 134: 133, 135: 136, 136: 135}
"""ICMP types that answer one another: both belong to one exchange."""


@dataclass(frozen=True, slots=True)
class Packets:
    """Columns of the packets of a block.

    Attributes:
        frames: positions of the frames the packets were in.
        keys: both endpoints (the lower first), protocol and IP version, `KEY_BYTES` each.
        swapped: the sender is the second endpoint of the key.
        flags, sequence: of TCP, else 0.
        length: bytes of IP; payload, start, captured: bytes of payload on the wire, where they
            begin in the block's data, how many of them were captured.
        skipped: frames that gave no packet or only the beginning of one, by reason.
    """

    frames: Ints
    keys: bytes
    swapped: Flags
    flags: Ints
    sequence: Ints
    length: Ints
    payload: Ints
    start: Ints
    captured: Ints
    skipped: dict[str, Ints]


class _Cursor:
    """Gathers numbers at a place of each frame; behind the end of a block stand zeros."""

    def __init__(self, frames: Frames) -> None:
        self.data = np.frombuffer(frames.data + bytes(64), dtype=np.uint8)
        self._last = len(self.data) - 1

    def u8(self, at: Ints) -> Ints:
        return self.data[np.minimum(at, self._last)].astype(np.int64)

    def u16(self, at: Ints) -> Ints:
        return self.u8(at) << 8 | self.u8(at + 1)

    def u32(self, at: Ints) -> Ints:
        return self.u16(at) << 16 | self.u16(at + 2)

    def block(self, at: Ints, length: int) -> npt.NDArray[np.uint8]:
        places = np.minimum(at[:, None] + np.arange(length), self._last)
        found: npt.NDArray[np.uint8] = self.data[places]
        return found


@dataclass(slots=True)
class _Internet:
    """IP headers: where they begin, their version, protocol, first byte of transport, lengths."""

    at: Ints
    version: Ints
    protocol: Ints
    transport: Ints
    length: Ints
    fragment: Ints


def packets(frames: Frames) -> Packets:
    """Decode the frames of a block."""
    cursor = _Cursor(frames)
    at, kind = _network(cursor, frames)
    skipped = {"link": np.flatnonzero(kind == -1), "not_ip": np.flatnonzero(kind == 0)}
    ip = _internet(cursor, frames, at, kind)
    stop = frames.starts + frames.captured
    needed = np.select([ip.protocol == TCP, ip.protocol == UDP], [20, 8], 4)
    whole = (ip.version > 0) & (ip.transport + needed <= stop)
    later = whole & (ip.fragment > 0)
    skipped["fragment"] = np.flatnonzero(later)
    skipped["malformed"] = np.flatnonzero((kind > 0) & ~whole)
    skipped["short"] = np.flatnonzero(whole & ~later & (ip.at + ip.length > stop))
    return _transport(cursor, frames, ip, np.flatnonzero(whole & ~later), skipped)


def _network(cursor: _Cursor, frames: Frames) -> tuple[Ints, Ints]:
    """Give where the network layer begins and what it is: IPV4, IPV6, 0 other, -1 unknown link."""
    at = frames.starts.copy()
    kind = np.full(len(at), -1, dtype=np.int64)
    for link in np.unique(frames.links).tolist():
        if link not in LINKS:
            continue
        place, length = LINKS[link]
        mine = frames.links == link
        at[mine] += length
        kind[mine] = 0 if place is None else cursor.u16(frames.starts[mine] + place)
        if place is None:
            kind[mine] = _by_version(cursor, at[mine])
    kind = _without_tags(cursor, at, kind)
    return at, np.where(np.isin(kind, (IPV4, IPV6, -1)), kind, 0)


def _by_version(cursor: _Cursor, at: Ints) -> Ints:
    version = cursor.u8(at) >> 4
    return np.select([version == 4, version == 6], [IPV4, IPV6], 0)


def _without_tags(cursor: _Cursor, at: Ints, kind: Ints) -> Ints:
    """Move behind VLAN tags and PPPoE headers; changes `at`."""
    for _ in range(MOST_TAGS):
        tagged = np.isin(kind, TAGS)
        if not tagged.any():
            break
        kind[tagged] = cursor.u16(at[tagged] + 2)
        at[tagged] += 4
    dialled = kind == PPPOE
    if dialled.any():
        inner = cursor.u16(at[dialled] + 6)
        kind[dialled] = np.select([inner == 0x21, inner == 0x57], [IPV4, IPV6], 0)
        at[dialled] += 8
    return kind


def _internet(cursor: _Cursor, frames: Frames, at: Ints, kind: Ints) -> _Internet:
    """Read IP headers of either version; a version of 0 says that there is none."""
    version = np.where(kind > 0, cursor.u8(at) >> 4, 0)
    four, six = (version == 4) & (kind == IPV4), (version == 6) & (kind == IPV6)
    header = np.where(four, (cursor.u8(at) & 15) * 4, 40)
    four &= header >= 20
    on_wire = frames.wire - (at - frames.starts)
    told = np.where(four, cursor.u16(at + 2), cursor.u16(at + 4) + 40)
    empty = np.where(four, told == 0, told == 40)  # the sender's network card cut it later
    ip = _Internet(
        at,
        np.select([four, six], [4, 6], 0),
        np.where(four, cursor.u8(at + 9), cursor.u8(at + 6)),
        at + header,
        np.where(empty, on_wire, told),
        np.where(four, cursor.u16(at + 6) & 0x1FFF, 0),
    )
    if six.any():
        _extensions(cursor, ip)
    return ip


def _extensions(cursor: _Cursor, ip: _Internet) -> None:
    """Move behind the extension headers of IPv6."""
    for _ in range(MOST_EXTENSIONS):
        more = (ip.version == 6) & np.isin(ip.protocol, (*EXTENSIONS, FRAGMENT))
        if not more.any():
            return
        at, protocol = ip.transport[more], ip.protocol[more]
        size = cursor.u8(at + 1)
        known = [protocol == FRAGMENT, protocol == 51]
        length = np.select(known, [8, (size + 2) * 4], size * 8 + 8)
        ip.fragment[more] = np.where(
            protocol == FRAGMENT, cursor.u16(at + 2) >> 3, ip.fragment[more]
        )
        ip.protocol[more] = cursor.u8(at)
        ip.transport[more] += length


def _transport(
    cursor: _Cursor, frames: Frames, ip: _Internet, chosen: Ints, skipped: dict[str, Ints]
) -> Packets:
    """Read ports, flags and the place of the payload of the chosen packets."""
    at, protocol = ip.transport[chosen], ip.protocol[chosen]
    tcp, udp = protocol == TCP, protocol == UDP
    header = np.select([tcp, udp], [np.maximum((cursor.u8(at + 12) >> 4) * 4, 20), 8], 0)
    header = np.where((protocol == ICMP) | (protocol == ICMP6), 8, header)
    start = at + header
    stop = frames.starts[chosen] + frames.captured[chosen]
    payload = np.maximum(ip.at[chosen] + ip.length[chosen] - start, 0)
    payload = np.where(udp, np.clip(cursor.u16(at + 4) - 8, 0, payload), payload)
    keys, swapped = _keys(cursor, ip, chosen, _ports(cursor, at, protocol))
    return Packets(
        frames=chosen,
        keys=keys,
        swapped=swapped,
        flags=np.where(tcp, cursor.u8(at + 13), 0),
        sequence=np.where(tcp, cursor.u32(at + 4), 0),
        length=ip.length[chosen],
        payload=payload,
        start=start,
        captured=np.clip(stop - start, 0, payload),
        skipped=skipped,
    )


def _ports(cursor: _Cursor, at: Ints, protocol: Ints) -> tuple[Ints, Ints]:
    """Give the ports; of ICMP the type and the type that answers it, else the code."""
    has_ports = np.isin(protocol, (TCP, UDP, 132, 136))
    source = np.where(has_ports, cursor.u16(at), 0)
    target = np.where(has_ports, cursor.u16(at + 2), 0)
    for number, partners in ((ICMP, PARTNERS), (ICMP6, PARTNERS6)):
        mine = protocol == number
        if mine.any():
            kinds = cursor.u8(at[mine])
            answers = np.array([partners.get(kind, -1) for kind in range(256)])[kinds]
            source[mine] = kinds
            target[mine] = np.where(answers >= 0, answers, cursor.u8(at[mine] + 1))
    return source, target


def _keys(
    cursor: _Cursor, ip: _Internet, chosen: Ints, ports: tuple[Ints, Ints]
) -> tuple[bytes, Flags]:
    """Give the keys of the packets' flows, and whether the sender is the second endpoint."""
    at, version = ip.at[chosen], ip.version[chosen]
    four = (version == 4)[:, None]
    sides = []
    for place, port in zip((0, 1), ports, strict=True):
        side = np.zeros((len(chosen), 24), dtype=np.uint8)
        short = np.pad(cursor.block(at + 12 + 4 * place, 4), ((0, 0), (0, 12)))
        side[:, :16] = np.where(four, short, cursor.block(at + 8 + 16 * place, 16))
        side[:, 16], side[:, 17] = port >> 8, port & 255
        sides.append(side)
    swapped = _greater(*sides)
    mask = swapped[:, None]
    key = np.zeros((len(chosen), KEY_BYTES), dtype=np.uint8)
    key[:, :18] = np.where(mask, sides[1], sides[0])[:, :18]
    key[:, 18:36] = np.where(mask, sides[0], sides[1])[:, :18]
    key[:, 36], key[:, 37] = ip.protocol[chosen], version
    return key.tobytes(), swapped


def _greater(left: npt.NDArray[np.uint8], right: npt.NDArray[np.uint8]) -> Flags:
    """Compare rows of 24 bytes as numbers."""
    a, b = left.view(">u8"), right.view(">u8")
    greater: Flags = a[:, 2] > b[:, 2]
    for place in (1, 0):
        greater = (a[:, place] > b[:, place]) | ((a[:, place] == b[:, place]) & greater)
    return greater
