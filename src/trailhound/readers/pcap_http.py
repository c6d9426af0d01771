"""HTTP/1 requests and their responses, in the words of Zeek's http.log."""

from __future__ import annotations

import base64
import binascii
from collections import deque
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from trailhound.readers.magic import mime_of
from trailhound.readers.pcap_stream import Ordered

if TYPE_CHECKING:
    from trailhound.model.batch import Value
    from trailhound.readers.pcap_flow import Flow
    from trailhound.readers.pcap_stream import Moment, Piece, Room

SHORTEST = len("HTTP/1.1 200")
LONGEST_HEAD = 64 * 1024
LONGEST_VALUE = 8 * 1024
LONGEST_SIZE_LINE = 1024
MOST_WAITING = 64
BODY_HEAD = 600
"""Bytes of a body that tell its type."""
FIELDS = {
    "host": "host", "referer": "referrer", "user-agent": "user_agent", "origin": "origin",
}  # fmt: skip
PROXY = ("via", "x-forwarded-for", "forwarded", "proxy-connection")
NO_BODY = frozenset({"204", "304"})


class Mode(Enum):
    """What comes next in one direction."""

    HEAD = 0
    BODY = 1
    CHUNK_SIZE = 2
    CHUNK = 3
    TO_END = 4
    LOST = 5


@dataclass(slots=True)
class Head:
    """The head of a message: its first line, its header fields (the first of each name), when."""

    line: list[str]
    headers: dict[str, str]
    moment: Moment
    length: int = 0
    body: bytes = b""
    after_gap: bool = False
    """Messages before it were not captured."""


@dataclass(slots=True)
class Messages:
    """One direction, cut into messages; `done` gathers those whose body has ended."""

    room: Room
    answers: deque[str]
    """Methods of the requests that wait, which tell whether a response has a body."""
    is_answer: bool
    done: deque[Head] = field(default_factory=deque)
    mode: Mode = Mode.HEAD
    _buffer: bytes = b""
    _began: Moment | None = None
    _left: int = 0
    _head: Head | None = None
    _gap: bool = False

    def take(self, piece: Piece) -> None:
        """Take bytes in order, with a gap before them or none."""
        if piece.missing:
            self._jump(piece.missing)
        data = piece.data
        while data:
            data = _STEPS[self.mode](self, data, piece.moment)

    def finish(self) -> None:
        """End the message at hand: no more comes. Of a head that was cut off whole fields count."""
        whole = self._buffer.rpartition(b"\n")[0] or self._buffer
        if self.mode is Mode.HEAD and len(whole) >= SHORTEST and self._began is not None:
            self._head = head_of(whole, self._began)
        self._keep(b"")
        self._end()

    def _jump(self, missing: int) -> None:
        """Go on behind a gap within a body; any other gap hides where the next message begins."""
        if self.mode is Mode.TO_END or (
            self.mode in (Mode.BODY, Mode.CHUNK) and missing <= self._left
        ):
            self.count(missing)
        else:
            self.finish()
            self.mode = Mode.LOST
            self._gap = True

    def only_counts(self, size: int) -> bool:
        """Tell whether these many bytes are in the middle of a body whose type is known."""
        known = self._head is not None and len(self._head.body) == BODY_HEAD
        if self.mode is Mode.BODY or self.mode is Mode.CHUNK:
            return known and size < self._left
        return known and self.mode is Mode.TO_END

    def count(self, size: int) -> None:
        """Count bytes of a body nobody looks at."""
        self._left -= size
        if self._head is not None:
            self._head.length += size

    def _keep(self, data: bytes) -> bool:
        """Hold the beginning of something unfinished; False when there is no room."""
        self.room.give(len(self._buffer))
        self._buffer = data if self.room.take(len(data)) else b""
        return len(self._buffer) == len(data)

    def read_head(self, data: bytes, moment: Moment) -> bytes:
        """Read on to the blank line that ends a head."""
        data = self._buffer + data
        if not self._buffer:
            self._began = moment
            data = data.lstrip(b"\r\n")
        end, size = _blank_line(data)
        if end < 0:
            if len(data) > LONGEST_HEAD or not self._keep(data):
                self._keep(b"")
                self.mode = Mode.LOST
            return b""
        self._keep(b"")
        self._head = head_of(data[:end], self._began or moment)
        self._head.after_gap, self._gap = self._gap, False
        self.mode = self._body_mode(self._head)
        if self.mode is Mode.BODY and self._left == 0:
            self._end()
        return data[end + size :]

    def _body_mode(self, head: Head) -> Mode:
        """Tell how the body is delimited (RFC 9112, 6.3)."""
        if self.is_answer:
            code = head.line[1] if len(head.line) > 1 else ""
            method = self.answers[0] if self.answers else ""
            opened = method == "CONNECT" and code.startswith("2")
            if method == "HEAD" or opened or code.startswith("1") or code in NO_BODY:
                self._left = 0
                return Mode.BODY
        if "chunked" in head.headers.get("transfer-encoding", "").lower():
            return Mode.CHUNK_SIZE
        length = head.headers.get("content-length", "")
        if length.isascii() and length.isdigit() and len(length) < 18:
            self._left = int(length)
            return Mode.BODY
        self._left = 0
        return Mode.TO_END if self.is_answer else Mode.BODY

    def read_body(self, data: bytes, moment: Moment) -> bytes:
        """Count a body, and keep the beginning of it."""
        piece = data if self.mode is Mode.TO_END else data[: self._left]
        head = self._head
        if head is not None and len(head.body) < BODY_HEAD:
            head.body += piece[: BODY_HEAD - len(head.body)]
        self.count(len(piece))
        if self.mode is Mode.BODY and self._left <= 0:
            self._end()
        elif self.mode is Mode.CHUNK and self._left <= 0:
            self.mode = Mode.CHUNK_SIZE
        return data[len(piece) :]

    def read_size(self, data: bytes, moment: Moment) -> bytes:
        """Read the line before a chunk; the blank one behind the chunk before it is passed over."""
        data = self._buffer + data
        end = data.find(b"\n")
        if end < 0:
            if len(data) > LONGEST_SIZE_LINE or not self._keep(data):
                self._keep(b"")
                self.mode = Mode.LOST
            return b""
        self._keep(b"")
        digits = data[:end].partition(b";")[0].strip()
        if digits:
            self._begin_chunk(digits)
        return data[end + 1 :]

    def _begin_chunk(self, digits: bytes) -> None:
        try:
            self._left = int(digits[:16], 16)
        except ValueError:
            self._left = -1
        if self._left < 0:
            self.mode = Mode.LOST
        elif self._left == 0:
            self._end()
        else:
            self.mode = Mode.CHUNK

    def find_again(self, data: bytes, moment: Moment) -> bytes:
        """Go on where a segment begins like a message."""
        begins = data.startswith(b"HTTP/1.") if self.is_answer else b" HTTP/1." in data[:4096]
        self.mode = Mode.HEAD if begins else Mode.LOST
        return data if begins else b""

    def _end(self) -> None:
        if self._head is not None:
            self.done.append(self._head)
        self._head = None
        self.mode = Mode.HEAD


_STEPS = {
    Mode.HEAD: Messages.read_head,
    Mode.BODY: Messages.read_body,
    Mode.CHUNK_SIZE: Messages.read_size,
    Mode.CHUNK: Messages.read_body,
    Mode.TO_END: Messages.read_body,
    Mode.LOST: Messages.find_again,
}


def _blank_line(data: bytes) -> tuple[int, int]:
    """Find the end of a head: where the blank line begins, and its length."""
    end = data.find(b"\r\n\r\n")
    bare = data.find(b"\n\n", 0, end if end >= 0 else len(data))
    return (bare, 2) if bare >= 0 else (end, 4)


def head_of(data: bytes, moment: Moment) -> Head:
    """Cut a head into its first line and its fields."""
    lines = data.decode("utf-8", "replace").split("\n")
    headers: dict[str, str] = {}
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if colon:
            headers.setdefault(name.strip().lower(), value.strip()[:LONGEST_VALUE])
    return Head(lines[0].rstrip("\r").split(" ", 2), headers, moment)


class Http:
    """Requests and responses of one connection, joined in order."""

    service = "http"

    def __init__(self, flow: Flow, side: int, room: Room) -> None:
        self.done = False
        self._flow = flow
        self._streams = tuple(
            Ordered(room, None if at == side else flow.ahead[at]) for at in (0, 1)
        )
        self._methods: deque[str] = deque()
        self._requests: deque[Head] = deque()
        self._sides = tuple(Messages(room, self._methods, is_answer=at == 1) for at in (0, 1))
        self._depth = 0

    def feed(self, side: int, sequence: int, data: bytes, moment: Moment) -> None:
        """See `Analyser`. The bulk of a body is only counted."""
        size = len(data)
        if self._sides[side].only_counts(size) and self._streams[side].advance(sequence, size):
            self._sides[side].count(size)
            return
        for piece in self._streams[side].push(sequence, data, moment):
            self._piece(side, piece)

    def finish(self) -> None:
        """See `Analyser`."""
        for side in (0, 1):
            for piece in self._streams[side].flush():
                self._piece(side, piece)
            self._sides[side].finish()
        self._collect()
        while self._requests:
            self._tell(self._requests.popleft(), None)

    def _piece(self, side: int, piece: Piece) -> None:
        if not self.done:
            self._sides[side].take(piece)
            if self._sides[side].done:
                self._collect()

    def _collect(self) -> None:
        """Join what has ended; an interim response (1xx) answers nothing."""
        requests, answers = (one.done for one in self._sides)
        while requests:
            request = requests.popleft()
            self._requests.append(request)
            self._methods.append(request.line[0])
        while answers:
            answer = answers.popleft()
            code = status_of(answer)
            if code is not None and 100 <= code < 200 and code != 101:
                continue
            while answer.after_gap and len(self._requests) > 1:
                self._unanswered()
            asked = self._requests.popleft() if self._requests else None
            if self._methods:
                self._methods.popleft()
            self._tell(asked, answer)
            opened = asked is not None and asked.line[0] == "CONNECT" and code == 200
            self.done = self.done or opened or code == 101
        while len(self._requests) > MOST_WAITING:
            self._unanswered()

    def _unanswered(self) -> None:
        self._methods.popleft()
        self._tell(self._requests.popleft(), None)

    def _tell(self, request: Head | None, answer: Head | None) -> None:
        self._depth += 1
        first = request or answer
        assert first is not None  # noqa: S101 - for the type checker
        fields: dict[str, Value] = {"trans_depth": self._depth}
        if request is not None:
            fields |= request_fields(request)
        if answer is not None:
            fields |= answer_fields(answer)
        self._flow.tell("http", first.moment, fields)


def request_fields(request: Head) -> dict[str, Value]:
    """Give a request in Zeek's words."""
    method, uri, version = (*request.line, "", "")[:3]
    stem, _, query = uri.partition("?")
    fields: dict[str, Value] = {
        "method": method[:LONGEST_VALUE],
        "uri": uri[:LONGEST_VALUE] or None,
        "version": version.removeprefix("HTTP/").strip() or None,
        "request_body_len": request.length,
        "@uri_stem": stem[:LONGEST_VALUE] or None,
        "@uri_query": query[:LONGEST_VALUE] or None,
    }
    fields |= {name: request.headers.get(header) for header, name in FIELDS.items()}
    fields["proxied"] = [
        f"{name.upper()} -> {request.headers[name]}" for name in PROXY if name in request.headers
    ] or None
    fields["username"] = _user_of(request.headers.get("authorization", ""))
    fields["orig_mime_types"] = _mime(request.body)
    return fields


def answer_fields(answer: Head) -> dict[str, Value]:
    """Give a response in Zeek's words."""
    return {
        "response_body_len": answer.length,
        "status_code": status_of(answer),
        "status_msg": answer.line[2][:LONGEST_VALUE] if len(answer.line) > 2 else None,
        "resp_mime_types": _mime(answer.body),
    }


def status_of(answer: Head) -> int | None:
    """Give the code of a response."""
    code = answer.line[1] if len(answer.line) > 1 else ""
    return int(code) if len(code) == 3 and code.isascii() and code.isdigit() else None


def _mime(body: bytes) -> Value:
    kind = mime_of(body)
    return [kind] if kind else None


def _user_of(authorization: str) -> str | None:
    """Give the user of basic authentication; the password is nobody's business."""
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        pair = base64.b64decode(token.strip(), validate=True)
    except (binascii.Error, ValueError):
        return None
    return pair.partition(b":")[0].decode("utf-8", "replace") or None
