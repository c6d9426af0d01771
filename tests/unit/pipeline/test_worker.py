from __future__ import annotations

import msgspec

from tests.unit.pipeline.small import event, options, write
from trailhound.pipeline.analyse import Analysis
from trailhound.pipeline.tasks import Part, Task
from trailhound.pipeline.worker import Order, _Worker


def test_an_order_is_answered_with_its_analysis(tmp_path):
    path = write(tmp_path / "a.json", [event(1)])
    task = Task(7, (Part("a.json", str(path)),), path.stat().st_size)
    order = msgspec.msgpack.encode(Order(options(tmp_path), task))
    analysis = msgspec.msgpack.decode(_Worker().answer(order), type=Analysis)
    assert analysis.number == 7
    assert analysis.inputs[0].events == 1
    assert sum(map(len, analysis.collected.rules.values())) == 1
