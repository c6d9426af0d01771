from __future__ import annotations

import msgspec
import pyarrow.parquet as pq

from tests.unit.pipeline.small import event, options, write
from trailhound.pipeline.analyse import Analyser, Analysis
from trailhound.pipeline.segments import segments
from trailhound.pipeline.tasks import Part, Task
from trailhound.pipeline.worker import Order, _Worker


def test_an_order_is_answered_with_its_analysis(tmp_path):
    path = write(tmp_path / "a.json", [event(1)])
    task = Task(7, (Part("a.json", bytes(path)),), path.stat().st_size)
    order = msgspec.msgpack.encode(Order(options(tmp_path), task))
    analysis = msgspec.msgpack.decode(_Worker().answer(order), type=Analysis)
    assert analysis.number == 7
    assert analysis.inputs[0].events == 1
    assert sum(map(len, analysis.collected.rules.values())) == 1


def test_rules_are_loaded_once_and_tables_go_to_segments(tmp_path, monkeypatch):
    made: list[Analyser] = []

    def make(asked):
        made.append(Analyser(asked))
        return made[-1]

    monkeypatch.setattr("trailhound.pipeline.worker.Analyser", make)
    (tmp_path / "segments").mkdir()
    asked = msgspec.structs.replace(
        options(tmp_path), tables=True, segments=str(tmp_path / "segments")
    )
    answering = _Worker()
    for number in (1, 2):
        path = write(tmp_path / f"{number}.json", [event(number)])
        task = Task(number, (Part(path.name, bytes(path)),), path.stat().st_size)
        answering.answer(msgspec.msgpack.encode(Order(asked, task)))
    assert len(made) == 1
    written = [path for paths in segments(tmp_path / "segments").values() for path in paths]
    assert sum(pq.read_metadata(path).num_rows for path in written) == 2
