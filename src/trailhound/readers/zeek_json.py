"""Zeek's logs as JSON, with and without `_path`.

A record without `_path` belongs to the log its file is named after, else to the log whose fields it
has. Zeek's writer for Kafka puts a record into an object whose one member is called like the log.
Streaming packages write `id_orig_h` where Zeek writes `id.orig_h`; both are given as Zeek's.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import msgspec

from trailhound.model.identity import source_digest
from trailhound.readers.json_batch import JsonBatch
from trailhound.readers.json_records import bad_record, json_records, shape_of
from trailhound.readers.mapping import mappings
from trailhound.readers.projection import projector
from trailhound.readers.zeek_derived import derived

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trailhound.model.batch import Batch, Column
    from trailhound.model.limits import Budget
    from trailhound.model.source import Source

_PATH = re.compile(rb'"_path"\s*:\s*"')
_TS = re.compile(rb'"ts"\s*:\s*(?:\d|"\d{4}-)')
_ID = re.compile(rb'"id[._]orig_h"\s*:|"uid"\s*:\s*"C')
_TAGGED = re.compile(rb'\s*\{\s*"([a-z][a-z0-9_]{1,40})"\s*:\s*\{')
_STEM = re.compile(r"[a-z][a-z0-9]*(?:_[a-z][a-z0-9]*)*")

SIGNATURES: tuple[tuple[str, frozenset[str]], ...] = tuple(
    (name, frozenset(fields.split()))
    for name, fields in {
        "conn": "conn_state",
        "dns": "trans_id proto",
        "http": "trans_depth method",
        "ssl": "established resumed",
        "x509": "certificate.subject",
        "files": "fuid tx_hosts",
        "smb_files": "action path name",
        "smb_mapping": "path share_type",
        "kerberos": "request_type service",
        "ntlm": "server_nb_computer_name",
        "ssh": "auth_attempts",
        "rdp": "security_protocol",
        "ftp": "command user password",
        "smtp": "trans_depth helo",
        "notice": "note msg actions",
        "weird": "name notice peer",
        "dhcp": "msg_types",
        "dce_rpc": "endpoint operation",
        "software": "software_type",
        "tunnel": "tunnel_type",
        "ntp": "stratum",
        "capture_loss": "percent_lost gaps",
        "stats": "pkts_proc mem",
    }.items()
)
"""Fields that tell a log; the first log all of whose fields a record has."""
_SIGNING = tuple(sorted(frozenset().union(*(fields for _, fields in SIGNATURES))))


class ZeekJson:
    """Reads Zeek logs as JSON lines or arrays."""

    name = "zeek.json"
    splittable = True

    def sniff(self, head: bytes, path: str) -> float:
        """Bid on `ts` beside `_path`, connection fields, or a file named after a log."""
        if shape_of(head) == "none" or not _TS.search(head):
            return 0.0
        if _PATH.search(head):
            return 0.95
        if _ID.search(head):
            return 0.9
        return 0.5 if _named_after(path) else 0.0

    def read(self, source: Source, budget: Budget) -> Iterator[Batch]:
        """Yield batches by log, records in order within each."""
        digest = source_digest(source.head)
        named = _named_after(source.name)
        for raws, offsets in json_records(source, budget):
            payloads, tags = _untagged(raws)
            groups, times = _grouped(payloads, tags, offsets, named, budget)
            budget.parsed_bytes += sum(len(raws[row]) for rows in groups.values() for row in rows)
            for path, rows in groups.items():
                yield JsonBatch(
                    f"zeek.{path}", {}, source.name, [offsets[row] for row in rows],
                    [raws[row] for row in rows], budget, digest=digest,
                    overlay={"ts": [times[row] for row in rows]}, time_fields=("ts",),
                    derive=_derive,
                    payloads=[payloads[row] for row in rows] if any(tags) else None,
                )  # fmt: skip


def _untagged(raws: Sequence[bytes]) -> tuple[list[bytes], list[str]]:
    """Take records out of objects whose one member they are; gives its name, else an empty one."""
    payloads, tags = list(raws), [""] * len(raws)
    for row, raw in enumerate(raws):
        if match := _TAGGED.match(raw):
            try:
                members = msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
            except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
                continue
            if len(members) == 1:
                payloads[row], tags[row] = bytes(*members.values()), match[1].decode()
    return payloads, tags


def _grouped(
    payloads: Sequence[bytes],
    tags: Sequence[str],
    offsets: Sequence[int],
    named: str,
    budget: Budget,
) -> tuple[dict[str, list[int]], Column]:
    """Group rows by log; what is no JSON object is said and in no group."""
    bad: set[int] = set()
    columns = projector(("_path", "ts")).columns(payloads, bad.add)
    plain = set(map(type, columns["_path"])) == {str}
    told = [] if named or plain else _by_fields(payloads)
    groups: dict[str, list[int]] = {}
    for row, path in enumerate(columns["_path"]):
        if row in bad:
            bad_record(payloads[row], offsets[row], budget)
            continue
        log = _clean(path) if isinstance(path, str) else tags[row] or named or told[row]
        groups.setdefault(log, []).append(row)
    return groups, columns["ts"]


def _clean(path: str) -> str:
    return re.sub(r"[^a-z0-9_]", "_", path)[:64] or "unknown"


def _by_fields(raws: Sequence[bytes]) -> list[str]:
    """Tell logs by the fields that records have."""
    columns = projector(_SIGNING).columns(raws, lambda _row: None)
    logs = ["unknown"] * len(raws)
    for log, wanted in reversed(SIGNATURES):
        values = zip(*(columns[field] for field in wanted), strict=True)
        logs = [before if None in row else log for before, row in zip(logs, values, strict=True)]
    return logs


def _named_after(path: str) -> str:
    """Give the log a file is named after: `conn.log`, `dns.12:00:00.json`, `http_20261103.log`."""
    name = path.rpartition("!")[2].rpartition("/")[2]
    stem = _STEM.match(name)
    return stem[0] if stem and stem[0] in known_logs() else ""


@cache
def known_logs() -> frozenset[str]:
    """Give the logs that a mapping knows."""
    return frozenset(kind[5:] for kind in mappings() if kind.startswith("zeek.")) - {"*"}


def _derive(batch: JsonBatch, name: str) -> Column | None:
    if name.startswith("id.") and b'"id_' in batch.raw(0):
        return batch.payload_column(name.replace(".", "_"))
    return derived(name, batch.payload_column)


READER = ZeekJson()
