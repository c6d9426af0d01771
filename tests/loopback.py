"""A web server on this machine that behaves as badly as a test asks."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class Answer:
    """What a path answers. `declared` is a false Content-Length; `drip` waits after each byte."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    declared: int | None = None
    drip: float = 0.0


@dataclass
class Server:
    """The server's address, what it answers by path, and what it was asked."""

    url: str
    answers: dict[str, Answer]
    asked: list[str]

    def says(self, path: str, body: bytes = b"", **more) -> str:
        """Set an answer; give its URL."""
        self.answers[path] = Answer(body, **more)
        return self.url + path


@contextmanager
def serving() -> Iterator[Server]:
    """Serve on a free port of the loopback address."""
    answers: dict[str, Answer] = {}
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            answer = answers.get(self.path, Answer(status=404))
            self.send_response(answer.status)
            length = len(answer.body) if answer.declared is None else answer.declared
            for name, value in {"Content-Length": str(length), **answer.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self._send(answer)

        def _send(self, answer: Answer) -> None:
            try:
                if not answer.drip:
                    self.wfile.write(answer.body)
                for byte in answer.body if answer.drip else b"":
                    self.wfile.write(bytes((byte,)))
                    self.wfile.flush()
                    time.sleep(answer.drip)
            except OSError:  # the client went away, as it should
                return

        def log_message(self, *_) -> None:
            """Keep the test's output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield Server(f"http://127.0.0.1:{server.server_port}", answers, asked)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
