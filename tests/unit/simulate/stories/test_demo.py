from __future__ import annotations

from trailhound.simulate.organisation import write
from trailhound.simulate.settings import Settings


def test_one_intruder_crosses_windows_cloud_network_and_linux(tmp_path):
    truth = write(tmp_path, Settings(people=8, days=4, story="demo"))
    tops = {step.source.split("/")[0] for step in truth.steps}
    assert tops == {"windows", "cloud", "zeek", "linux"}
    days = {step.time // 86_400_000_000 for step in truth.steps}
    assert len(days) == 3
    assert {step.story for step in truth.steps} == {"demo"}


def test_the_demo_is_small_enough_to_be_quick(tmp_path):
    truth = write(tmp_path, Settings(story="demo"))
    assert 60_000 < truth.events < 120_000
