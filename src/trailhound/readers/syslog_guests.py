"""Formats that travel inside syslog lines: the programs that carry them, and who takes them apart.

A guest is a module with a module-level `GUEST`; it is loaded when one of its programs is met. A
message that no guest claims stays a row of syslog.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from trailhound.model.batch import Batch, Times
    from trailhound.model.limits import Budget
    from trailhound.model.source import Source
    from trailhound.readers.syslog_clock import Clock
    from trailhound.readers.syslog_header import Head

PROGRAMS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("audispd", "audisp-syslog", "audit", "auditd", "tag_audit_log"), ("auditd",)),
    "haproxy": ("haproxy",),
    "sysmon": ("sysmon_linux",),
    "kernel": ("iptables", "auditd"),
    **dict.fromkeys(("squid", "squid-1", "squid3"), ("squid",)),
    "": ("cef", "leef", "fortigate", "panos", "cisco", "oracle_text"),
    **dict.fromkeys(("cef", "leef"), ("cef", "leef")),
}
"""Modules by program (in lower case, empty for none); the first whose `GUEST` claims a message
takes it."""
_ANYWHERE = ("CEF:", "LEEF:")
"""Records that products write under a program's name of their own."""


@dataclass(frozen=True, slots=True)
class Carried:
    """Lines of one program and one kind of stamp, in the order of the source, headers taken off.

    Their bytes are accounted for already.
    """

    source: Source
    program: str
    heads: list[Head]
    lines: list[bytes]
    offsets: list[int]
    digest: bytes
    clock: Clock
    budget: Budget

    @property
    def messages(self) -> list[str]:
        """What stands behind the headers."""
        return [head.message for head in self.heads]

    @property
    def hosts(self) -> list[str | None]:
        """Who wrote the lines, as the headers say."""
        return [head.host for head in self.heads]

    def times(self) -> tuple[Times, str]:
        """Give the times of the headers, and their basis."""
        stamps = [head.stamp for head in self.heads]
        return self.clock.times(self.heads[0].dated, stamps, self.offsets)

    def some(self, rows: Sequence[int]) -> Carried:
        """Give these lines only (ascending)."""
        return replace(
            self,
            heads=[self.heads[row] for row in rows],
            lines=[self.lines[row] for row in rows],
            offsets=[self.offsets[row] for row in rows],
        )


@dataclass(frozen=True, slots=True)
class Guest:
    """A format inside messages.

    Attributes:
        claims: tells by a message (and nothing else) whether it is of the format.
        batches: gives rows that stand for all lines it is handed; it adds no bytes.
        dated: its records tell their time themselves, so a line without a header lacks nothing.
    """

    claims: Callable[[str], bool]
    batches: Callable[[Carried], Iterator[Batch]]
    dated: bool = False


def carrier_of(carried: Carried) -> str:
    """Give the program whose guests may claim these lines; some records come under any name."""
    anywhere = carried.program and carried.heads[0].message.startswith(_ANYWHERE)
    return "cef" if anywhere else carried.program


def is_claimed(message: str) -> bool:
    """Tell whether a line without a header is a whole record of a guest, time and all."""
    return any(guest.dated and guest.claims(message) for guest in guests_of(""))


@cache
def guests_of(program: str) -> tuple[Guest, ...]:
    """Give the guests that a program may carry."""
    return tuple(
        cast("Guest", import_module(f"trailhound.readers.{name}").GUEST)
        for name in PROGRAMS.get(program, ())
    )


def parted(guests: tuple[Guest, ...], messages: list[str]) -> tuple[list[list[int]], list[int]]:
    """Give the rows that each guest claims, and those that nobody does."""
    claimed: list[list[int]] = [[] for _ in guests]
    left: list[int] = []
    for row, message in enumerate(messages):
        for guest, rows in zip(guests, claimed, strict=True):
            if guest.claims(message):
                rows.append(row)
                break
        else:
            left.append(row)
    return claimed, left
