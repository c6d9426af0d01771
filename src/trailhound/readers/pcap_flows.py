"""Packets into connections: counts, directions, endings, with bounded memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from trailhound.model.batch import NO_TIME
from trailhound.readers.pcap_flow import A, D, F, Flow, H, R, S, is_local, seconds, state
from trailhound.readers.pcap_packets import ACK, FIN, KEY_BYTES, RST, SYN, TCP, UDP
from trailhound.readers.pcap_services import analyser_for, service_of
from trailhound.readers.pcap_stream import Moment, Room

if TYPE_CHECKING:
    import numpy.typing as npt

    from trailhound.model.batch import Value
    from trailhound.readers.fact_batch import Fact
    from trailhound.readers.pcap_frames import Frames
    from trailhound.readers.pcap_packets import Packets

TCP_IDLE, OTHER_IDLE = 300_000_000, 60_000_000
"""Microseconds without a packet after which what comes is a connection of its own, as in Zeek; the
second is for what is not TCP, and for TCP that has ended."""
MOST_FLOWS = 50_000
KEPT_FLOWS = 40_000
"""With more open connections than the first, those silent for longest are closed down to these."""
SERVER_PORTS = frozenset({
    21, 22, 23, 25, 53, 67, 80, 88, 110, 111, 123, 135, 137, 139, 143, 161, 389, 443, 445, 465, 514,
    587, 636, 993, 995, 1433, 1521, 3306, 3389, 5060, 5353, 5355, 5432, 5985, 8080, 8443,
})  # fmt: skip
"""Ports that answer: a packet from one of them does not begin a conversation."""


class Flows:
    """The connections of one capture; `facts` gathers records until somebody takes them."""

    def __init__(self) -> None:
        self.facts: list[Fact] = []
        self.room = Room()
        self.pushed_out = 0
        self._open: dict[bytes, Flow] = {}
        self._swept = NO_TIME

    def add(self, frames: Frames, packets: Packets) -> None:
        """Take the packets of a block."""
        keys, size, data = packets.keys, KEY_BYTES, frames.data
        columns = zip(
            [keys[at : at + size] for at in range(0, len(keys), size)],
            packets.swapped.tolist(),
            frames.times[packets.frames].tolist(),
            _events(packets).tolist(),
            packets.sequence.tolist(),
            packets.length.tolist(),
            packets.payload.tolist(),
            packets.start.tolist(),
            packets.captured.tolist(),
            (frames.starts[packets.frames] + frames.base).tolist(),
            strict=True,
        )
        for key, swapped, time, events, sequence, length, payload, start, captured, at in columns:
            flow = self._open.get(key)
            if flow is None or _is_another(flow, time, events):
                flow = self._begin(key, Moment(time, at), events, swapped=swapped)
            side = int(swapped != flow.flipped)
            if time > flow.last:  # noqa: PLR1730 - a call for each packet costs more
                flow.last = time
            flow.packets[side] += 1
            flow.ip_bytes[side] += length
            if events & ~flow.seen[side] or events & R:
                flow.did(side, events)
            if events & (S | H) and flow.analyser is None and flow.ahead[side] is None:
                flow.ahead[side] = (sequence + 1) % 2**32
            if payload:
                if flow.protocol == TCP:
                    flow.carried(side, sequence, payload)
                else:
                    flow.bytes[side] += payload
                if captured and (flow.analyser or flow.undecided):
                    piece = data[start : start + captured]
                    self._look(flow, side, sequence, piece, Moment(time, at))
        self._sweep(frames)

    def finish(self) -> None:
        """Close what is still open."""
        for flow in self._open.values():
            self._close(flow)
        self._open = {}

    def _begin(self, key: bytes, moment: Moment, events: int, *, swapped: bool) -> Flow:
        """Open a connection, closing the one that had its endpoints before."""
        old = self._open.pop(key, None)
        if old is not None:
            self._close(old)
        time = moment.time
        flipped = swapped != _is_answer(key, events, swapped=swapped)
        flow = Flow(key, flipped, time, time, moment.offset, self.facts, key[36])
        if flow.protocol not in (TCP, UDP):
            flow.undecided = 0
        self._open[key] = flow
        return flow

    def _look(self, flow: Flow, side: int, sequence: int, data: bytes, moment: Moment) -> None:
        """Hand payload to what understands it; find that out on the first of it."""
        analyser = flow.analyser
        if analyser is None:
            flow.undecided -= 1
            flow.service = flow.service or service_of(flow, data)
            analyser = flow.analyser = analyser_for(flow, side, data, self.room)
            if analyser is None:
                return
            flow.undecided, flow.service = 0, analyser.service
        analyser.feed(side, sequence, data, moment)
        if analyser.done:
            analyser.finish()
            flow.analyser = None

    def _sweep(self, frames: Frames) -> None:
        """Close what was silent for long, once a minute of the capture, and what is too much."""
        latest = int(frames.times.max())
        if latest - self._swept > OTHER_IDLE:
            self._swept = latest
            for flow in [flow for flow in self._open.values() if latest - flow.last > _idle(flow)]:
                self._close(self._open.pop(flow.key))
        if len(self._open) > MOST_FLOWS:
            oldest = sorted(self._open.values(), key=lambda flow: flow.last)
            for flow in oldest[: len(oldest) - KEPT_FLOWS]:
                self._close(self._open.pop(flow.key))
                self.pushed_out += 1

    def _close(self, flow: Flow) -> None:
        if flow.analyser is not None:
            flow.analyser.finish()
        flow.tell("conn", Moment(flow.first, flow.offset), _connection(flow))


def _events(packets: Packets) -> npt.NDArray[np.int64]:
    """Say what each packet did, as bits."""
    flags = packets.flags
    events = np.where(packets.payload > 0, D, 0)
    events |= np.where(flags & SYN, np.where(flags & ACK, H, S), 0)
    events |= np.where(flags & FIN, F, 0) | np.where(flags & RST, R, 0)
    events[(events == 0) & (flags & ACK > 0)] = A
    return events


def _idle(flow: Flow) -> int:
    return TCP_IDLE if flow.protocol == TCP and not flow.over else OTHER_IDLE


def _is_another(flow: Flow, time: int, events: int) -> bool:
    """Tell whether a packet begins another connection of the same endpoints."""
    if events & S and flow.over:
        return True
    return time - flow.last > OTHER_IDLE and time - flow.last > _idle(flow)


def _is_answer(key: bytes, events: int, *, swapped: bool) -> bool:
    """Tell whether the first packet seen of a connection came from the one who was asked."""
    if events & (S | H):
        return bool(events & H)
    ports = [key[16] << 8 | key[17], key[34] << 8 | key[35]]
    sender, other = reversed(ports) if swapped else ports
    if key[36] not in (TCP, UDP):
        return sender in (0, 14, 129) and other in (8, 13, 128)
    return sender in SERVER_PORTS and other not in SERVER_PORTS


def _connection(flow: Flow) -> dict[str, Value]:
    identity = flow.identity()
    timed = flow.first != NO_TIME
    duration = flow.last - flow.first if timed and sum(flow.packets) > 1 else None
    return {
        "proto": flow.protocol_name,
        "service": flow.service or None,
        "duration": None if duration is None else seconds(duration),
        "orig_bytes": flow.bytes[0],
        "resp_bytes": flow.bytes[1],
        "conn_state": state(flow),
        "local_orig": is_local(str(identity["id.orig_h"])),
        "local_resp": is_local(str(identity["id.resp_h"])),
        "history": flow.history or None,
        "orig_pkts": flow.packets[0],
        "orig_ip_bytes": flow.ip_bytes[0],
        "resp_pkts": flow.packets[1],
        "resp_ip_bytes": flow.ip_bytes[1],
        "@duration_us": duration,
    }
