"""One connection of a capture, in Zeek's words, and what looks into its payload."""

from __future__ import annotations

import hashlib
import ipaddress
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from trailhound.model.batch import NO_TIME
from trailhound.readers.fact_batch import Fact
from trailhound.readers.pcap_packets import ICMP, ICMP6, TCP, UDP
from trailhound.readers.pcap_stream import distance

if TYPE_CHECKING:
    from trailhound.model.batch import Value
    from trailhound.readers.pcap_stream import Moment

NAMES = {
    TCP: "tcp", UDP: "udp", ICMP: "icmp", ICMP6: "icmp", 2: "igmp", 4: "ipip", 41: "ipv6",
    47: "gre", 50: "esp", 51: "ah", 88: "eigrp", 89: "ospf", 103: "pim", 112: "vrrp",
    132: "sctp", 136: "udplite",
}  # fmt: skip
S, H, A, D, F, R = 1, 2, 4, 8, 16, 32
"""What a packet did: SYN, SYN with ACK, plain ACK, data, FIN, RST: Zeek's letters, in order."""
LETTERS = ((S, "S"), (H, "H"), (A, "A"), (D, "D"), (F, "F"), (R, "R"))
HISTORY = {bits: "".join(c for bit, c in LETTERS if bits & bit) for bits in range(64)}


INNER = tuple(map(ipaddress.ip_network, (
    "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16",
    "127.0.0.0/8", "fc00::/7", "fe80::/10", "::1/128",
)))  # fmt: skip


class Analyser(Protocol):
    """Looks into the payload of one connection, and tells what it finds by `Flow.tell`."""

    service: str
    done: bool

    def feed(self, side: int, sequence: int, data: bytes, moment: Moment) -> None:
        """Take the captured payload of a packet; side 0 is the originator, 1 the responder."""
        ...

    def finish(self) -> None:
        """Tell what is left: the connection is over."""
        ...


@dataclass(slots=True)
class Flow:
    """Counts of one connection; lists have a place for the originator and one for the responder.

    Attributes:
        key: both endpoints, see `pcap_packets.Packets`; `flipped`: the originator is the second.
        first, last: microseconds UTC of the first and last packet.
        seen: what each side did, as bits.
        ahead: the next sequence number of each side, once known.
        reset: side of the first RST, -1 for none.
    """

    key: bytes
    flipped: bool
    first: int
    last: int
    offset: int
    facts: list[Fact]
    protocol: int
    service: str = ""
    packets: list[int] = field(default_factory=lambda: [0, 0])
    bytes: list[int] = field(default_factory=lambda: [0, 0])
    ip_bytes: list[int] = field(default_factory=lambda: [0, 0])
    seen: list[int] = field(default_factory=lambda: [0, 0])
    ahead: list[int | None] = field(default_factory=lambda: [None, None])
    history: str = ""
    reset: int = -1
    analyser: Analyser | None = None
    undecided: int = 4
    """Packets with payload that may still tell what is spoken here."""
    _identity: dict[str, Value] | None = None

    @property
    def over(self) -> bool:
        """Tell whether both sides ended it, or one broke it off."""
        return self.reset >= 0 or bool(self.seen[0] & self.seen[1] & F)

    def did(self, side: int, events: int) -> None:
        """Note what a side did for the first time."""
        new = events & ~self.seen[side]
        self.seen[side] |= events
        letters = HISTORY[new]
        self.history += letters.lower() if side else letters
        if events & R and self.reset < 0 and not self.seen[0] & self.seen[1] & F:
            self.reset = side

    def carried(self, side: int, sequence: int, payload: int) -> None:
        """Count bytes of a TCP segment that were not sent before."""
        start = self.ahead[side]
        fresh = payload
        stop = (sequence + payload) % 2**32
        if start is not None:
            fresh = min(max(distance(start, stop), 0), payload)
        if start is None or distance(start, stop) > 0:
            self.ahead[side] = stop
        self.bytes[side] += fresh

    def identity(self) -> dict[str, Value]:
        """Give id and endpoints, as every record of this connection has them."""
        if self._identity is None:
            ends = (self.key[:18], self.key[18:36])
            first, second = reversed(ends) if self.flipped else ends
            version = self.key[37]
            seed = self.key + self.first.to_bytes(8, "little", signed=True)
            self._identity = {
                "uid": "C" + hashlib.blake2b(seed, digest_size=8).hexdigest(),
                "id.orig_h": address(first[:16], version),
                "id.orig_p": first[16] << 8 | first[17],
                "id.resp_h": address(second[:16], version),
                "id.resp_p": second[16] << 8 | second[17],
            }
        return self._identity

    def tell(self, log: str, moment: Moment, fields: dict[str, Value]) -> None:
        """Add a record of one of Zeek's logs."""
        time = moment.time
        record = {"ts": seconds(time), **self.identity(), **fields}
        self.facts.append(Fact(f"pcap.{log}", moment.offset, time, record))

    @property
    def protocol_name(self) -> str:
        """Give the name of the IP protocol."""
        return NAMES.get(self.protocol, f"ip-{self.protocol}")


def seconds(time: int) -> float | None:
    """Give microseconds as Zeek's seconds."""
    return None if time == NO_TIME else time / 1_000_000


@lru_cache(maxsize=65_536)
def address(raw: bytes, version: int) -> str:
    """Write an address; one of IPv4 stands in the first four bytes."""
    return str(ipaddress.ip_address(raw[:4] if version == 4 else raw))


@lru_cache(maxsize=65_536)
def is_local(text: str) -> bool:
    """Tell whether an address belongs to networks that organisations number themselves."""
    number = ipaddress.ip_address(text)
    return any(number.version == inner.version and number in inner for inner in INNER)


def state(flow: Flow) -> str:
    """Give Zeek's word for how a connection went.

    https://docs.zeek.org/en/master/scripts/base/protocols/conn/main.zeek.html
    """
    if flow.protocol == TCP:
        return _tcp_state(flow)
    if flow.protocol == UDP:
        both = bool(flow.packets[0]) + 2 * bool(flow.packets[1])
        return {1: "S0", 2: "SHR"}.get(both, "SF")
    return "OTH"


def _tcp_state(flow: Flow) -> str:
    origin, response = flow.seen
    if not origin & S:
        return _without_syn(response)
    if not response & H:
        if flow.reset == 1:
            return "REJ"
        if response:
            return "OTH"
        return "RSTOS0" if flow.reset == 0 else "SH" if origin & F else "S0"
    if flow.reset >= 0:
        return ("RSTO", "RSTR")[flow.reset]
    return {0: "S1", 1: "S2", 2: "S3", 3: "SF"}[bool(origin & F) + 2 * bool(response & F)]


def _without_syn(response: int) -> str:
    if not response & H:
        return "OTH"
    return "RSTRH" if response & R else "SHR" if response & F else "OTH"
