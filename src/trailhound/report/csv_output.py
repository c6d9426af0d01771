"""Findings as CSV (RFC 4180), one a row, for a spreadsheet.

A cell that a spreadsheet would run as a formula gets an apostrophe before it; apart from that
values are raw. Lists are joined by `; `.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from trailhound.model.entity import EntityType
from trailhound.report.machine import named
from trailhound.text.escape import csv_cell
from trailhound.text.timestamp import iso

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from trailhound.model.finding import Finding
    from trailhound.model.incident import Incident
    from trailhound.model.result import Result

HEADS = (
    "id", "time", "severity", "nature", "confidence", "title", "hosts", "users", "addresses",
    "domains_and_urls", "files_and_hashes", "others", "techniques", "events", "first", "last",
    "because", "detector", "rule_author", "rule_set", "incident", "incident_score", "supporting",
    "source", "offset", "event_uid", "tenant",
)  # fmt: skip
"""`source`, `offset` and `event_uid` lead to the first record; `--format json` has the others."""

_KINDS = (
    (EntityType.HOST, EntityType.DEVICE),
    (EntityType.USER, EntityType.MAILBOX),
    (EntityType.IP,),
    (EntityType.DOMAIN, EntityType.URL),
    (EntityType.FILE, EntityType.HASH),
    (EntityType.PROCESS, EntityType.APPLICATION, EntityType.RESOURCE),
)


def csv_rows(result: Result) -> Iterator[bytes]:
    """Give the head and a row for each finding."""
    yield _line(HEADS)
    known = {name: one for one in reversed(result.incidents) for name in one.findings}
    for finding in result.findings:
        yield _line(_row(finding, known.get(finding.id)))


def _row(one: Finding, incident: Incident | None) -> list[str]:
    rule = one.rule
    return [
        one.id,
        iso(one.time),
        one.severity.word,
        one.nature.value,
        f"{one.confidence:.2f}",
        one.title,
        *("; ".join(named(one.entities, *kinds)) for kinds in _KINDS),
        "; ".join(one.techniques),
        str(one.evidence.count),
        iso(one.evidence.first),
        iso(one.evidence.last),
        "; ".join(reason.text or reason.feature for reason in one.because),
        one.detector.id,
        rule.author if rule else "",
        rule.source if rule else "",
        incident.id if incident else "",
        str(incident.score) if incident else "",
        "yes" if one.supporting else "no",
        *_place(one),
        one.tenant,
    ]


def _place(one: Finding) -> tuple[str, str, str]:
    first = next(iter(one.evidence.pointers), None)
    return (first.source, str(first.offset), first.event_uid) if first else ("", "", "")


def _line(cells: Iterable[str]) -> bytes:
    """Write one row; quoting keeps a comma or a line end of a value from starting a new cell."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(map(csv_cell, cells))
    return text.getvalue().encode("utf-8", "backslashreplace")
