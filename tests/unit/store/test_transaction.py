from __future__ import annotations

import msgspec
import pytest

from trailhound.model.finding import Nature, Pointer, Severity
from trailhound.model.incident import Incident
from trailhound.model.result import InputReport
from trailhound.store.records import RawRecord
from trailhound.store.workspace import Workspace


@pytest.fixture
def workspace(root):
    with Workspace.open(root, write=True) as opened:
        yield opened


def stored(workspace):
    with workspace.reading() as view:
        return view.findings(), view.first_seen()


def test_a_finding_is_revised_and_not_doubled(workspace, finding):
    with workspace.transaction() as tx:
        tx.upsert_findings([finding("f1"), finding("f2", time=None)], run=1)
    with workspace.transaction() as tx:
        tx.upsert_findings([finding("f1", title="revised", severity=Severity.LOW)], run=2)
    found, seen = stored(workspace)
    assert [(f.id, f.title, f.severity) for f in found] == [
        ("f2", "A rule matched", Severity.HIGH),
        ("f1", "revised", Severity.LOW),
    ]
    assert seen == {"f1": 1, "f2": 1}
    assert found[0] == finding("f2", time=None)


def test_hostile_text_is_kept(workspace, finding):
    title = "a\x00b\u202e\ud800"
    with workspace.transaction() as tx:
        tx.upsert_findings([finding(title=title)], run=1)
    assert stored(workspace)[0][0].title == "a\x00b\u202e\ufffd"


def test_known_evidence_changes_nothing(workspace):
    report = InputReport("a.log", "syslog", 3, digest="d", oddity_counts={"line.too_long": 2})
    with workspace.transaction() as tx:
        assert tx.register_input(report, run=1)
        assert not tx.register_input(msgspec.structs.replace(report, source="copy.log"), run=2)
    with workspace.reading() as view:
        assert [row.source for row in view.inputs()] == ["a.log"]
        (known,) = view.known(["d", *map(str, range(2000))]).values()
        assert (known.run, known.oddity_counts) == (1, {"line.too_long": 2})


def test_raw_evidence_is_cut_and_replaced(workspace):
    pointer = Pointer("a.log", "u", 7, None, {})
    with workspace.transaction() as tx:
        tx.keep_raw("f1", [RawRecord.of(pointer, b"x" * 5000)] * 120)
        tx.keep_raw("f2", [RawRecord.of(pointer, b"other")])
    with workspace.transaction() as tx:
        tx.keep_raw("f1", [RawRecord.of(pointer, b"y" * 4097)] * 101)
    with workspace.reading() as view:
        kept = view.raw("f1")
        assert len(kept) == 100
        assert kept[0].raw == b"y" * 4096
        assert (kept[0].whole_bytes, kept[0].offset, kept[0].source) == (4097, 7, "a.log")
        assert view.raw("f2")[0].raw == b"other"


def test_forgotten_evidence_may_be_registered_again(workspace):
    report = InputReport("a.log", "syslog", 3, digest="d")
    with workspace.transaction() as tx:
        tx.register_input(report, run=1)
        tx.register_input(msgspec.structs.replace(report, digest="e"), run=1)
        tx.forget_inputs(["d", "unknown"])
    with workspace.reading() as view:
        assert [one.digest for one in view.inputs()] == ["e"]


def test_a_finding_without_evidence_is_dropped_with_its_records(workspace, finding):
    pointer = Pointer("a.log", "u", 7, None, {})
    with workspace.transaction() as tx:
        tx.upsert_findings([finding("f1"), finding("f2")], run=1)
        tx.keep_raw("f1", [RawRecord.of(pointer, b"x")])
        tx.forget_findings(["f1", "unknown"])
    with workspace.reading() as view:
        assert ([one.id for one in view.findings()], view.raw("f1")) == (["f2"], [])


def test_incidents_come_by_score(workspace):
    def incident(name, score):
        return Incident(name, "t", score, Severity.LOW, None, None, Nature.IOA, (), ("f1",), "s")

    with workspace.transaction() as tx:
        tx.upsert_incidents([incident("a", 10), incident("b", 90)], run=1)
        tx.upsert_incidents([incident("a", 95)], run=2)
    with workspace.reading() as view:
        assert [(i.id, i.score) for i in view.incidents()] == [("a", 95), ("b", 90)]


def test_runs_are_numbered_and_closed(workspace):
    with workspace.transaction() as tx:
        first = tx.begin_run("scan", "0.1.0", 5)
        second = tx.begin_run("scan", "0.1.0", 6)
        tx.end_run(first, 9, "done", {"events": 3})
    assert (first, second) == (1, 2)
    with workspace.reading() as view:
        assert [(run.status, run.ended) for run in view.runs()] == [("done", 9), ("running", None)]
        assert view.runs()[0].stats == b'{"events":3}'


def test_what_fails_leaves_nothing(workspace, finding):
    def work():
        with workspace.transaction() as tx:
            tx.upsert_findings([finding()], run=1)
            tx.journal(1, "a", "b")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        work()
    assert stored(workspace) == ([], {})


def test_an_empty_batch_is_fine(workspace):
    with workspace.transaction() as tx:
        tx.upsert_findings([], run=1)
        tx.register_parquet([], run=1)
        tx.keep_raw("f", [])
