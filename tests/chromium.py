"""A headless Chromium, driven over a pipe in its own protocol: no driver, no port, no package."""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
import time

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATIENCE = 30
"""Seconds waited for one answer."""

_FLAGS = (
    "--headless",
    "--no-sandbox",  # it opens nothing but our own file, often as root in a container
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--hide-scrollbars",
    "--no-first-run",
    "--remote-debugging-pipe",
)


def executable():
    """Give the path of an installed Chromium, or None."""
    return next(filter(None, map(shutil.which, NAMES)), None)


class Chromium:
    """One browser with one page; `events` are those since the last `open`."""

    def __init__(self, profile):
        read_by_it, write = os.pipe()
        read, written_by_it = os.pipe()
        # It reads from descriptor 3 and writes to 4; a shell's `<&` takes only one digit.
        start = f'exec "$@" 3</dev/fd/{read_by_it} 4>/dev/fd/{written_by_it}'
        self._process = subprocess.Popen(
            ["sh", "-c", start, "sh", executable(), *_FLAGS, f"--user-data-dir={profile}"],
            pass_fds=(read_by_it, written_by_it),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(read_by_it)
        os.close(written_by_it)
        self._read, self._write, self._left, self._number = read, write, b"", 0
        self._session = None
        self.events = []
        page = self.call("Target.createTarget", url="about:blank")["targetId"]
        attached = self.call("Target.attachToTarget", targetId=page, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Network", "Log", "Runtime"):
            self.call(f"{domain}.enable")

    def call(self, method, **parameters):
        """Ask the page, and give the answer."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        message |= {"sessionId": self._session} if self._session else {}
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._message()
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                return answer["result"]

    def _message(self):
        end = time.monotonic() + PATIENCE
        while b"\0" not in self._left:
            ready, _, _ = select.select([self._read], [], [], max(end - time.monotonic(), 0))
            part = os.read(self._read, 1 << 16) if ready else b""
            assert part, "Chromium does not answer"
            self._left += part
        text, _, self._left = self._left.partition(b"\0")
        message = json.loads(text)
        if "method" in message:
            self.events.append(message)
        return message

    def open(self, address, *, width, dark=False, scripts=True):
        """Open an address and wait until it is loaded."""
        self.call("Page.navigate", url="about:blank")
        self._until("Page.loadEventFired")
        colours = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        self.call("Emulation.setDeviceMetricsOverride", **size)
        self.call("Emulation.setEmulatedMedia", features=colours)
        self.call("Emulation.setScriptExecutionDisabled", value=not scripts)
        self.events.clear()
        self.call("Page.navigate", url=address)
        self._until("Page.loadEventFired")

    def _until(self, name):
        while not self.of(name):
            self._message()

    def of(self, *names):
        """Give what was told of some kinds of events since the page was opened."""
        return [one["params"] for one in self.events if one["method"] in names]

    def value(self, expression):
        """Evaluate an expression in the page."""
        told = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in told, told
        return told["result"].get("value")

    def close(self):
        self._process.terminate()
        self._process.wait(PATIENCE)
        os.close(self._read)
        os.close(self._write)
