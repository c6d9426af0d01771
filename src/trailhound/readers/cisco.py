"""Cisco's ASA, FTD and IOS: lines that show a mnemonic where others show a program.

Routers and firewalls put counts, names and stamps of their own before it, and nothing at all where
no syslog server was in between; those lines are found by the mnemonic: see `cisco_messages.py`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from trailhound.readers.device_guest import CarriedReader
from trailhound.readers.syslog import syslog_batch
from trailhound.readers.syslog_guests import Guest
from trailhound.readers.syslog_header import make_tag

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trailhound.model.batch import Batch
    from trailhound.readers.syslog_guests import Carried

_MARK = re.compile(
    r"(?:<\d{1,3}>)?[ :]{0,8}(?:\d{1,12}: )?(?:[\w.-]{1,64}: )?"
    r"(?:[*.]?[A-Z][a-z]{2} {1,2}\d{1,2} (?:\d{4} )?\d\d:\d\d:\d\d(?:\.\d{1,6})?"
    r"(?: [A-Z]{2,5})?(?: [\w.-]{1,64} ?)?: ?)?"
    r"(%[A-Z][A-Z0-9_]{1,32}-(?:[A-Za-z0-9_]{1,32}-){0,2}?[0-7]-\w{1,64}): "
)


def _claims(message: str) -> bool:
    return _MARK.match(message) is not None


def _batches(carried: Carried) -> Iterator[Batch]:
    """Yield batches by mnemonic, lines in order within each."""
    groups: dict[str, list[int]] = {}
    for row, message in enumerate(carried.messages):
        found = _MARK.match(message)
        groups.setdefault(found[1] if found else "", []).append(row)
    step = carried.budget.limits.batch_rows
    for mnemonic, rows in groups.items():
        tag = make_tag(mnemonic)
        for start in range(0, len(rows), step):
            piece = carried.some(rows[start : start + step])
            piece.heads[:] = [head._replace(tag=tag) for head in piece.heads]
            yield syslog_batch(piece)


GUEST = Guest(_claims, _batches)
READER = CarriedReader("cisco.syslog", "firewall.cisco_asa", "cisco.ios", claims=_claims)
