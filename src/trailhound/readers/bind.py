"""BIND's own files (queries, query-errors, security, all channels) and its lines in syslog.

Stamps are local time without a zone, or ISO 8601 with `print-time iso8601-utc`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from trailhound.readers.dns_messages import BIND_NAMES, bind
from trailhound.readers.stamped_reader import StampedReader
from trailhound.readers.syslog_years import MONTH
from trailhound.readers.zones import Zones

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trailhound.model.batch import Times
    from trailhound.model.limits import Budget
    from trailhound.model.source import Source
    from trailhound.readers.stamped_reader import Clocked

_LINE = re.compile(
    r"(\d\d-[A-Z][a-z]{2}-\d{4} \d\d:\d\d:\d\d\.\d{3}|"
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(?:Z|[+-]\d\d:?\d\d)?) "
    r"((?:[a-z][a-z-]{2,31}: )?"
    r"(?:(?:info|notice|warning|error|critical|debug \d{1,2}): |client ).*)"
)


def _clock(source: Source, budget: Budget) -> Clocked:
    zones = Zones(source, budget)

    def times(stamps: Sequence[str], offsets: Sequence[int]) -> tuple[Times, str]:
        del offsets
        return zones.times([_spread(stamp) for stamp in stamps])

    return times


def _spread(stamp: str) -> str:
    """Give `2026-11-24 12:00:00.123`, with the zone behind a blank."""
    if stamp[2] == "-":
        return f"{stamp[7:11]}-{MONTH.get(stamp[3:6], 0):02}-{stamp[:2]}{stamp[11:]}"
    return f"{stamp[:23]} {stamp[23:]}".rstrip()


READER = StampedReader("dns.bind", "dns.bind", _LINE, BIND_NAMES, bind, _clock)
