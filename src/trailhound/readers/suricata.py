"""Suricata's EVE log: alerts, flows and what its parsers saw, one kind per `event_type`.

Native names are EVE's, nested ones dotted (`alert.signature`, `dns.rrname`, `flow.age`); both forms
of DNS records (version 2: `dns.rrname`; version 3: `dns.queries`) answer to the first one's names.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from trailhound.model.identity import source_digest
from trailhound.readers.json_records import json_records
from trailhound.readers.native_batch import Names, NativeBatch
from trailhound.readers.unknown_json import stranger_batch
from trailhound.readers.wrapping import Opener, bid

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trailhound.model.batch import Batch, Column
    from trailhound.model.limits import Budget
    from trailhound.model.source import Source
    from trailhound.readers.native_batch import Maker
    from trailhound.readers.wrapping import Opened

MARK = "event_type"
_OPENER = Opener(MARK)
_TYPE = re.compile(r"[a-z][a-z0-9_-]{0,31}\Z")
_DNS = {
    "dns.rrname": ("dns.queries.rrname", "dns.query.rrname"),
    "dns.rrtype": ("dns.queries.rrtype", "dns.query.rrtype"),
}
_SUBJECTS = {
    "tls.subject": ("tls.subjectdn",),
    "flow.age": ("netflow.age",),
    "flow.pkts_toserver": ("netflow.pkts",),
    "flow.bytes_toserver": ("netflow.bytes",),
}
_PLACES = {**_DNS, **_SUBJECTS}


class Suricata:
    """Reads EVE records, bare or wrapped."""

    name = "suricata.eve"
    splittable = True

    def sniff(self, head: bytes, path: str) -> float:
        """Bid on the names that every record has."""
        del path
        return bid(head, MARK, "timestamp", "flow_id src_ip stats in_iface pcap_cnt")

    def read(self, source: Source, budget: Budget) -> Iterator[Batch]:
        """Yield batches by type, records in order within each."""
        digest = source_digest(source.head)
        for raws, offsets in json_records(source, budget):
            mine, strangers = _OPENER.divided(_OPENER.open(raws, offsets, budget))
            for kind, part in mine.grouped(_kinds(mine)).items():
                yield NativeBatch(kind, {}, source.name, part, NAMES, budget, digest)
            if strangers.raws:
                yield stranger_batch(strangers, source, budget, digest)


def _kinds(opened: Opened) -> list[str]:
    types = [_OPENER.value(probe, MARK) for probe in opened.probes]
    known = {value: _kind(value) for value in set(filter(_is_text, types))}
    return [known[value] if isinstance(value, str) else "suricata.unknown" for value in types]


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _kind(value: Any) -> str:
    return f"suricata.{value}" if _TYPE.match(value) else "suricata.unknown"


def _duration(batch: NativeBatch) -> Column:
    column = batch.columns(("flow.age",))["flow.age"]
    return [age * 1_000_000 if isinstance(age, int) else None for age in column]


def _answers(batch: NativeBatch) -> Column:
    """Give the data of all answers, grouped or one by one as the version writes them."""
    columns = batch.columns(_ANSWERS)
    rows = zip(*(columns[name] for name in _ANSWERS), strict=True)
    return [next((value for value in row if value not in (None, "", [])), None) for row in rows]


_ANSWERS = (
    "dns.answers.rdata", "dns.grouped.A", "dns.grouped.AAAA", "dns.grouped.CNAME",
    "dns.grouped.TXT", "dns.grouped.MX", "dns.grouped.NS", "dns.grouped.PTR", "dns.rdata",
)  # fmt: skip
_MADE: dict[str, tuple[Maker, tuple[str, ...]]] = {
    "@duration_us": (_duration, ("flow.age",)),
    "@answers": (_answers, _ANSWERS),
}
"""What makes a column, and of what."""


@lru_cache(maxsize=1024)
def _candidates(name: str) -> tuple[str, ...]:
    return (name, *_PLACES.get(name, ()))


def _maker(name: str) -> Maker | None:
    return _MADE[name][0] if name in _MADE else None


def _inputs(name: str) -> tuple[str, ...]:
    return _MADE[name][1] if name in _MADE else ()


NAMES = Names(("timestamp",), (), _candidates, _maker, _inputs)
READER = Suricata()
