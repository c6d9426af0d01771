"""The one place that asks what time it is; everything below is told."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


def now() -> int:
    """Give the time in microseconds since 1970 UTC."""
    moment = datetime.now(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return (moment.days * 86_400 + moment.seconds) * 1_000_000 + moment.microseconds


def today() -> date:
    """Give the day in UTC, whatever the zone of the reader: entries expire by the calendar."""
    return datetime.now(UTC).date()
