"""The Microsoft 365 unified audit log: Exchange, SharePoint, Teams, sign-ins, directory, alerts.

Read are the CSV of `Search-UnifiedAuditLog` and of the portal (a JSON text in the column
AuditData), the JSON of the Management Activity API, Log Analytics' OfficeActivity, and collectors'
copies with lower-case names. Times have no zone and are UTC. The same Id twice in a source is one
event.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from trailhound.model.identity import source_digest
from trailhound.readers.csv_records import csv_records, header_of
from trailhound.readers.json_records import bad_record, json_records
from trailhound.readers.m365_fields import LOWER, NAMES
from trailhound.readers.native_batch import NativeBatch
from trailhound.readers.seen import Seen
from trailhound.readers.unknown_json import stranger_batch
from trailhound.readers.well_known import us_time
from trailhound.readers.wrapping import Opened, Opener, bid

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trailhound.model.batch import Batch, Column
    from trailhound.model.limits import Budget
    from trailhound.model.source import Source
    from trailhound.readers.csv_records import CsvRows

KIND = "m365.audit"
_OPENER = Opener("Operation operation RecordType recordtype", "Id id")
_CSV_HEADS = ("userids", "recordtype", "creationdate", "operations", "operation")


class LowerBatch(NativeBatch):
    """Rows with lower-case names: another class, so that they are never joined with the others."""


class M365Audit:
    """Reads unified audit records."""

    name = "m365.audit"
    splittable = True

    def sniff(self, head: bytes, path: str) -> float:
        """Bid on the names of a record, or on the header of an export."""
        del path
        if bid(head, "Operation operation", "RecordType recordtype", "UserId userid UserKey"):
            return 0.9
        names = {name.lower() for name in header_of(head)[0]}
        return 0.95 if "auditdata" in names and names & set(_CSV_HEADS) else 0.0

    def read(self, source: Source, budget: Budget) -> Iterator[Batch]:
        """Yield one batch per stretch of records."""
        digest = source_digest(source.head)
        seen = Seen()
        exported = "auditdata" in {name.lower() for name in header_of(source.head)[0]}
        for opened, overlay in (_from_csv if exported else _from_json)(source, budget):
            fresh, kept = _unseen(opened, seen, budget)
            fresh, strangers = _OPENER.divided(fresh)
            if strangers.raws:
                yield stranger_batch(strangers, source, budget, digest)
            given = {name: [column[row] for row in kept] for name, column in overlay.items()}
            for lower, part in fresh.grouped([_is_lower(probe) for probe in fresh.probes]).items():
                cells = given if len(part.raws) == len(kept) else {}
                made = (LowerBatch, LOWER) if lower else (NativeBatch, NAMES)
                yield made[0](KIND, {}, source.name, part, made[1], budget, digest, cells)


def _from_json(source: Source, budget: Budget) -> Iterator[tuple[Opened, dict[str, Column]]]:
    for raws, offsets in json_records(source, budget):
        yield _OPENER.open(raws, offsets, budget), {}


def _from_csv(source: Source, budget: Budget) -> Iterator[tuple[Opened, dict[str, Column]]]:
    for header, rows in csv_records(source, budget):
        places = {name.lower(): number for number, name in enumerate(header)}
        opened = _audit_data(rows, places["auditdata"], budget)
        dates: Column = []
        if "creationdate" in places:
            by_offset = dict(zip(rows.offsets, rows.cells, strict=True))
            cells = (by_offset[offset] for offset in opened.offsets)
            dates = [us_time(row[places["creationdate"]]) for row in cells]
        yield opened, {"CreationDate": dates} if dates else {}


def _audit_data(rows: CsvRows, place: int, budget: Budget) -> Opened:
    """Take the record out of each row; a row whose record is no JSON is quarantined."""
    opened = Opened()
    for cells, raw, offset in zip(rows.cells, rows.raws, rows.offsets, strict=True):
        text = cells[place].encode("utf-8", "replace") if place < len(cells) else b""
        probe = _OPENER.probe(text)
        if probe is None:
            bad_record(raw, offset, budget)
            budget.parsed_bytes -= len(raw)
        else:
            opened.add(raw, offset, text, probe)
    return opened


def _unseen(opened: Opened, seen: Seen, budget: Budget) -> tuple[Opened, list[int]]:
    """Leave out the events met before in this source and count them."""
    fresh = Opened()
    kept: list[int] = []
    for row, probe in enumerate(opened.probes):
        known = _OPENER.value(probe, "Id") or _OPENER.value(probe, "id")
        if isinstance(known, str) and seen.again(known):
            budget.note("record.duplicate", opened.offsets[row], 0, f"met before: {known}")
            continue
        kept.append(row)
        fresh.add(opened.raws[row], opened.offsets[row], opened.payloads[row], probe)
    return fresh, kept


def _is_lower(probe: object) -> bool:
    return _OPENER.value(probe, "operation") is not None


READER = M365Audit()
