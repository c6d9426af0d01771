"""What Oracle Database writes to syslog and to `.aud` files: lists of names and values.

`LENGTH : '160' ACTION :[7] 'CONNECT' DATABASE USER:[1] '/' ...` of the older trail gives the length
of each value; `TYPE:"4" DBUSER:"SYSTEM" ACTION:"100" ...` is of the unified trail. In a file each
record stands below its time. Source: Oracle Database Security Guide, operating system audit trail.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from trailhound.model.batch import NO_TIME
from trailhound.model.identity import source_digest
from trailhound.readers.device_guest import CarriedReader
from trailhound.readers.field_batch import FieldBatch
from trailhound.readers.lines import decoded, line_blocks
from trailhound.readers.oracle_times import asctime
from trailhound.readers.syslog_guests import Guest
from trailhound.readers.well_known import times_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from trailhound.model.batch import Batch, Value
    from trailhound.model.limits import Budget
    from trailhound.model.source import Source
    from trailhound.readers.syslog_guests import Carried

KIND = "oracle.audit"
_OLD = re.compile(r"([A-Z][A-Z$. ]{1,30}?) ?:(?:\[\d{1,5}\])? ?'([^']*)'")
_UNIFIED = re.compile(r'([A-Z][A-Z_]{1,30}):"([^"]*)"')
_CLAIMED = re.compile(r"Oracle (?:Unified )?Audit\[\d{1,10}\]: LENGTH ?: ?'\d{1,9}'")
_NAMES = {
    "ACTION": "ACTION_NAME", "DATABASE USER": "DBUSERNAME", "DBUSER": "DBUSERNAME",
    "USERID": "DBUSERNAME", "CLIENT USER": "OS_USERNAME", "OS$USERID": "OS_USERNAME",
    "CLIENT TERMINAL": "TERMINAL", "STATUS": "RETURN_CODE", "RETURNCODE": "RETURN_CODE",
    "RETCODE": "RETURN_CODE", "SESID": "SESSIONID", "SCHEMA": "OBJECT_SCHEMA",
    "OBJNAME": "OBJECT_NAME", "OBJ$NAME": "OBJECT_NAME", "OBJ$CREATOR": "OBJECT_SCHEMA",
    "CURUSER": "CURRENT_USER",
}  # fmt: skip
"""Names of the text forms, by those of the trail's views."""
_HEADER = re.compile(r"Audit file (\S{1,512}\.aud)\Z")
_TIME = re.compile(r"[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}(?: [+-]\d\d:\d\d)?\Z")
_INSTANCE = re.compile(r"(Node name|Instance name): +(\S{1,256})")


def parsed(message: str) -> dict[str, Value]:
    """Give the fields of a record under the names of the views."""
    unified = _UNIFIED.findall(message)
    pairs = unified or [(name.strip(), value) for name, value in _OLD.findall(message)]
    fields: dict[str, Value] = {_NAMES.get(k, k): value or None for k, value in pairs}
    action = str(fields.get("ACTION_NAME") or "")
    if action and not action.isdecimal() and action.partition(" ")[0] not in ("LOGON", "CONNECT"):
        fields["SQL_TEXT"] = action
        fields["ACTION_NAME"] = action.split(None, 1)[0].upper()[:32]
    return fields


def _batches(carried: Carried) -> Iterator[Batch]:
    """Read records inside syslog lines."""
    step = carried.budget.limits.batch_rows
    for start in range(0, len(carried.lines), step):
        part = carried.some(range(start, min(start + step, len(carried.lines))))
        fields = [
            parsed(message) | {"hostname": host}
            for message, host in zip(part.messages, part.hosts, strict=True)
        ]
        times, basis = part.times()
        yield FieldBatch(
            KIND, {}, part.source.name, part.offsets, part.lines, fields, times,
            digest=part.digest, time_basis=basis,
        )  # fmt: skip


def _claims(message: str) -> bool:
    return _CLAIMED.match(message) is not None


GUEST = Guest(_claims, _batches)
_SYSLOG = CarriedReader("oracle.aud", claims=_claims)


class OracleText:
    """Reads `.aud` files. Not splittable: a record has several lines."""

    name = "oracle.aud"
    splittable = False

    def sniff(self, head: bytes, path: str) -> float:
        """Bid on the line that names the file, or on a record below its time."""
        del path
        return 0.95 if _is_file(head) else _SYSLOG.sniff(head, "")

    def read(self, source: Source, budget: Budget) -> Iterator[Batch]:
        """Yield batches in the order of the source."""
        if not _is_file(source.head):
            yield from _SYSLOG.read(source, budget)
            return
        digest = source_digest(source.head)
        log = _File(budget)
        for lines, offsets in line_blocks(source, budget):
            for line, text, offset in zip(
                lines, decoded(lines, offsets, budget), offsets, strict=True
            ):
                log.take(line, text, offset)
            while len(log.rows) > 1:
                step = min(budget.limits.batch_rows, len(log.rows) - 1)
                yield log.batch(source, step, digest)
        if log.rows:
            yield log.batch(source, len(log.rows), digest)


def _is_file(head: bytes) -> bool:
    lines = [line.rstrip() for line in head.decode("utf-8", "replace").splitlines()[:60]]
    if lines and _HEADER.match(lines[0].lstrip("\ufeff")):
        return True
    records = any(line.startswith(("LENGTH :", "LENGTH:")) for line in lines)
    return records and any(map(_TIME.match, lines))


class _Row:
    """A record while its lines come in."""

    __slots__ = ("lines", "offset", "stamp", "text")

    def __init__(self, stamp: str, offset: int) -> None:
        self.stamp, self.offset = stamp, offset
        self.lines: list[bytes] = []
        self.text: list[str] = []


class _File:
    """One file: what its header says of the database, and the records so far."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._said: dict[str, Value] = {}
        self.rows: list[_Row] = []

    def take(self, line: bytes, text: str, offset: int) -> None:
        """Add a line: a time begins a record; what stands above the first is the header."""
        self._budget.parsed_bytes += len(line)
        if _TIME.match(text.strip()):
            self.rows.append(_Row(text.strip(), offset))
        elif not self.rows:
            if said := _INSTANCE.match(text):
                name = "hostname" if said[1] == "Node name" else "INSTANCE_NAME"
                self._said[name] = said[2]
            return
        self.rows[-1].lines.append(line)
        self.rows[-1].text.append(text)

    def batch(self, source: Source, count: int, digest: bytes) -> Batch:
        """Give the first records as a batch."""
        rows, self.rows = self.rows[:count], self.rows[count:]
        fields: list[Mapping[str, Value]] = [
            self._said | parsed("\n".join(row.text[1:])) for row in rows
        ]
        times, basis = times_of([asctime(row.stamp) for row in rows], source.zone)
        for row, time in zip(rows, times.tolist(), strict=True):
            if len(row.lines) == 1:
                detail = "a time without a record"
                self._budget.note("oracle.syntax", row.offset, len(row.lines[0]), detail)
            if time == NO_TIME:
                self._budget.note("time.invalid", row.offset, 0, "a record without a usable time")
        return FieldBatch(
            KIND, {}, source.name, [row.offset for row in rows],
            [b"\n".join(row.lines) for row in rows], fields, times,
            digest=digest, time_basis=basis,
        )  # fmt: skip


READER = OracleText()
