"""Times and time zones as options give them."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from trailhound.model.errors import UsageError

if TYPE_CHECKING:
    from datetime import tzinfo


def moment(text: str | None, option: str) -> int | None:
    """Read a day or a time (ISO 8601, UTC unless it says otherwise) as microseconds UTC."""
    from trailhound.text.timestamp import NO_TIME, parse_time

    if text is None:
        return None
    micros = parse_time(text if ":" in text else f"{text}T00:00:00")
    if micros == NO_TIME:
        todo = "write 2026-11-04 or 2026-11-04T08:12:00"
        raise UsageError(f"{option}: {text!r} is no time", todo=todo)
    return micros


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
