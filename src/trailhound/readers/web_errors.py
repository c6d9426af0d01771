"""Error logs of Apache and nginx. Lines without a head belong to the record above them.

Formats: https://httpd.apache.org/docs/2.4/mod/core.html#errorlogformat and
https://nginx.org/en/docs/ngx_core_module.html#error_log
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from trailhound.model.batch import TimeBasis
from trailhound.model.identity import source_digest
from trailhound.readers.field_batch import FieldBatch
from trailhound.readers.lines import decoded, head_lines, line_blocks
from trailhound.readers.minutes import NEVER, times_of
from trailhound.readers.syslog_years import MONTH
from trailhound.readers.zones import zone_of
from trailhound.text.timestamp import micros_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import tzinfo

    from trailhound.model.batch import Batch, Value
    from trailhound.model.limits import Budget
    from trailhound.model.source import Source

    Fields = dict[str, Value]

APACHE, NGINX = "apache.error", "nginx.error"
MAX_LINES = 1_000
"""Lines one record may have; what follows is lost, for it is no log of this kind."""
_APACHE = re.compile(
    r"\[(?P<time>[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d{1,6})? \d{4})\] "
    r"\[(?:(?P<module>[\w.-]{0,64}):)?(?P<level>[a-z]{3,8}\d?)\] "
    r"(?:\[pid (?P<pid>\d{1,10})(?::tid (?P<tid>\d{1,20}))?\] )?(?P<message>.*)",
    re.DOTALL,
)
_NGINX = re.compile(
    r"(?P<time>\d{4}/\d\d/\d\d \d\d:\d\d:\d\d) \[(?P<level>[a-z]{4,6})\] "
    r"(?P<pid>\d{1,10})#(?P<tid>\d{1,20}): (?:\*(?P<connection>\d{1,20}) )?(?P<message>.*)",
    re.DOTALL,
)
_CLIENT = re.compile(r"\[(?:client|remote) ([0-9A-Fa-f.:]{2,45}?)(?::(\d{1,5}))?\] ")
_CODE = re.compile(r"(?<!\w)(AH\d{5})(?!\w)")
_REFERER = ", referer: "
_NGINX_FIELD = re.compile(
    r", (client|server|request|upstream|host|referrer): (?:\"([^\"]*)\"|([^,\s]*))"
)
_REQUEST = re.compile(r"([A-Za-z_-]{1,32}) (\S+)")


class Record(NamedTuple):
    """One record with the lines that belong to it."""

    kind: str
    offset: int
    texts: list[str]
    lines: list[bytes]


class WebErrors:
    """Reads error logs. Not splittable: a record may be several lines."""

    name = "webserver.error"
    splittable = False

    def sniff(self, head: bytes, path: str) -> float:
        """Bid when at least a quarter of the lines are records, more when the first one is."""
        del path
        lines = [line.decode("utf-8", "replace") for line in head_lines(head)[:40]]
        fits = [_kind(line) is not None for line in lines]
        if not any(fits) or sum(fits) * 4 < len(fits):
            return 0.0
        return 0.9 if fits[0] else 0.6

    def read(self, source: Source, budget: Budget) -> Iterator[Batch]:
        """Yield batches by kind, records in order within each."""
        digest = source_digest(source.head)
        zone = zone_of(source, budget)
        basis = TimeBasis.EXACT if source.zone else TimeBasis.ZONE_ASSUMED
        for records in _records(source, budget):
            for kind in (APACHE, NGINX):
                some = [record for record in records if record.kind == kind]
                for start in range(0, len(some), budget.limits.batch_rows):
                    piece = some[start : start + budget.limits.batch_rows]
                    yield _batch(kind, source.name, piece, zone, basis, digest)


def _kind(text: str) -> str | None:
    if _APACHE.match(text):
        return APACHE
    return NGINX if _NGINX.match(text) else None


def _records(source: Source, budget: Budget) -> Iterator[list[Record]]:
    """Yield records a block at a time; the last one waits for lines that belong to it."""
    records: list[Record] = []
    for lines, offsets in line_blocks(source, budget):
        texts = decoded(lines, offsets, budget)
        for text, line, offset in zip(texts, lines, offsets, strict=True):
            kind = _kind(text)
            if kind is not None:
                records.append(Record(kind, offset, [text], [line]))
            elif records and len(records[-1].lines) < MAX_LINES:
                records[-1].texts.append(text)
                records[-1].lines.append(line)
            else:
                budget.lose("weberror.syntax", offset, len(line), "a line of no record")
                continue
            budget.parsed_bytes += len(line)
        yield records[:-1]
        records = records[-1:]
    yield records


def _batch(  # noqa: PLR0917 - what a batch is made of
    kind: str,
    source: str,
    records: Sequence[Record],
    zone: tzinfo,
    basis: str,
    digest: bytes,
) -> FieldBatch:
    fields = [fields_of(kind, "\n".join(record.texts)) for record in records]
    return FieldBatch(
        kind, {}, source, [record.offset for record in records],
        [b"\n".join(record.lines) for record in records], fields,
        times_of([_time(kind, str(one["time"]), zone) for one in fields]),
        digest=digest, time_basis=basis,
    )  # fmt: skip


def fields_of(kind: str, text: str) -> Fields:
    """Take a record apart: its head, and what its message says of the request."""
    match = (_APACHE if kind == APACHE else _NGINX).match(text)
    fields: Fields = dict(match.groupdict()) if match else {}
    message = str(fields.get("message") or "")
    return fields | (_apache(message) if kind == APACHE else _nginx(message))


def _apache(message: str) -> Fields:
    client, code = _CLIENT.search(message), _CODE.search(message)
    return {
        "client": client[1] if client else None,
        "port": client[2] if client else None,
        "code": code[1] if code else None,
        "referer": message.partition(_REFERER)[2] or None,
    }


def _nginx(message: str) -> Fields:
    fields: Fields = {name: quoted or bare for name, quoted, bare in _NGINX_FIELD.findall(message)}
    request = _REQUEST.match(str(fields.get("request") or ""))
    if request:
        fields |= {"method": request[1], "uri": request[2]}
    return fields


def _time(kind: str, text: str, zone: tzinfo) -> int:
    """Read the stamp of a record; a leap second is the last microsecond of its minute."""
    try:
        date, clock = _dated(kind, text)
        clock = f"{clock[:6]}59.999999" if clock[6:8] == "60" else clock
        return micros_of(datetime.fromisoformat(f"{date}T{clock}").replace(tzinfo=zone))
    except (ValueError, KeyError):
        return NEVER


def _dated(kind: str, text: str) -> tuple[str, str]:
    if kind == NGINX:
        return text[:10].replace("/", "-"), text[11:]
    month, day, clock, year = text.split()[1:]
    return f"{year}-{MONTH[month]:02}-{int(day):02}", clock


READER = WebErrors()
