"""Samples of each reader of a binary format, read whole, with what must come of them."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path

import pytest

from tests.golden.test_text_readers import Told, shown, source_of
from trailhound.model.limits import Limits
from trailhound.readers import choose

ROOT = Path(__file__).parent / "readers"
READERS = ("pcap",)


def cases():
    for folder in READERS:
        expect = tomllib.loads((ROOT / folder / "expect.toml").read_text(encoding="utf-8"))
        for case in expect["file"]:
            yield pytest.param(ROOT / folder / case["name"], case, id=f"{folder}/{case['name']}")


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
        found = [
            {name: shown(name, row[name]) for name in cell["values"]}
            for table, row in told.tables
            if table == cell["table"]
        ]
        assert cell["values"] in found, found


@pytest.mark.parametrize(("path", "case"), list(cases()))
def test_native_fields(path, case):
    told = Told(source_of(path, case))
    for native in case.get("native", []):
        found = [
            {name: batch.columns((name,))[name][row] for name in native["values"]}
            for batch in told.batches
            if batch.kind == native["kind"]
            for row in range(batch.rows)
        ]
        assert native["values"] in found, found


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
    assert sorted(small.tables, key=str) == sorted(whole.tables, key=str)
    assert max(batch.rows for batch in small.batches) == 1
