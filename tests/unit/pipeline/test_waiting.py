from __future__ import annotations

import pytest

from tests.unit.pipeline.small import event, write
from trailhound.model.limits import Budget
from trailhound.model.result import InputReport
from trailhound.model.source import Source
from trailhound.pipeline import waiting
from trailhound.pipeline.waiting import Waiting
from trailhound.readers.windows_json import READER


def batches(tmp_path, name, count):
    path = write(tmp_path / name, [event(n) for n in range(count)])
    data = path.read_bytes()
    source = Source(name, lambda: path.open("rb"), data[:4096], path, len(data))
    return [(batch, InputReport(name, "", 0)) for batch in READER.read(source, Budget())]


def test_every_row_comes_back_once_with_its_source(tmp_path):
    held = Waiting()
    for name in ("a", "b", "c"):
        for batch, report in batches(tmp_path, name, 3):
            assert list(held.add(batch, report)) == []
    ((joined, reports),) = held.flush()
    assert joined.rows == 9
    assert [report.source for report in reports] == ["a", "b", "c"]
    assert [joined.source_of(row) for row in (0, 2, 3, 8)] == ["a", "a", "b", "c"]
    assert list(held.flush()) == []


def test_large_batches_do_not_wait(tmp_path, monkeypatch):
    monkeypatch.setattr(waiting, "LARGE_ROWS", 3)
    ((batch, report),) = batches(tmp_path, "a", 3)
    assert [ready for ready, _ in Waiting().add(batch, report)] == [batch]


@pytest.mark.parametrize("limit", ["GROUP_ROWS", "TOTAL_ROWS"])
def test_what_waits_is_bounded(tmp_path, monkeypatch, limit):
    monkeypatch.setattr(waiting, limit, 6)
    held = Waiting()
    ready = [
        batch.rows
        for name in "abcde"
        for one, report in batches(tmp_path, name, 3)
        for batch, _ in held.add(one, report)
    ]
    assert ready == [6, 6]
    assert [batch.rows for batch, _ in held.flush()] == [3]
