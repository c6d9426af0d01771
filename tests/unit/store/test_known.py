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
