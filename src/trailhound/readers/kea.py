"""Kea's own files and its lines in syslog."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from trailhound.readers.dhcp_messages import NAMES, kea
from trailhound.readers.stamped_reader import StampedReader
from trailhound.readers.zones import Zones

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trailhound.model.batch import Times
    from trailhound.model.limits import Budget
    from trailhound.model.source import Source
    from trailhound.readers.stamped_reader import Clocked

_LINE = re.compile(
    r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}) ([A-Z]{4,5} +\[kea-dhcp[46]\.[^\]]{1,64}\] .*)"
)


def _clock(source: Source, budget: Budget) -> Clocked:
    zones = Zones(source, budget)

    def times(stamps: Sequence[str], offsets: Sequence[int]) -> tuple[Times, str]:
        del offsets
        return zones.times(stamps)

    return times


READER = StampedReader("dhcp.kea", "dhcp.kea", _LINE, NAMES, kea, _clock)
