"""Text of evidence and times, made fit for a line of a terminal or a page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

from trailhound.model.entity import EntityType
from trailhound.text.defang import defang, defang_entity
from trailhound.text.escape import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import tzinfo

    from trailhound.model.entity import Entity

WIDTH = 80
LONGEST = 2_000
"""Characters of one value that are looked at: more would not be read, and costs time to escape."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE = 60_000_000


def shown(text: str, most: int = LONGEST) -> str:
    """Escape and defang text of others; what is left out is said."""
    safe = defang(printable(text[:most]))
    return safe if len(text) <= most else f"{safe}... ({len(text):,} characters)"


def shown_entity(entity: Entity) -> str:
    """Escape and defang the value of an entity by its kind."""
    if entity.type is EntityType.DOMAIN and len(entity.value) <= LONGEST:
        return defang_entity(entity.type, printable(entity.value))
    return shown(entity.value)


def columns(text: str) -> int:
    """Give the columns that printable text takes at most on a terminal."""
    return len(text) if text.isascii() else sum(map(_cells, text))


def _cells(char: str) -> int:
    return 2 if east_asian_width(char) in ("W", "F") else 1


def clip(text: str, width: int) -> str:
    """Escape text and cut it to a width, with an ellipsis where it was cut."""
    return cut(shown(text, max(width, LONGEST)), width)


def cut(text: str, width: int) -> str:
    """Cut safe text to a width in columns."""
    if columns(text) <= width:
        return text
    room = max(width - 3, 0)
    return f"{_head(text, room)}..."[: max(width, 0)]


def _head(text: str, room: int) -> str:
    """Give the longest start of a text that fits."""
    if text.isascii():
        return text[:room]
    used = 0
    for place, char in enumerate(text):
        used += _cells(char)
        if used > room:
            return text[:place]
    return text


def wrapped(
    label: str, text: str, *, most: int = 1_000, width: int = WIDTH, indent: int = 0
) -> Iterator[str]:
    """Give a labelled paragraph of safe text in at most `most` lines.

    Later ones are indented by `indent` blanks, or by two more than the label.
    """
    margin = " " * (indent or len(label) - len(label.lstrip()) + 2)
    line, count = label, 1
    for word, glue in _pieces(text, width - len(margin)):
        room = width - (0 if count < most else 4)
        joined = f"{line}{'' if line.endswith(' ') or not line else glue}{word}"
        if columns(joined) <= room or not line.strip():
            line = joined
        elif count == most:
            yield f"{line.rstrip()} ..."
            return
        else:
            yield line.rstrip()
            line, count = margin + word, count + 1
    yield line.rstrip()


def _pieces(text: str, room: int) -> Iterator[tuple[str, str]]:
    """Give the words of a text, the long ones in pieces that fit a line, and what goes before."""
    for word in text.split(" "):
        rest, glue = word, " "
        while columns(rest) > room - 4:
            piece = _head(rest, room - 4)
            yield piece, glue
            rest, glue = rest[len(piece) :], ""
        if rest:
            yield rest, glue


def listed(texts: Sequence[str], most: int) -> str:
    """Give texts with commas, and how many were left out."""
    more = f" and {len(texts) - most} more" if len(texts) > most else ""
    return ", ".join(texts[:most]) + more


class Moments:
    """Writes times in one zone; microseconds UTC in, words out. A time no calendar has is `?`."""

    def __init__(self, zone: tzinfo, first: int | None = None, last: int | None = None) -> None:
        self._zone = zone
        self.zone = str(zone)
        start, end = self._local(first), self._local(last)
        self._years = bool(start and end and start.year != end.year)

    def _local(self, micros: int | None) -> datetime | None:
        if micros is None:
            return None
        try:
            return (_EPOCH + timedelta(microseconds=micros)).astimezone(self._zone)
        except (OverflowError, ValueError):
            return None

    def full(self, micros: int | None) -> str:
        """Give `2026-11-04 08:12:00`, or `no time`."""
        moment = self._local(micros)
        return f"{moment:%Y-%m-%d %H:%M:%S}" if moment else "no time"

    def clock(self, micros: int | None) -> str:
        """Give `08:12`."""
        moment = self._local(micros)
        return f"{moment:%H:%M}" if moment else "    ?"

    def day_and_clock(self, micros: int | None) -> str:
        """Give ` 4 Nov 08:12`."""
        moment = self._local(micros)
        return f"{moment.day:2}{moment: %b %H:%M}" if moment else "           ?"

    def hour_of_week(self, micros: int | None) -> tuple[int, int] | None:
        """Give the day, 0 for Monday, and the hour of a time."""
        moment = self._local(micros)
        return (moment.weekday(), moment.hour) if moment else None

    def same_day(self, first: int | None, last: int | None) -> bool:
        """Tell whether two times are on one day."""
        start, end = self._local(first), self._local(last)
        return start is None or end is None or start.date() == end.date()

    def span(self, first: int | None, last: int | None) -> str:
        """Give `Tue 4 Nov 08:12 to 09:47`."""
        start, end = self._local(first), self._local(last)
        if start is None or first is None:
            return "no time known"
        head = f"{self._day(start)} {start:%H:%M}"
        if end is None or last is None or last - first < _MINUTE:
            return head
        if end.date() == start.date():
            return f"{head} to {end:%H:%M}"
        return f"{head} to {self._day(end)} {end:%H:%M}"

    def _day(self, moment: datetime) -> str:
        year = f" {moment.year}" if self._years else ""
        return f"{moment:%a} {moment.day} {moment:%b}{year}"

    def days(self, first: int | None, last: int | None) -> str:
        """Give `3-10 Nov 2026`, or an empty text when no time is known."""
        start, end = self._local(first), self._local(last)
        if start is None or end is None:
            return ""
        tail = f"{end.day} {end:%b} {end.year}"
        if start.date() == end.date():
            return tail
        if (start.year, start.month) == (end.year, end.month):
            return f"{start.day}-{tail}"
        year = f" {start.year}" if self._years else ""
        return f"{start.day} {start:%b}{year} to {tail}"
