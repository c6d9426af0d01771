"""Times and time zones as options give them."""

from __future__ import annotations

import re
from datetime import UTC
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from trailhound.model.errors import UsageError

if TYPE_CHECKING:
    from datetime import tzinfo

_NO_SECONDS = re.compile(r"\A(\d{4}-\d\d-\d\d[T ]\d\d:\d\d)(Z|[+-]\d\d:?\d\d)?\Z", re.ASCII)


def moment(text: str | None, option: str) -> int | None:
    """Read a day or a time (ISO 8601, UTC unless it says otherwise) as microseconds UTC."""
    from trailhound.text.timestamp import NO_TIME, parse_time

    if text is None:
        return None
    micros = parse_time(_whole(text))
    if micros == NO_TIME:
        todo = "write 2026-11-04 or 2026-11-04T08:12"
        raise UsageError(f"{option}: {text!r} is no time", todo=todo)
    return micros


def span(since: str | None, until: str | None) -> tuple[int | None, int | None]:
    """Read `--since` and `--until`, which must be in order: between them lies what is meant."""
    first, last = moment(since, "--since"), moment(until, "--until")
    if first is not None and last is not None and first > last:
        raise UsageError(f"--since {since} is after --until {until}", todo="swap them")
    return first, last


def _whole(text: str) -> str:
    """Complete a day or a time without seconds, both of which ISO 8601 knows."""
    if ":" not in text:
        return f"{text}T00:00:00"
    return _NO_SECONDS.sub(r"\1:00\2", text)


def zone(text: str) -> tuple[str, str]:
    """Read `GLOB=Area/City`."""
    pattern, mark, name = text.partition("=")
    if not mark:
        todo = "write 'fw*.log=Europe/Berlin'"
        raise UsageError(f"--zone: {text!r} has no '='", todo=todo)
    zone_named(name, "--zone")
    return pattern, name


def zone_named(name: str, option: str) -> tzinfo:
    """Give a time zone by its IANA name."""
    try:
        return UTC if name == "UTC" else ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        todo = "use a name such as Europe/Berlin"
        raise UsageError(f"{option}: unknown zone {name!r}", todo=todo) from error
