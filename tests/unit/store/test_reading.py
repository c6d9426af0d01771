from __future__ import annotations

import pytest

from trailhound.store.workspace import Workspace


@pytest.fixture
def workspace(root):
    with Workspace.open(root, write=True) as opened:
        yield opened


def test_event_paths_are_the_registered_files(workspace, scan, logins):
    scan(workspace)
    writer = workspace.events("unregistered")
    writer.add("authentication", logins())
    writer.flush()
    with workspace.reading() as view:
        paths = view.event_paths()
    assert list(paths) == ["authentication"]
    assert len(paths["authentication"]) == 1
    assert paths["authentication"][0].is_file()


def test_a_finding_is_found_by_the_start_of_its_id(workspace, finding):
    with workspace.transaction() as tx:
        tx.upsert_findings([finding("ab12"), finding("ab99"), finding("a_x")], run=1)
    with workspace.reading() as view:
        assert [f.id for f in view.finding("ab")] == ["ab12", "ab99"]
        assert view.finding("ab12")[0].title == "A rule matched"
        assert view.finding("a_1") == []
        assert view.finding("%") == []


def test_one_reading_is_one_moment(root, finding):
    with (
        Workspace.open(root, write=True) as writer,
        Workspace.open(root) as reader,
        reader.reading() as view,
    ):
        assert view.findings() == []
        with writer.transaction() as tx:
            tx.upsert_findings([finding()], run=1)
        assert view.findings() == []
        with reader.reading() as later:
            assert len(later.findings()) == 1


def test_the_journal_reads_back_and_verifies(workspace):
    with workspace.transaction() as tx:
        tx.journal(1, "a.meyer", "opened", finding="f1")
        tx.journal(2, "a.meyer", "closed")
    with workspace.reading() as view:
        assert [(e.seq, e.action, e.detail) for e in view.journal()] == [
            (1, "opened", '{"finding":"f1"}'),
            (2, "closed", "{}"),
        ]
        assert view.broken_journal_entry() is None
