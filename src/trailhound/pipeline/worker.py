"""The main program of a worker process: `python -m trailhound.pipeline.worker`.

The first task carries the options; each task's answer is its `Analysis`. Tables go to segment files
that the parent takes over.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from trailhound.pipeline.analyse import Analyser
from trailhound.pipeline.options import ScanOptions
from trailhound.pipeline.segments import SegmentSink
from trailhound.pipeline.tasks import Task
from trailhound.sandbox import serve


class Order(msgspec.Struct, frozen=True):
    """One message to a worker."""

    options: ScanOptions
    task: Task


class _Worker:
    """Makes its analyser once; later orders carry the same options."""

    def __init__(self) -> None:
        self._analyser: Analyser | None = None

    def answer(self, message: bytes) -> bytes:
        order = msgspec.msgpack.decode(message, type=Order)
        if self._analyser is None:
            self._analyser = Analyser(order.options)
        folder = order.options.segments
        if not (order.options.tables and folder):
            return msgspec.msgpack.encode(self._analyser.run(order.task, None))
        with SegmentSink(Path(folder), order.task.number) as sink:
            analysis = self._analyser.run(order.task, sink)
        analysis.tables_lost = sink.lost
        return msgspec.msgpack.encode(analysis)


def main() -> None:
    """Answer orders until there are no more."""
    serve(_Worker().answer)


if __name__ == "__main__":
    main()
