from __future__ import annotations

import pyarrow as pa
import pytest

from trailhound.model.errors import WorkspaceError
from trailhound.store.events import ParquetFile
from trailhound.store.known import KnownEvents, event_key
from trailhound.store.workspace import Workspace


@pytest.fixture
def workspace(root, scan):
    with Workspace.open(root, write=True) as opened:
        scan(opened)
        yield opened


def known_of(workspace, asked=()):
    with workspace.reading() as view:
        return KnownEvents(workspace.root, view.event_files(), asked)


def written(workspace, batch, known):
    writer = workspace.events("next", known)
    writer.add("authentication", batch)
    return sum(file.rows for file in writer.flush())


def test_known_events_are_not_written_again(workspace, logins):
    assert written(workspace, logins(), known_of(workspace)) == 0
    assert written(workspace, logins(6), known_of(workspace)) == 2


def test_another_time_or_day_or_no_id_is_another_event(workspace, logins):
    batch = logins()
    later = batch.set_column(1, "time", pa.array([t + 1 for t in batch["time"].to_pylist()]))
    assert written(workspace, later, known_of(workspace)) == 4
    nameless = batch.set_column(0, "metadata_uid", pa.nulls(4, pa.string()))
    assert written(workspace, nameless, known_of(workspace)) == 4
    timeless = batch.set_column(1, "time", pa.nulls(4, pa.int64()))
    assert written(workspace, timeless, known_of(workspace)) == 4


def test_equal_events_of_one_scan_all_count(root, logins):
    with Workspace.open(root, write=True) as workspace:
        twice = pa.Table.from_batches([logins(), logins()]).combine_chunks().to_batches()[0]
        assert written(workspace, twice, known_of(workspace)) == 8


def test_asked_events_are_told_when_they_are_met(workspace, logins):
    batch = logins()
    uids, times = batch["metadata_uid"].to_pylist(), batch["time"].to_pylist()
    asked = [event_key(uids[1], times[1]), event_key(uids[2], None), "unheard of"]
    known = known_of(workspace, asked)
    written(workspace, batch, known)
    assert known.met == {asked[0]}


def test_a_lost_file_is_said(root, logins):
    gone = ParquetFile("events/authentication/2024-11-04/gone.parquet", "authentication",
                       "2024-11-04", 4, 100)  # fmt: skip
    known = KnownEvents(root, [gone])
    with pytest.raises(WorkspaceError) as raised:
        known.fresh("authentication", "2024-11-04", pa.Table.from_batches([logins()]))
    assert "gone.parquet" in str(raised.value)


def test_files_with_torn_events_are_written_anew_without_them(workspace, logins):
    uids = logins()["metadata_uid"].to_pylist()
    with workspace.reading() as view:
        known = KnownEvents(workspace.root, view.event_files(), torn=[uids[1], "unheard of"])
    assert known.torn_in() == []  # its day was not asked about
    known.fresh("another table", "2024-11-04", pa.Table.from_batches([logins()]))
    (old,) = known.torn_in()
    new = known.whole(old)
    assert new is not None
    assert (new.rows, new.day, new.table) == (3, "2024-11-04", "authentication")
    assert new.path != old.path
    assert (workspace.root / old.path).is_file()


def test_a_file_of_torn_events_only_has_no_successor(workspace, logins):
    with workspace.reading() as view:
        torn = logins()["metadata_uid"].to_pylist()
        known = KnownEvents(workspace.root, view.event_files(), torn=torn)
    written(workspace, logins(), known)
    (old,) = known.torn_in()
    assert known.whole(old) is None


def test_events_of_a_placed_source_are_known_by_place_and_time(workspace, logins):
    def placed(batch, offsets):
        return batch.append_column("metadata_offset", pa.array(offsets, pa.int64()))

    writer = workspace.events("placed")
    writer.add("authentication", placed(logins(source="a.log"), [0, 10, 20, 30]))
    with workspace.transaction() as tx:
        tx.register_parquet(writer.flush(), run=1)
    again = placed(logins(source="a.log"), [0, 10, 25, 30])
    uids = pa.array([f"other {n}" for n in range(4)])
    again = again.set_column(0, "metadata_uid", uids)
    assert written(workspace, again, known_of(workspace)) == 4
    with workspace.reading() as view:
        known = KnownEvents(workspace.root, view.event_files(), placed={"a.log": 30, "b.log": 99})
    assert written(workspace, again, known) == 2  # at 25 and, beyond what is known, at 30
