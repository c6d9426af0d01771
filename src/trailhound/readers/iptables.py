"""What the kernel's packet filter logs: iptables, nftables, ufw, firewalld, inside syslog and bare.

Names are the kernel's. Bare lines are those of `dmesg`: seconds since the start, no time of day.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from trailhound.model.batch import NO_TIME, TimeBasis
from trailhound.model.identity import source_digest
from trailhound.readers.field_batch import FieldBatch
from trailhound.readers.lines import decoded, head_lines, line_blocks
from trailhound.readers.syslog_guests import Guest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trailhound.model.batch import Batch, Times, Value
    from trailhound.model.limits import Budget
    from trailhound.model.source import Source
    from trailhound.readers.syslog_guests import Carried

    Fields = dict[str, Value]

KIND = "firewall.iptables"
_SINCE_START = re.compile(r"(?:<\d{1,3}>)?\[ {0,8}\d{1,12}\.\d{1,9}\] ")
_PAIR = re.compile(r"(?<!\S)([A-Z]{2,10})=(\S*)")
_FLAGS = frozenset({"SYN", "ACK", "FIN", "RST", "PSH", "URG", "CWR", "ECE", "DF", "MF", "CE"})
_ACTIONS = (
    ("blocked", ("BLOCK", "DROP", "DENY", "DENIED", "REJECT")),
    ("allowed", ("ALLOW", "ACCEPT")),
    ("audited", ("AUDIT",)),
)
_QUOTED = " [SRC="
"""An error message quotes the packet that caused it; its fields are not those of the packet."""


class Iptables:
    """Reads bare lines, as `dmesg` prints them."""

    name = "firewall.iptables"
    splittable = True

    def sniff(self, head: bytes, path: str) -> float:
        """Bid when most lines are packets, at most 0.9."""
        del path
        lines = [line.decode("utf-8", "replace") for line in head_lines(head)[:40]]
        fits = sum(claims(_since_start(line)) for line in lines)
        return 0.9 * fits / len(lines) if lines else 0.0

    def read(self, source: Source, budget: Budget) -> Iterator[Batch]:
        """Yield batches in the order of the source; their rows have no time."""
        digest = source_digest(source.head)
        for lines, offsets in line_blocks(source, budget):
            kept: list[tuple[Fields, bytes, int]] = []
            texts = decoded(lines, offsets, budget)
            for text, line, offset in zip(texts, lines, offsets, strict=True):
                message = _since_start(text)
                if claims(message):
                    budget.parsed_bytes += len(line)
                    kept.append((packet(message), line, offset))
                else:
                    budget.lose("iptables.syntax", offset, len(line), "a line that is no packet")
            for start in range(0, len(kept), budget.limits.batch_rows):
                piece = kept[start : start + budget.limits.batch_rows]
                fields, raws, places = zip(*piece, strict=True)
                never = np.full(len(places), NO_TIME, dtype=np.int64)
                yield _batch(source.name, fields, raws, places, never, TimeBasis.EXACT, digest)


def _since_start(text: str) -> str:
    mark = _SINCE_START.match(text)
    return text[mark.end() :] if mark else text


def claims(message: str) -> bool:
    """Tell whether a message of the kernel is a packet."""
    place = message.find("IN=")
    return place >= 0 and 0 < message.find(" OUT=", place) < message.find(" SRC=", place)


def packet(message: str) -> Fields:
    """Take a packet apart; what the administrator wrote before it is `prefix`."""
    prefix, _, rest = message.partition("IN=")
    text = f"IN={rest}".partition(_QUOTED)[0]
    fields: Fields = {name: value or None for name, value in reversed(_PAIR.findall(text))}
    fields["flags"] = [word for word in text.split() if word in _FLAGS] or None
    fields["prefix"] = _since_start(prefix).strip() or None
    fields["action"] = _action(prefix.upper())
    fields["direction"] = _direction(fields.get("IN"), fields.get("OUT"))
    return fields


def _action(prefix: str) -> str | None:
    return next((what for what, words in _ACTIONS if any(word in prefix for word in words)), None)


def _direction(came: Value, goes: Value) -> str | None:
    if came and goes:
        return "Forward"
    return ("Inbound" if came else "Outbound") if came or goes else None


def _batch(  # noqa: PLR0917 - what a batch is made of
    source: str,
    fields: Sequence[Fields],
    lines: Sequence[bytes],
    offsets: Sequence[int],
    times: Times,
    basis: str,
    digest: bytes,
) -> FieldBatch:
    return FieldBatch(
        KIND, {}, source, offsets, lines, fields, times, digest=digest, time_basis=basis
    )


def _carried(carried: Carried) -> Iterator[Batch]:
    """Read packets out of syslog lines, with the times of their headers."""
    step = carried.budget.limits.batch_rows
    for start in range(0, len(carried.lines), step):
        some = carried.some(range(start, min(start + step, len(carried.lines))))
        named = zip(some.messages, some.hosts, strict=True)
        fields = [packet(message) | {"hostname": host} for message, host in named]
        times, basis = some.times()
        yield _batch(some.source.name, fields, some.lines, some.offsets, times, basis, some.digest)


GUEST = Guest(claims, _carried)
READER = Iptables()
