"""Hand-written samples of each text reader, read whole, with what must come of them."""

from __future__ import annotations

import io
import tomllib
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

from trailhound.model.limits import Budget, Limits
from trailhound.model.source import HEAD_BYTES, Source
from trailhound.readers import choose
from trailhound.readers.mapping import table_rows
from trailhound.text.timestamp import iso

ROOT = Path(__file__).parent / "readers"
READERS = (
    "auditd",
    "w3c",
    "squid",
    "haproxy",
    "sysmon_linux",
    "iptables",
    "aws_access",
    "cef",
    "leef",
    "fortigate",
    "panos",
    "cisco",
    "filterlog",
    "suricata",
    "vpc_flow",
    "nfdump",
    "umbrella",
    "windows_dns",
    "windows_dhcp",
    "bind",
    "unbound",
    "kea",
    "dnsmasq",
    "dhcpd",
    "journald_export",
    "windows_json",
    "mssql_errorlog",
    "exchange",
    "exim",
    "oracle_text",
    "sendmail",
    "windows_xml",
    "journald",
    "syslog",
    "web_access",
    "web_errors",
    "web_json",
    "zeek_tsv",
    "zeek_json",
    "postgres",
    "mysql",
)


def cases():
    for folder in READERS:
        expect = tomllib.loads((ROOT / folder / "expect.toml").read_text(encoding="utf-8"))
        for case in expect["file"]:
            yield pytest.param(ROOT / folder / case["name"], case, id=f"{folder}/{case['name']}")


def source_of(path, case, name=None):
    data = path.read_bytes()
    changed = datetime.fromisoformat(case["modified"]).timestamp() if "modified" in case else None
    return Source(
        name or path.name, lambda: io.BytesIO(data), data[:HEAD_BYTES], size=len(data),
        zone=case.get("zone", ""), modified=changed,
    )  # fmt: skip


class Told:
    """What a source gave: rows by kind, native fields and table cells by record, oddities."""

    def __init__(self, source: Source, limits: Limits | None = None) -> None:
        reader = choose(source)
        assert reader is not None
        self.reader = reader.name
        self.budget = Budget(limits or Limits())
        self.batches = list(reader.read(source, self.budget))
        self.kinds: Counter[str] = Counter()
        for batch in self.batches:
            self.kinds[batch.kind] += batch.rows
        self.raws = {
            int(batch.offsets[row]): batch.raw(row)
            for batch in self.batches
            for row in range(batch.rows)
        }
        self.tables = [
            (table, row)
            for batch in self.batches
            for table, rows in table_rows(batch)
            for row in rows.to_pylist()
        ]

    def cells(self, table, at):
        """Give the one row of a table whose record holds a text."""
        places = self.places(at)
        (row,) = (r for t, r in self.tables if t == table and r["metadata_offset"] in places)
        return row

    def native(self, at, names):
        (place,) = self.places(at)
        return next(
            {name: batch.columns((name,))[name][row] for name in names}
            for batch in self.batches
            for row in range(batch.rows)
            if batch.offsets[row] == place
        )

    def places(self, at):
        return {place for place, raw in self.raws.items() if at.encode() in raw}


@pytest.mark.parametrize(("path", "case"), list(cases()))
def test_sample(path, case):
    told = Told(source_of(path, case))
    assert told.reader == case["reader"]
    assert dict(told.kinds) == case["kinds"]
    assert Counter(table for table, _ in told.tables) == case["tables"]
    assert told.budget.oddities.counts == case.get("oddities", {})


@pytest.mark.parametrize(("path", "case"), list(cases()))
def test_cells(path, case):
    told = Told(source_of(path, case))
    for cell in case.get("cell", []):
        row = told.cells(cell["table"], cell["at"])
        found = {name: shown(name, row[name]) for name in cell["values"]}
        assert found == cell["values"], cell["at"]


def shown(name, value):
    if name == "time":
        return iso(value)
    return "" if value is None else value


@pytest.mark.parametrize(("path", "case"), list(cases()))
def test_native_fields(path, case):
    told = Told(source_of(path, case))
    for native in case.get("native", []):
        assert told.native(native["at"], native["values"]) == native["values"], native["at"]


@pytest.mark.parametrize(("path", "case"), list(cases()))
def test_the_name_does_not_matter(path, case):
    reader = choose(source_of(path, case, "wrong.exe"))
    assert reader is not None
    assert reader.name == case["reader"]


@pytest.mark.parametrize(("path", "case"), list(cases()))
def test_all_bytes_are_accounted_for(path, case):
    budget = Told(source_of(path, case)).budget
    lost = sum(oddity.length for oddity in budget.oddities.kept if oddity.lost)
    assert budget.parsed_bytes + lost == path.stat().st_size


@pytest.mark.parametrize(("path", "case"), list(cases()))
def test_every_row_has_an_identity_of_its_own(path, case):
    rows = [row for _, row in Told(source_of(path, case)).tables]
    assert len({row["metadata_uid"] for row in rows}) == len(rows)


@pytest.mark.parametrize(("path", "case"), list(cases()))
def test_small_batches_change_nothing(path, case):
    whole, small = (Told(source_of(path, case), Limits(batch_rows=rows)) for rows in (1_000_000, 1))
    order = [(row["metadata_offset"], table, row) for table, row in small.tables]
    assert sorted(order, key=str) == sorted(
        ((row["metadata_offset"], table, row) for table, row in whole.tables), key=str
    )
    assert max(batch.rows for batch in small.batches) == 1 or path.parent.name == "zeek_tsv"
