"""unbound's own file and its lines in syslog.

An own file counts seconds since 1970, or writes syslog's stamps with `log-time-ascii`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from trailhound.model.batch import TimeBasis
from trailhound.readers.dns_messages import UNBOUND_NAMES, unbound
from trailhound.readers.stamped_reader import StampedReader
from trailhound.readers.syslog_clock import Clock
from trailhound.readers.syslog_header import Dated
from trailhound.text.timestamp import parse_times

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trailhound.model.batch import Times
    from trailhound.model.limits import Budget
    from trailhound.model.source import Source
    from trailhound.readers.stamped_reader import Clocked

_LINE = re.compile(
    r"(\[\d{9,11}(?:\.\d{1,9})?\]|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\S{8,24}) "
    r"unbound(?:\[\d{1,10}:[0-9a-f]{1,4}\])? (.*)"
)


def _clock(source: Source, budget: Budget) -> Clocked:
    clock = Clock(source, budget)

    def times(stamps: Sequence[str], offsets: Sequence[int]) -> tuple[Times, str]:
        if stamps[0][:1].isalpha():
            return clock.times(Dated.DAY, stamps, offsets)
        return parse_times([stamp.strip("[]") for stamp in stamps]), TimeBasis.EXACT

    return times


READER = StampedReader("dns.unbound", "dns.unbound", _LINE, UNBOUND_NAMES, unbound, _clock)
