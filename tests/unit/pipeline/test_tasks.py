from __future__ import annotations

import itertools

from tests.unit.pipeline.small import event, write
from trailhound.pipeline import tasks as division
from trailhound.pipeline.tasks import tasks
from trailhound.unpack.walk import files


def listed(folder, **options):
    return list(tasks(files([folder], lambda *_: None), **options))


def test_small_files_go_together_in_order(tmp_path):
    for name in "cab":
        write(tmp_path / "x" / name, [event(1)])
    found = listed(tmp_path / "x", jobs=2)
    assert [part.name for task in found for part in task.parts] == ["x/a", "x/b", "x/c"]
    assert len(found) == 1


def test_a_large_file_is_cut_into_spans_that_cover_it(tmp_path, monkeypatch):
    monkeypatch.setattr(division, "TASK_BYTES", 1_000)
    path = write(tmp_path / "x" / "big.json", [event(n) for n in range(40)])
    parts = [part for task in listed(tmp_path / "x", jobs=2) for part in task.parts]
    assert len(parts) > 2
    assert parts[0].start == 0
    assert parts[-1].stop == path.stat().st_size
    assert all(one.stop == two.start for one, two in itertools.pairwise(parts))


def test_tasks_grow_with_the_evidence_and_stay_many(tmp_path, monkeypatch):
    monkeypatch.setattr(division, "TASK_BYTES", 1_000)
    monkeypatch.setattr(division, "MAX_TASK_BYTES", 4_000)
    path = write(tmp_path / "x" / "big.json", [event(n) for n in range(400)])
    size = path.stat().st_size
    assert {task.bytes for task in listed(tmp_path / "x", jobs=1)[:-1]} == {4_000}
    many = listed(tmp_path / "x", jobs=size // 8 // 2_000)
    assert 1_500 < many[0].bytes < 2_500
    assert many[0].bytes * len(many) >= size
