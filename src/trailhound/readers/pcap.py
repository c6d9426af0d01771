"""Network captures: pcap and pcapng, read into the records that Zeek would write of them.

Connections, DNS, HTTP and TLS; what is encrypted or fragmented stays closed, and is said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from trailhound.model.identity import source_digest
from trailhound.readers.fact_batch import fact_batches
from trailhound.readers.pcap_flows import Flows
from trailhound.readers.pcap_frames import frames, is_capture
from trailhound.readers.pcap_packets import packets

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    import numpy.typing as npt

    from trailhound.model.batch import Batch
    from trailhound.model.limits import Budget
    from trailhound.model.source import Source
    from trailhound.readers.fact_batch import Fact
    from trailhound.readers.pcap_frames import Frames

REASONS = {
    "link": ("pcap.link_type", "frames of a link type that is not understood", True),
    "fragment": ("pcap.fragment", "later fragments, not put together", False),
    "malformed": ("pcap.malformed", "packets that are cut off or malformed", False),
    "short": ("pcap.short", "packets captured in part", False),
    "not_ip": ("pcap.not_ip", "frames that are not IP, as ARP", False),
}
"""Why a frame gave no whole packet: the oddity, in words, whether evidence was lost."""


class Pcap:
    """Reads captures; they have no times out of their packets, and no span but the whole."""

    name = "network.pcap"
    splittable = False

    def sniff(self, head: bytes, path: str) -> float:
        """Bid on the magic number."""
        del path
        return 1.0 if is_capture(head) else 0.0

    def read(self, source: Source, budget: Budget) -> Iterator[Batch]:
        """Yield batches of connections and of what was read in them."""
        digest = source_digest(source.head)
        yield from fact_batches(
            source.name, _facts(source, budget), digest, budget.limits.batch_rows
        )


def _facts(source: Source, budget: Budget) -> Iterator[Fact]:
    flows = Flows()
    skipped = _Skipped()
    with source.open() as stream:
        for block in frames(stream, source.head, budget):
            decoded = packets(block)
            skipped.add(block, decoded.skipped)
            flows.add(block, decoded)
            yield from flows.facts
            flows.facts.clear()
    flows.finish()
    yield from flows.facts
    skipped.say(budget)
    _say_limits(flows, budget)


class _Skipped:
    """Frames that gave no whole packet: how many for each reason, their bytes, the first place."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[int, int, int]] = {}

    def add(self, block: Frames, skipped: dict[str, npt.NDArray[np.int64]]) -> None:
        for reason, rows in skipped.items():
            if len(rows):
                first = block.base + int(block.starts[rows[0]])
                count, size, at = self._found.get(reason, (0, 0, first))
                size += int(block.captured[rows].sum())
                self._found[reason] = (count + len(rows), size, at)

    def say(self, budget: Budget) -> None:
        for reason, (count, size, at) in self._found.items():
            kind, words, lost = REASONS[reason]
            if lost:
                budget.parsed_bytes -= size
                budget.lose(kind, at, size, f"{count} {words}")
            else:
                budget.note(kind, at, size, f"{count} {words}")


def _say_limits(flows: Flows, budget: Budget) -> None:
    if flows.room.refused:
        detail = f"{flows.room.refused} segments out of order were not kept for want of memory"
        budget.note("limit.stream_memory", -1, 0, detail)
    if flows.pushed_out:
        detail = f"{flows.pushed_out} connections were ended early for want of memory"
        budget.note("limit.open_connections", -1, 0, detail)


READER = Pcap()
