"""DNS messages, over UDP and TCP: a row for each question, with its answer when there was one.

RFC 1035; how answers are written follows Zeek's dns.log.
"""

from __future__ import annotations

import ipaddress
import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from trailhound.readers.pcap_stream import Ordered

if TYPE_CHECKING:
    from trailhound.model.batch import Value
    from trailhound.readers.pcap_flow import Flow
    from trailhound.readers.pcap_stream import Moment, Piece, Room

HEADER = struct.Struct(">HHHHHH")
RECORD = struct.Struct(">HHIH")
MOST_POINTERS = 64
MOST_NAME = 255
MOST_RECORDS = 256
MOST_WAITING = 256
LONGEST = 65_535
TYPES = {
    1: "A", 2: "NS", 5: "CNAME", 6: "SOA", 10: "NULL", 12: "PTR", 13: "HINFO", 15: "MX", 16: "TXT",
    28: "AAAA", 33: "SRV", 35: "NAPTR", 39: "DNAME", 41: "EDNS", 43: "DS", 46: "RRSIG", 47: "NSEC",
    48: "DNSKEY", 50: "NSEC3", 52: "TLSA", 64: "SVCB", 65: "HTTPS", 99: "SPF", 249: "TKEY",
    250: "TSIG", 251: "IXFR", 252: "AXFR", 255: "*", 256: "URI", 257: "CAA",
}  # fmt: skip
CODES = {
    0: "NOERROR", 1: "FORMERR", 2: "SERVFAIL", 3: "NXDOMAIN", 4: "NOTIMP", 5: "REFUSED",
    6: "YXDOMAIN", 7: "YXRRSET", 8: "NXRRSET", 9: "NOTAUTH", 10: "NOTZONE",
}  # fmt: skip
CLASSES = {1: "C_INTERNET", 3: "C_CHAOS", 4: "C_HESIOD", 254: "C_NONE", 255: "C_ANY"}
NAMED = {2: 0, 5: 0, 6: 0, 12: 0, 15: 2, 33: 6, 39: 0}
"""Record types whose data holds a name, and where in the data it begins."""


class DnsError(ValueError):
    """A message that is not DNS, or is cut off."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message: header bits and the first question as Zeek's fields."""

    number: int
    is_answer: bool
    fields: dict[str, Value]


def message_of(data: bytes) -> Message:
    """Read a message; DnsError when the header or the question cannot be read."""
    if len(data) < HEADER.size:
        raise DnsError("shorter than a header")
    number, bits, questions, answers, _, _ = HEADER.unpack_from(data)
    if questions > 32 or bits >> 11 & 15 > 6:
        raise DnsError("not a DNS header")
    at = HEADER.size
    fields: dict[str, Value] = {"trans_id": number}
    for position in range(questions):
        name, at = name_at(data, at)
        kind, group = _pair(data, at)
        at += 4
        if position == 0:
            fields |= _question(name, kind, group & 0x7FFF)
    is_answer = bool(bits & 0x8000)
    fields |= {"rcode": bits & 15, "rcode_name": CODES.get(bits & 15)} if is_answer else {}
    fields |= {"AA": bool(bits & 0x400), "TC": bool(bits & 0x200), "RD": bool(bits & 0x100)}
    fields |= {"RA": bool(bits & 0x80), "rejected": bits & 15 == 5 and is_answer}
    if is_answer:
        fields |= _answers(data, at, answers)
    return Message(number, is_answer, fields)


def _question(name: str, kind: int, group: int) -> dict[str, Value]:
    return {
        "query": name,
        "qclass": group,
        "qclass_name": CLASSES.get(group),
        "qtype": kind,
        "qtype_name": TYPES.get(kind, f"query-{kind}"),
    }


def _pair(data: bytes, at: int) -> tuple[int, int]:
    if at + 4 > len(data):
        raise DnsError("cut off in a question")
    kind, group = struct.unpack_from(">HH", data, at)
    return kind, group


def name_at(data: bytes, at: int) -> tuple[str, int]:
    """Read a name; give it with where it ends. Pointers may not lead on for ever."""
    labels: list[bytes] = []
    end, jumps, total = -1, 0, 0
    while True:
        if at >= len(data):
            raise DnsError("cut off in a name")
        size = data[at]
        if size >= 0xC0:
            if at + 2 > len(data) or jumps >= MOST_POINTERS:
                raise DnsError("a pointer that leads nowhere")
            end = at + 2 if end < 0 else end
            at, jumps = (size & 0x3F) << 8 | data[at + 1], jumps + 1
            continue
        total += size + 1
        if size > 63 or total > MOST_NAME or at + 1 + size > len(data):
            raise DnsError("not a name")
        if size == 0:
            return _text(b".".join(labels)), (at + 1 if end < 0 else end)
        labels.append(data[at + 1 : at + 1 + size])
        at += 1 + size


def _text(raw: bytes) -> str:
    r"""Write bytes of a name; those that are not printable become `\xNN`."""
    if raw.isascii() and raw.decode().isprintable():
        return raw.decode().lower()
    return "".join(chr(b) if 32 < b < 127 else f"\\x{b:02x}" for b in raw).lower()


def _answers(data: bytes, at: int, count: int) -> dict[str, Value]:
    """Read the answers; what was cut off is left out."""
    texts: list[Value] = []
    lives: list[Value] = []
    try:
        for _ in range(min(count, MOST_RECORDS)):
            _, at = name_at(data, at)
            if at + RECORD.size > len(data):
                break
            kind, _, life, size = RECORD.unpack_from(data, at)
            at += RECORD.size
            if at + size > len(data):
                break
            texts.append(_answer(data, at, kind, size))
            lives.append(life)
            at += size
    except DnsError:
        pass
    return {"answers": texts, "TTLs": lives} if texts else {}


def _answer(data: bytes, at: int, kind: int, size: int) -> str:
    if (kind, size) in ((1, 4), (28, 16)):
        return str(ipaddress.ip_address(data[at : at + size]))
    if kind in NAMED:
        return name_at(data, at + NAMED[kind])[0]
    if kind in (16, 99):
        return _strings(data[at : at + size])
    return f"<{TYPES.get(kind, f'type-{kind}')}>"


def _strings(data: bytes) -> str:
    """Write a text record as Zeek does: `TXT 5 hello`."""
    parts: list[str] = []
    at = 0
    while at < len(data):
        text = data[at + 1 : at + 1 + data[at]]
        parts.append(f"TXT {len(text)} {text.decode('utf-8', 'replace')}")
        at += 1 + data[at]
    return " ".join(parts)


@dataclass(slots=True)
class Questions:
    """Questions of one connection that wait for their answers."""

    flow: Flow
    understood: bool = False
    _waiting: dict[int, tuple[Moment, dict[str, Value]]] = field(default_factory=dict)

    def take(self, data: bytes, moment: Moment) -> None:
        """Take a message; tell a question together with its answer."""
        try:
            message = message_of(data)
        except DnsError:
            return
        self.understood = True
        if not message.is_answer:
            if message.number in self._waiting or len(self._waiting) >= MOST_WAITING:
                self.finish()
            self._waiting[message.number] = (moment, message.fields)
            return
        asked, fields = self._waiting.pop(message.number, (moment, {}))
        trip = moment.time - asked.time if fields else None
        fields |= message.fields | {"rtt": None if trip is None else trip / 1_000_000}
        self._tell(asked, fields)

    def finish(self) -> None:
        """Tell the questions nobody answered."""
        for moment, fields in self._waiting.values():
            self._tell(moment, fields)
        self._waiting = {}

    def _tell(self, moment: Moment, fields: dict[str, Value]) -> None:
        self.flow.tell("dns", moment, {"proto": self.flow.protocol_name, **fields})


class DnsDatagrams:
    """DNS over UDP: each packet is a message."""

    service = "dns"
    done = False

    def __init__(self, flow: Flow) -> None:
        self._questions = Questions(flow)

    def feed(self, side: int, sequence: int, data: bytes, moment: Moment) -> None:
        """See `Analyser`."""
        self._questions.take(data, moment)

    def finish(self) -> None:
        """See `Analyser`."""
        self._questions.finish()


class DnsStream:
    """DNS over TCP: messages behind their lengths."""

    service = "dns"

    def __init__(self, flow: Flow, side: int, room: Room) -> None:
        self.done = False
        self._questions = Questions(flow)
        self._room = room
        self._sides = tuple(Ordered(room, None if at == side else flow.ahead[at]) for at in (0, 1))
        self._open = [b"", b""]

    def feed(self, side: int, sequence: int, data: bytes, moment: Moment) -> None:
        """See `Analyser`."""
        for piece in self._sides[side].push(sequence, data, moment):
            self._piece(side, piece)

    def finish(self) -> None:
        """See `Analyser`."""
        for side in (0, 1):
            for piece in self._sides[side].flush():
                self._piece(side, piece)
            self._room.give(len(self._open[side]))
            self._open[side] = b""
        self._questions.finish()

    def _piece(self, side: int, piece: Piece) -> None:
        """Cut messages; a gap ends it: nothing tells where the next message begins."""
        if self.done:
            return
        self._room.give(len(self._open[side]))
        data = self._open[side] + piece.data
        self.done = piece.missing > 0
        while not self.done and len(data) >= 2 and len(data) >= 2 + int.from_bytes(data[:2], "big"):
            size = int.from_bytes(data[:2], "big")
            self._questions.take(data[2 : 2 + size], piece.moment)
            data = data[2 + size :]
        data = b"" if self.done else data
        self.done = self.done or not self._room.take(len(data))
        self._open[side] = b"" if self.done else data
