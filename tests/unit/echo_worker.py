"""A worker that does what it is told, for the tests of the pool."""

from __future__ import annotations

import os
import signal
import sys
import time

from trailhound.sandbox import serve


def handle(task: bytes) -> bytes:
    word, _, rest = task.partition(b" ")
    if word == b"die":
        os._exit(int(rest))
    if word == b"kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if word == b"sleep":
        time.sleep(float(rest))
    if word == b"raise":
        raise ValueError(rest.decode())
    if word == b"say":
        print(rest.decode())
        sys.stderr.flush()
    if word == b"eat":
        return str(len(bytearray(int(rest)))).encode()
    return str(os.getpid()).encode() if word == b"pid" else task


if __name__ == "__main__":
    serve(handle)
