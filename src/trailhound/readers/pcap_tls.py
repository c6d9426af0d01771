"""TLS handshakes as far as they are in clear, in the words of Zeek's ssl.log and x509.log.

RFC 5246, RFC 8446. JA3: https://github.com/salesforce/ja3
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from trailhound.readers.certificate import certificate_of
from trailhound.readers.pcap_stream import Moment, Ordered
from trailhound.readers.tls_names import CIPHERS, CURVES, VERSIONS

if TYPE_CHECKING:
    from trailhound.model.batch import Value
    from trailhound.readers.pcap_flow import Flow
    from trailhound.readers.pcap_stream import Piece, Room

LONGEST_RECORD = 16_384 + 2_048
LONGEST_HANDSHAKE = 64 * 1024
MOST_CERTIFICATES = 10
CHANGE, ALERT, HANDSHAKE, DATA = 20, 21, 22, 23
CLIENT_HELLO, SERVER_HELLO, CERTIFICATE, KEY_EXCHANGE = 1, 2, 11, 12
SNI, GROUPS, FORMATS, ALPN, SUPPORTED = 0, 10, 11, 16, 43
RETRY = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")
"""The random of a server hello that asks for another client hello (RFC 8446, 4.1.3)."""


class CutError(ValueError):
    """A handshake message shorter than it says."""


@dataclass(slots=True)
class _Reader:
    """Reads big-endian numbers and vectors from a message."""

    data: bytes
    at: int = 0

    def take(self, size: int) -> bytes:
        piece = self.data[self.at : self.at + size]
        if len(piece) < size:
            raise CutError
        self.at += size
        return piece

    def number(self, size: int) -> int:
        return int.from_bytes(self.take(size), "big")

    def vector(self, size: int) -> bytes:
        return self.take(self.number(size))

    @property
    def left(self) -> int:
        return len(self.data) - self.at


@dataclass(slots=True)
class Hello:
    """A client's or server's hello: version, cipher suites, extensions by number, session id."""

    version: int
    ciphers: list[int]
    extensions: dict[int, bytes]
    session: bytes
    random: bytes


def client_hello(body: bytes) -> Hello:
    """Read a client hello; `CutError` when it is cut off."""
    reader = _Reader(body)
    version, random, session = reader.number(2), reader.take(32), reader.vector(1)
    ciphers = _numbers(reader.vector(2))
    reader.vector(1)
    return Hello(version, ciphers, _extensions(reader), session, random)


def server_hello(body: bytes) -> Hello:
    """Read a server hello; `CutError` when it is cut off."""
    reader = _Reader(body)
    version, random, session = reader.number(2), reader.take(32), reader.vector(1)
    cipher = reader.number(2)
    reader.take(1)
    return Hello(version, [cipher], _extensions(reader), session, random)


def _extensions(reader: _Reader) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    inner = _Reader(reader.vector(2)) if reader.left >= 2 else _Reader(b"")
    while inner.left >= 4:
        kind = inner.number(2)
        found.setdefault(kind, inner.vector(2))
    return found


def _numbers(data: bytes) -> list[int]:
    return [data[at] << 8 | data[at + 1] for at in range(0, len(data) - 1, 2)]


def _is_grease(number: int) -> bool:
    """Tell whether a number stands for nothing (RFC 8701); JA3 leaves such out."""
    return number & 0x0F0F == 0x0A0A and number >> 8 == number & 0xFF


def ja3(hello: Hello) -> str:
    """Give the JA3 of a client hello."""
    parts = [
        hello.ciphers,
        list(hello.extensions),
        _numbers(hello.extensions.get(GROUPS, b"")[2:]),
    ]
    texts = [_joined(part) for part in parts]
    formats = "-".join(map(str, hello.extensions.get(FORMATS, b"")[1:]))
    return _md5(",".join((str(hello.version), *texts, formats)))


def ja3s(hello: Hello) -> str:
    """Give the JA3S of a server hello."""
    return _md5(f"{hello.version},{hello.ciphers[0]},{'-'.join(map(str, hello.extensions))}")


def _joined(numbers: list[int]) -> str:
    return "-".join(str(number) for number in numbers if not _is_grease(number))


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def server_name(hello: Hello) -> str | None:
    """Give the name a client asked for."""
    data = hello.extensions.get(SNI, b"")
    size = int.from_bytes(data[3:5], "big")
    name = data[5 : 5 + size]
    return name.decode("utf-8", "replace").lower() or None if data[2:3] == b"\0" else None


def _protocol(hello: Hello) -> str | None:
    """Give what the server chose to speak inside (ALPN)."""
    data = hello.extensions.get(ALPN, b"")
    return data[3 : 3 + data[2]].decode("utf-8", "replace") if len(data) > 3 else None


def _version(hello: Hello) -> str:
    chosen = hello.extensions.get(SUPPORTED, b"")
    number = int.from_bytes(chosen, "big") if len(chosen) == 2 else hello.version
    return VERSIONS.get(number, f"unknown-{number}")


@dataclass(slots=True)
class _Side:
    """One direction: the record and the handshake message that are not whole yet."""

    record: bytes = b""
    handshake: bytes = b""
    encrypted: bool = False
    moment: Moment = field(default_factory=lambda: Moment(0, 0))


class Tls:
    """The handshake of one connection; told once, when both sides are encrypted or it ends."""

    service = "ssl"

    def __init__(self, flow: Flow, side: int, room: Room) -> None:
        self.done = False
        self._flow, self._room = flow, room
        self._streams = tuple(
            Ordered(room, None if at == side else flow.ahead[at]) for at in (0, 1)
        )
        self._sides = (_Side(), _Side())
        self._fields: dict[str, Value] = {}
        self._began: Moment | None = None
        self._session = b""
        self._told = False

    def feed(self, side: int, sequence: int, data: bytes, moment: Moment) -> None:
        """See `Analyser`."""
        self._began = self._began or moment
        for piece in self._streams[side].push(sequence, data, moment):
            self._piece(side, piece)

    def finish(self) -> None:
        """See `Analyser`."""
        for side in (0, 1):
            for piece in self._streams[side].flush():
                self._piece(side, piece)
            self._room.give(len(self._sides[side].record) + len(self._sides[side].handshake))
            self._sides[side].record = self._sides[side].handshake = b""
        if self._began is not None and not self._told and self._fields:
            self._told = True
            self._fields["established"] = all(one.encrypted for one in self._sides)
            self._flow.tell("ssl", self._began, self._fields)

    def _piece(self, side: int, piece: Piece) -> None:
        """Cut records; a gap ends it: nothing tells where the next one begins."""
        if self.done or self._sides[side].encrypted:
            return
        state = self._sides[side]
        state.moment = piece.moment
        self._room.give(len(state.record))
        data, state.record = state.record + piece.data, b""
        self.done = piece.missing > 0
        at = 0
        while not self.done and not state.encrypted and len(data) - at >= 5:
            size = int.from_bytes(data[at + 3 : at + 5], "big")
            self.done = data[at] not in (CHANGE, ALERT, HANDSHAKE, DATA) or size > LONGEST_RECORD
            if self.done or len(data) - at < 5 + size:
                break
            self._record(side, data[at], data[at + 5 : at + 5 + size])
            at += 5 + size
        self.done = self.done or all(one.encrypted for one in self._sides)
        if not self.done and not state.encrypted:
            self._hold(state, data[at:])

    def _hold(self, state: _Side, data: bytes) -> None:
        if self._room.take(len(data)):
            state.record = data
        else:
            self.done = True

    def _record(self, side: int, kind: int, body: bytes) -> None:
        state = self._sides[side]
        if kind == HANDSHAKE:
            self._handshake(side, body)
        elif kind == ALERT and len(body) == 2:
            self._fields["last_alert"] = f"alert-{body[1]}"
        elif kind == DATA or (kind == CHANGE and self._fields.get("version") != "TLSv13"):
            state.encrypted = True

    def _handshake(self, side: int, body: bytes) -> None:
        """Cut messages; one may fill several records."""
        state = self._sides[side]
        self._room.give(len(state.handshake))
        data, state.handshake = state.handshake + body, b""
        while len(data) >= 4 and len(data) >= 4 + int.from_bytes(data[1:4], "big"):
            size = int.from_bytes(data[1:4], "big")
            self._message(data[0], data[4 : 4 + size], state.moment)
            data = data[4 + size :]
        if len(data) > LONGEST_HANDSHAKE or not self._room.take(len(data)):
            self.done = True
            return
        state.handshake = data

    def _message(self, kind: int, body: bytes, moment: Moment) -> None:
        try:
            if kind == CLIENT_HELLO and "ja3" not in self._fields:
                self._client(client_hello(body))
            elif kind == SERVER_HELLO:
                self._server(server_hello(body))
            elif kind == CERTIFICATE and "cert_chain_fps" not in self._fields:
                self._certificates(body, moment)
            elif kind == KEY_EXCHANGE and body[:1] == b"\x03":
                self._fields["curve"] = CURVES.get(int.from_bytes(body[1:3], "big"))
        except CutError:
            self._fields.setdefault("version", None)

    def _client(self, hello: Hello) -> None:
        self._session = hello.session
        self._fields |= {"server_name": server_name(hello), "ja3": ja3(hello)}
        self._fields.setdefault("version", None)

    def _server(self, hello: Hello) -> None:
        if hello.random == RETRY:
            return
        version = _version(hello)
        cipher = hello.ciphers[0]
        self._fields |= {
            "version": version,
            "cipher": CIPHERS.get(cipher, f"unknown-{cipher}"),
            "next_protocol": _protocol(hello),
            "ja3s": ja3s(hello),
        }
        if version != "TLSv13":
            same = bool(hello.session) and hello.session == self._session
            self._fields["resumed"] = same
        share = hello.extensions.get(51, b"")
        if len(share) >= 2:
            self._fields["curve"] = CURVES.get(int.from_bytes(share[:2], "big"))

    def _certificates(self, body: bytes, moment: Moment) -> None:
        """Tell each certificate, and the first one's names with the connection."""
        chain = _Reader(_Reader(body).vector(3))
        prints: list[Value] = []
        while chain.left >= 3 and len(prints) < MOST_CERTIFICATES:
            raw = chain.vector(3)
            known = certificate_of(raw)
            print_ = hashlib.sha256(raw).hexdigest()
            if not prints:
                self._fields |= {"subject": known.subject, "issuer": known.issuer}
            prints.append(print_)
            self._flow.tell("x509", moment, {"fingerprint": print_, **known.fields()})
        self._fields["cert_chain_fps"] = prints
