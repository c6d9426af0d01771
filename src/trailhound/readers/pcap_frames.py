"""Frames out of capture files: pcap (both byte orders, micro- and nanoseconds) and pcapng.

pcap: https://www.ietf.org/archive/id/draft-ietf-opsawg-pcap-06.html
pcapng: https://www.ietf.org/archive/id/draft-ietf-opsawg-pcapng-05.html
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO, Protocol

import numpy as np

from trailhound.model.batch import NO_TIME

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy.typing as npt

    from trailhound.model.limits import Budget

BLOCK_BYTES = 1024 * 1024
LONGEST_FRAME = 262_144
"""What libpcap itself takes as the longest frame; a longer one is damage."""
LONGEST_BLOCK = 4 * 1024 * 1024
PCAP = {b"\xd4\xc3\xb2\xa1": ("<", 1), b"\xa1\xb2\xc3\xd4": (">", 1),
        b"\x4d\x3c\xb2\xa1": ("<", 1000), b"\xa1\xb2\x3c\x4d": (">", 1000)}  # fmt: skip
"""First bytes: byte order, and what a fraction of a second is divided by to give microseconds."""
SECTION = b"\x0a\x0d\x0d\x0a"
FILE_HEADER = 24
FRAME_HEADER = 16
INTERFACE, OLD_PACKET, SIMPLE_PACKET, PACKET = 1, 2, 3, 6
LATEST = 4_102_444_800_000_000
"""2100, in microseconds: later times are damage."""

Numbers = list[tuple[int, int, int, int, int]]
"""Of each frame: start in the block, bytes captured, bytes on the wire, microseconds, link type."""


@dataclass(frozen=True, slots=True)
class Frames:
    """Frames of one block of a file: `data` from byte `base` on, and an int64 column for each."""

    data: bytes
    base: int
    starts: npt.NDArray[np.int64]
    captured: npt.NDArray[np.int64]
    wire: npt.NDArray[np.int64]
    times: npt.NDArray[np.int64]
    links: npt.NDArray[np.int64]

    @classmethod
    def of(cls, data: bytes, base: int, numbers: Numbers) -> Frames:
        """Make columns of the numbers of frames."""
        table = np.array(numbers, dtype=np.int64).reshape(-1, 5)
        return cls(data, base, *(table[:, place] for place in range(5)))


@dataclass(slots=True)
class Walked:
    """What a walk over a block gave: frames, bytes understood, bytes to skip, damage if any."""

    numbers: Numbers = field(default_factory=list)
    used: int = 0
    skip: int = 0
    damage: str = ""


class Walk(Protocol):
    """Finds the frames in a block that starts at a record; stops before one that is not whole."""

    def __call__(self, data: bytes, start: int, /) -> Walked:
        """Walk from `start` on."""
        ...


def is_capture(head: bytes) -> bool:
    """Tell whether these are the first bytes of a capture."""
    if head[:4] in PCAP:
        order, _ = PCAP[head[:4]]
        return len(head) >= FILE_HEADER and struct.unpack_from(order + "H", head, 4)[0] == 2
    return head.startswith(SECTION) and head[8:12] in (b"\x1a\x2b\x3c\x4d", b"\x4d\x3c\x2b\x1a")


def frames(stream: BinaryIO, head: bytes, budget: Budget) -> Iterator[Frames]:
    """Give the frames of a capture, block by block; damage costs the rest, which is said."""
    if not is_capture(head):
        budget.lose("pcap.header", 0, len(head), "the first bytes are those of no capture")
        return
    walk, start = (_ng_walk(), 0) if head.startswith(SECTION) else (_pcap_walk(head), FILE_HEADER)
    data, base = b"", 0
    while True:
        piece = stream.read(BLOCK_BYTES)
        data += piece
        walked = walk(data, start)
        budget.parsed_bytes += walked.used
        if walked.numbers:
            yield Frames.of(data, base, walked.numbers)
        rest = len(data) - walked.used
        if walked.damage or not piece:
            _note_end(stream, base + walked.used, rest, walked.damage, budget)
            return
        data, base, start = data[walked.used :], base + walked.used, 0
        if walked.skip:
            data, base = _skipped(stream, data, base, walked.skip, budget)


def _note_end(stream: BinaryIO, at: int, rest: int, damage: str, budget: Budget) -> None:
    if damage:
        while piece := stream.read(BLOCK_BYTES):
            rest += len(piece)
        budget.lose("pcap.damaged", at, rest, f"{damage}; the rest of the file is not read")
    elif rest:
        budget.lose("pcap.truncated", at, rest, "the file ends inside a packet")


def _skipped(
    stream: BinaryIO, data: bytes, base: int, length: int, budget: Budget
) -> tuple[bytes, int]:
    """Pass over a block that is too long to hold; no writer makes packets so long."""
    left = length - len(data)
    while left > 0 and (piece := stream.read(min(left, BLOCK_BYTES))):
        left -= len(piece)
    passed = length - max(left, 0)
    budget.lose("pcap.block", base, passed, f"a block of {length} bytes is not read")
    return data[length:], base + passed


def _pcap_walk(head: bytes) -> Walk:
    order, divisor = PCAP[head[:4]]
    link = struct.unpack_from(order + "I", head, 20)[0] & 0xFFFF
    unpack = struct.Struct(order + "IIII").unpack_from

    def walk(data: bytes, start: int, /) -> Walked:
        numbers: Numbers = []
        last = len(data) - FRAME_HEADER
        at = start
        while at <= last:
            seconds, fraction, captured, wire = unpack(data, at)
            if captured > LONGEST_FRAME:
                return Walked(numbers, at, damage=f"a packet of {captured} bytes")
            stop = at + FRAME_HEADER + captured
            if stop > len(data):
                break
            micros = seconds * 1_000_000 + fraction // divisor
            numbers.append((at + FRAME_HEADER, captured, wire, micros, link))
            at = stop
        return Walked(numbers, min(at, len(data)))

    return walk


@dataclass(frozen=True, slots=True)
class _Interface:
    """What a capture interface said of itself."""

    link: int
    longest: int
    micros: Callable[[int], int]


class _Section:
    """Byte order and interfaces, which hold until the next section begins."""

    def __init__(self, order: str = "<") -> None:
        self.order = order
        self.interfaces: list[_Interface] = []
        self.head = struct.Struct(order + "II").unpack_from
        self.packet = struct.Struct(order + "IIIII").unpack_from
        self.old_packet = struct.Struct(order + "HHIIII").unpack_from


def _ng_walk() -> Walk:
    section = _Section()

    def walk(data: bytes, start: int, /) -> Walked:
        nonlocal section
        walked = Walked(used=start)
        while walked.used + 12 <= len(data):
            at = walked.used
            if data.startswith(SECTION, at):
                section = _Section("<" if data[at + 8] == 0x4D else ">")
            kind, length = section.head(data, at)
            if length < 12 or length > 2**31:
                walked.damage = f"a block of {length} bytes"
                break
            if length > LONGEST_BLOCK:
                walked.skip = length
                break
            length += -length % 4
            if at + length > len(data):
                break
            _ng_block(section, kind, data, at, at + length, walked.numbers)
            walked.used += length
        return walked

    return walk


def _ng_block(  # noqa: PLR0917 - where the block is, and where its frame goes
    section: _Section, kind: int, data: bytes, at: int, stop: int, numbers: Numbers
) -> None:
    body, end = at + 8, stop - 4
    if kind == INTERFACE and end - body >= 8:
        section.interfaces.append(_interface(section.order, data[body:end]))
    elif kind == PACKET and end - body >= 20:
        number, high, low, captured, wire = section.packet(data, body)
        _add(section, number, (body + 20, end, captured, wire), high << 32 | low, numbers)
    elif kind == OLD_PACKET and end - body >= 20:
        number, _, high, low, captured, wire = section.old_packet(data, body)
        _add(section, number, (body + 20, end, captured, wire), high << 32 | low, numbers)
    elif kind == SIMPLE_PACKET and end - body >= 4:
        (wire,) = struct.unpack_from(section.order + "I", data, body)
        longest = section.interfaces[0].longest if section.interfaces else 0
        captured = min(wire, longest or wire, end - body - 4)
        _add(section, 0, (body + 4, end, captured, wire), None, numbers)


def _add(
    section: _Section,
    number: int,
    place: tuple[int, int, int, int],
    ticks: int | None,
    numbers: Numbers,
) -> None:
    """Add a frame; one of an interface nobody described has the unknown link type -1."""
    start, end, captured, wire = place
    known = section.interfaces[number] if number < len(section.interfaces) else None
    micros = NO_TIME if ticks is None or known is None else known.micros(ticks)
    micros = micros if 0 <= micros < LATEST else NO_TIME
    captured = min(captured, end - start)
    numbers.append((start, captured, wire, micros, known.link if known else -1))


def _interface(order: str, body: bytes) -> _Interface:
    link, _, longest = struct.unpack_from(order + "HHI", body)
    resolution, offset, at = 6, 0, 8
    while at + 4 <= len(body):
        code, length = struct.unpack_from(order + "HH", body, at)
        value = body[at + 4 : at + 4 + length]
        if code == 9 and len(value) == 1:
            resolution = value[0]
        elif code == 14 and len(value) == 8:
            (offset,) = struct.unpack(order + "q", value)
        at += 4 + length + -length % 4
    return _Interface(link, longest, _clock(resolution, offset * 1_000_000))


def _clock(resolution: int, offset: int) -> Callable[[int], int]:
    """Give what turns ticks into microseconds: `if_tsresol` is a power of 10, or of 2."""
    if resolution & 0x80:
        shift = resolution & 0x7F
        return lambda ticks: (ticks * 1_000_000 >> shift) + offset
    if resolution <= 6:
        factor = 10 ** (6 - resolution)
        return lambda ticks: ticks * factor + offset
    divisor = 10 ** (resolution - 6)
    return lambda ticks: ticks // divisor + offset
