"""Exim's main log and its lines in syslog. Stamps are local unless `log_timezone` is set."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from trailhound.readers.mta_messages import EXIM_NAMES, exim
from trailhound.readers.stamped_reader import StampedReader
from trailhound.readers.zones import Zones

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trailhound.model.batch import Times
    from trailhound.model.limits import Budget
    from trailhound.model.source import Source
    from trailhound.readers.stamped_reader import Clocked

_LINE = re.compile(
    r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{3})?(?: [+-]\d{4})?)(?: \[\d{1,10}\])? (.*)"
)
_OURS = re.compile(
    rb" [0-9A-Za-z]{6}-[0-9A-Za-z]{6,11}-[0-9A-Za-z]{2,4} (?:<=|=>|->|\*\*|==|Completed)"
    rb"| exim \d\.\d+ | authenticator failed for | rejected (?:after )?(?:RCPT|MAIL|DATA|EHLO) "
)


class _Exim(StampedReader):
    """Other programs begin their lines with such stamps: Exim's own words must be there."""

    def sniff(self, head: bytes, path: str) -> float:
        """See `StampedReader`."""
        return super().sniff(head, path) if _OURS.search(head) else 0.0


def _clock(source: Source, budget: Budget) -> Clocked:
    zones = Zones(source, budget)

    def times(stamps: Sequence[str], offsets: Sequence[int]) -> tuple[Times, str]:
        del offsets
        return zones.times(stamps)

    return times


READER = _Exim("mail.exim", "mail.exim", _LINE, EXIM_NAMES, exim, _clock)
