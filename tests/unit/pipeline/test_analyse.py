from __future__ import annotations

import gc

from tests.unit.pipeline.small import event, options, write
from trailhound.model.result import InputReport
from trailhound.pipeline.analyse import INTERNAL, merged_inputs
from trailhound.pipeline.scan import scan
from trailhound.readers.windows_json import READER
from trailhound.rules.sigma.engine import SigmaEngine


def test_a_bug_in_a_reader_costs_one_source_and_is_said(tmp_path, monkeypatch):
    write(tmp_path / "logs" / "a.json", [event(1)])
    write(tmp_path / "logs" / "b.json", [event(2)])
    real = type(READER).read

    def broken(self, source, budget):
        if source.name.endswith("a.json"):
            raise RuntimeError("bug")
        return real(self, source, budget)

    monkeypatch.setattr(type(READER), "read", broken)
    result = scan([tmp_path / "logs"], options(tmp_path))
    first, second = result.inputs
    assert first.incomplete
    assert INTERNAL in first.oddity_counts
    assert second.events == 1
    assert len(result.findings) == 1


def test_unknown_formats_are_reported(tmp_path):
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "x").write_bytes(b"\x00\x01\x02 nothing known")
    (report,) = scan([tmp_path / "logs"], options(tmp_path)).inputs
    assert (report.status, report.reader) == ("unknown", "")


def test_reports_of_spans_are_joined():
    one = InputReport("a", "r", 2, first=5, last=9)
    two = InputReport("a", "r", 3, first=1, last=7, incomplete=True)
    (both,) = merged_inputs([one, two])
    assert (both.events, both.first, both.last, both.incomplete) == (5, 1, 9, True)


def test_a_bug_in_judging_is_said_of_each_source(tmp_path, monkeypatch):
    write(tmp_path / "logs" / "a.json", [event(1)])
    write(tmp_path / "logs" / "b.json", [event(2)])

    def broken(*_):
        raise RuntimeError("bug")

    monkeypatch.setattr(SigmaEngine, "run", broken)
    result = scan([tmp_path / "logs"], options(tmp_path))
    assert [one.oddity_counts for one in result.inputs] == [{INTERNAL: 1}] * 2
    assert all(one.incomplete for one in result.inputs)


def test_a_record_without_a_time_is_outside_of_no_range(tmp_path):
    undated = event(1)
    del undated["EventTime"]
    write(tmp_path / "logs" / "a.json", [undated, event(2)])
    result = scan([tmp_path / "logs"], options(tmp_path, since=2**62))
    assert [one.evidence.count for one in result.findings] == [1]


def test_garbage_is_collected_again_afterwards(tmp_path):
    write(tmp_path / "logs" / "a.json", [event(1)])
    scan([tmp_path / "logs"], options(tmp_path))
    assert gc.isenabled()
