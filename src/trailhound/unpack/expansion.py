"""How much one file on disk may turn into when compression and archives are undone.

One account is shared by everything found inside a file, because a bomb multiplies: five thousand
members, each harmless alone, are not harmless together. Bytes are charged when they are first
decoded; reading a source again costs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trailhound.model.oddity import Oddity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trailhound.model.limits import Limits
    from trailhound.unpack.streams import Note


class Expansion:
    """The account of one file: `origin` is its size on disk in bytes."""

    def __init__(self, limits: Limits, origin: int) -> None:
        self.limits = limits
        self.origin = origin
        self.allowed = limits.expansion_floor_bytes + limits.expansion_ratio * origin
        self.spent = 0
        self.from_archives = 0
        self.members = 0

    @property
    def exhausted(self) -> bool:
        """Nothing more may be decoded."""
        return self.spent >= self.allowed or self.from_archives >= self.limits.archive_total_bytes

    def private(self) -> Expansion:
        """Give an account of the same worth for a layer that only another layer reads."""
        return Expansion(self.limits, self.origin)


@dataclass(slots=True)
class Meter:
    """Charges one stream; `member` streams come out of an archive and have limits of their own."""

    account: Expansion
    note: Note
    member: bool = False
    high: int = 0
    """Decoded bytes seen so far, over all readings."""

    def limited(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """Pass chunks on until a limit is met, then end there and say so."""
        at = 0
        for chunk in chunks:
            granted = self._grant(at, len(chunk))
            at += granted
            yield chunk if granted == len(chunk) else chunk[:granted]
            if granted < len(chunk):
                return

    def _grant(self, at: int, count: int) -> int:
        fresh = max(0, at + count - self.high)
        room, kind, detail = self._room()
        granted = min(fresh, room)
        self.high += granted
        self.account.spent += granted
        self.account.from_archives += granted if self.member else 0
        if granted < fresh:
            self.note(Oddity(kind, self.high, 0, detail, lost=True))
        return count - fresh + granted

    def _room(self) -> tuple[int, str, str]:
        """Give the smallest limit's room, its name and what to tell a person."""
        account, limits = self.account, self.account.limits
        ratio = f"more than {limits.expansion_ratio} times its {account.origin} bytes on disk"
        rooms = [(max(0, account.allowed - account.spent), "limit.ratio", ratio)]
        if self.member:
            one, total = limits.archive_member_bytes, limits.archive_total_bytes
            text = f"larger than {one} bytes, the rest is not read"
            rooms.append((max(0, one - self.high), "limit.member_bytes", text))
            text = f"the archive gave {total} bytes, the rest is not read"
            rooms.append((max(0, total - account.from_archives), "limit.archive_bytes", text))
        return min(rooms)
