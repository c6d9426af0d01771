"""Hand-written samples of each JSON and CSV reader, read whole, with what must come of them."""

from __future__ import annotations

import io
import tomllib
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

from trailhound.model.limits import Budget
from trailhound.model.source import Source
from trailhound.readers import choose
from trailhound.readers.mapping import table_rows
from trailhound.text.timestamp import iso

ROOT = Path(__file__).parent / "readers"
READERS = (
    "aws_cloudtrail",
    "m365_audit",
    "entra",
    "google_workspace",
    "cloud_json",
    "splunk_export",
    "signed_csv",
    "generic_json",
    "generic_csv",
)


def cases():
    for folder in READERS:
        expect = tomllib.loads((ROOT / folder / "expect.toml").read_text(encoding="utf-8"))
        for case in expect["file"]:
            yield pytest.param(ROOT / folder / case["name"], case, id=f"{folder}/{case['name']}")


def source_of(data: bytes, name: str) -> Source:
    return Source(name, lambda: io.BytesIO(data), data[:4096], None, len(data))


class Told:
    """What a source gave: rows by kind and table, oddities."""

    def __init__(self, data: bytes, name: str) -> None:
        source = source_of(data, name)
        reader = choose(source)
        assert reader is not None
        self.reader = reader
        self.budget = Budget()
        self.kinds: Counter[str] = Counter()
        self.tables: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
        for batch in self.reader.read(source, self.budget):
            self.kinds[batch.kind] += batch.rows
            for table, rows in table_rows(batch):
                self.tables[table] += rows.to_pylist()


@pytest.mark.parametrize(("path", "case"), list(cases()))
def test_sample(path, case):
    told = Told(path.read_bytes(), path.name)
    assert told.reader.name == case["reader"]
    assert dict(told.kinds) == case["kinds"]
    assert {table: len(rows) for table, rows in told.tables.items()} == case["tables"]
    assert told.budget.oddities.counts == case.get("oddities", {})
    for cell in case.get("cell", []):
        row = told.tables[cell["table"]][cell["row"]]
        found = {name: shown(name, row[name]) for name in cell["values"]}
        assert found == cell["values"]


def shown(name, value):
    if name == "time":
        return iso(value)
    return "" if value is None else value


@pytest.mark.parametrize(("path", "case"), list(cases()))
def test_the_name_does_not_matter(path, case):
    reader = choose(source_of(path.read_bytes(), "wrong.exe"))
    assert reader is not None
    assert reader.name == case["reader"]


@pytest.mark.parametrize(("path", "case"), list(cases()))
def test_all_bytes_are_accounted_for(path, case):
    data = path.read_bytes()
    budget = Told(data, path.name).budget
    lost = sum(oddity.length for oddity in budget.oddities.kept if oddity.lost)
    assert budget.parsed_bytes + lost == len(data)


@pytest.mark.parametrize(("path", "case"), list(cases()))
def test_every_row_has_an_identity_of_its_own(path, case):
    rows = [row for table in Told(path.read_bytes(), path.name).tables.values() for row in table]
    assert len({row["metadata_uid"] for row in rows}) == len(rows)
