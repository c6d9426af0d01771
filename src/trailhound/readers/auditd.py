"""The log of the Linux audit system, raw or enriched, in its own file and inside syslog.

An event is several records with one number; they are joined here, also when records of other
processors stand between them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from trailhound.model.batch import TimeBasis
from trailhound.model.identity import source_digest
from trailhound.readers.auditd_fields import event_fields
from trailhound.readers.field_batch import FieldBatch
from trailhound.readers.lines import decoded, head_lines, line_blocks
from trailhound.readers.minutes import NEVER, times_of
from trailhound.readers.syslog_guests import Guest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trailhound.model.batch import Batch
    from trailhound.model.limits import Budget
    from trailhound.model.source import Source
    from trailhound.readers.auditd_fields import Fields
    from trailhound.readers.syslog_guests import Carried

KIND = "linux.auditd"
OPEN_LINES = 200
"""An event is complete when none of its records is among so many lines."""
_RECORD = re.compile(
    r"(?:\[ {0,8}\d{1,12}\.\d{1,9}\] )?(?:audit: )?(?:node=(\S{1,255}) )?"
    r"type=(?:UNKNOWN\[)?(\w{1,64})\]? (?:msg=)?audit\((\d{1,12}\.\d{3}:\d{1,20})\) ?:? ?"
)
_SEARCH_MARKS = ("----", "time->")
"""What ausearch writes between events."""
_BY_NUMBER = {
    "1006": "LOGIN", "1100": "USER_AUTH", "1101": "USER_ACCT", "1102": "USER_MGMT",
    "1103": "CRED_ACQ", "1104": "CRED_DISP", "1105": "USER_START", "1106": "USER_END",
    "1107": "USER_AVC", "1108": "USER_CHAUTHTOK", "1109": "USER_ERR", "1112": "USER_LOGIN",
    "1113": "USER_LOGOUT", "1114": "ADD_USER", "1115": "DEL_USER", "1116": "ADD_GROUP",
    "1117": "DEL_GROUP", "1123": "USER_CMD", "1130": "SERVICE_START", "1131": "SERVICE_STOP",
    "1300": "SYSCALL", "1302": "PATH", "1305": "CONFIG_CHANGE", "1306": "SOCKADDR", "1307": "CWD",
    "1309": "EXECVE", "1319": "TTY", "1325": "NETFILTER_CFG", "1326": "SECCOMP",
    "1327": "PROCTITLE", "1330": "KERN_MODULE", "1334": "BPF", "1400": "AVC",
    "1403": "MAC_POLICY_LOAD", "1404": "MAC_STATUS", "1700": "ANOM_PROMISCUOUS",
    "1701": "ANOM_ABEND",
}  # fmt: skip
"""Types as the kernel writes them where no audit daemon listens."""


class Event(NamedTuple):
    """Records with one number, so far."""

    number: str
    node: str | None
    offset: int
    records: list[tuple[str, str]]
    lines: list[bytes]
    rows: list[int]
    """The numbers of its lines, counted from the start of the source."""


class _Joiner:
    """Joins records to events, in the order of their first lines."""

    def __init__(self, budget: Budget) -> None:
        self._open: dict[tuple[str | None, str], Event] = {}
        self._budget = budget
        self._lines = 0

    def add(
        self, texts: Sequence[str], lines: Sequence[bytes], offsets: Sequence[int]
    ) -> list[Event]:
        """Take lines in; give the events that are complete."""
        for text, line, offset in zip(texts, lines, offsets, strict=True):
            self._lines += 1
            head = _RECORD.match(text)
            if head is not None:
                self._join(head, text, line, offset)
            elif text.startswith(_SEARCH_MARKS):
                self._budget.parsed_bytes += len(line)
            else:
                self._budget.lose("auditd.syntax", offset, len(line), "a line that is no record")
        return self._taken(self._lines - OPEN_LINES)

    def rest(self) -> list[Event]:
        """Give the events that the end of the source completes."""
        return self._taken(self._lines)

    def _join(self, head: re.Match[str], text: str, line: bytes, offset: int) -> None:
        node, kind, number = head.groups()
        event = self._open.get((node, number))
        if event is None:
            event = self._open[node, number] = Event(number, node, offset, [], [], [])
        event.records.append((_BY_NUMBER.get(kind, kind), text[head.end() :]))
        event.lines.append(line)
        event.rows.append(self._lines)
        self._budget.parsed_bytes += len(line)

    def _taken(self, before: int) -> list[Event]:
        """Take events off as long as their last line is one of the first `before`."""
        taken: list[Event] = []
        for event in self._open.values():
            if event.rows[-1] > before:
                break
            taken.append(event)
        for event in taken:
            del self._open[event.node, event.number]
        return taken


class Auditd:
    """Reads audit logs. Not splittable: an event's records may stand apart."""

    name = "linux.auditd"
    splittable = False

    def sniff(self, head: bytes, path: str) -> float:
        """Bid the share of lines that are records, at most 0.95."""
        del path
        lines = head_lines(head)[:40]
        fits = sum(_fits(line.decode("utf-8", "replace")) for line in lines)
        return 0.95 * fits / len(lines) if lines else 0.0

    def read(self, source: Source, budget: Budget) -> Iterator[Batch]:
        """Yield batches of events in the order of their first lines."""
        digest = source_digest(source.head)
        joiner = _Joiner(budget)
        for lines, offsets in line_blocks(source, budget):
            events = joiner.add(decoded(lines, offsets, budget), lines, offsets)
            yield from _batches(source.name, events, digest, budget)
        yield from _batches(source.name, joiner.rest(), digest, budget)


def _fits(text: str) -> bool:
    return _RECORD.match(text) is not None or text.startswith(_SEARCH_MARKS)


def _batches(
    source: str, events: list[Event], digest: bytes, budget: Budget
) -> Iterator[FieldBatch]:
    """Give events by what they are about (`@class`), which rules and tables are routed on."""
    for start in range(0, len(events), budget.limits.batch_rows):
        groups: dict[str, list[tuple[Event, Fields]]] = {}
        for event in events[start : start + budget.limits.batch_rows]:
            fields = event_fields(event.records)
            if event.node:
                fields["node"] = event.node
            groups.setdefault(str(fields["@class"]), []).append((event, fields))
        for group, rows in groups.items():
            yield _batch(source, group, rows, digest)


def _batch(source: str, group: str, rows: list[tuple[Event, Fields]], digest: bytes) -> FieldBatch:
    return FieldBatch(
        KIND, {"@class": group}, source, [event.offset for event, _ in rows],
        [b"\n".join(event.lines) for event, _ in rows], [fields for _, fields in rows],
        times_of([_time(event.number) for event, _ in rows]),
        digest=digest, time_basis=TimeBasis.EXACT,
    )  # fmt: skip


def _time(number: str) -> int:
    """Read `1795552864.970:23`; a time behind the year 9999 is none."""
    seconds, _, millis = number.partition(":")[0].partition(".")
    return int(seconds) * 1_000_000 + int(millis) * 1000 if len(seconds) < 12 else NEVER


def _carried(carried: Carried) -> Iterator[Batch]:
    """Join the records of some syslog lines; who sent them is their node."""
    joiner = _Joiner(carried.budget)
    before = carried.budget.parsed_bytes
    events = joiner.add(carried.messages, carried.lines, carried.offsets) + joiner.rest()
    carried.budget.parsed_bytes = before
    hosts = dict(zip(carried.offsets, carried.hosts, strict=True))
    named = [event._replace(node=event.node or hosts[event.offset]) for event in events]
    yield from _batches(carried.source.name, named, carried.digest, carried.budget)


GUEST = Guest(lambda message: _RECORD.match(message) is not None, _carried)
READER = Auditd()
