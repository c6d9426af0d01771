from __future__ import annotations

import json

import pyarrow.parquet as pq
import pytest

from trailhound.model.errors import UsageError
from trailhound.pipeline.evidence import evidence
from trailhound.store.workspace import Workspace

RECORD = {
    "Event": {
        "System": {
            "Provider": {"#attributes": {"Name": "Microsoft-Windows-Security-Auditing"}},
            "EventID": 4625,
            "Channel": "Security",
            "Computer": "FIN-PC07",
            "EventRecordID": 7,
            "TimeCreated": {"#attributes": {"SystemTime": "2024-11-04T12:00:00.000000Z"}},
        },
        "EventData": {"TargetUserName": "a.meyer", "IpAddress": "203.0.113.20", "LogonType": 3},
    }
}


def test_paths_become_tables_that_are_gone_afterwards(tmp_path):
    (tmp_path / "s.json").write_text(3 * (json.dumps(RECORD) + "\n"))
    with evidence([tmp_path / "s.json"]) as found:
        files = [path for paths in found.tables.values() for path in paths]
        assert sum(pq.read_metadata(path).num_rows for path in files) == 3
        assert [one.events for one in found.inputs] == [3]
    assert not any(path.exists() for path in files)


def test_a_workspace_is_read_and_not_changed(tmp_path):
    Workspace.init(tmp_path / "case", "0.1.0")
    with evidence((), tmp_path / "case") as found:
        assert found.tables == {}


def test_one_source_of_evidence_is_needed(tmp_path):
    with pytest.raises(UsageError, match="--workspace"), evidence(()):
        pass
    with pytest.raises(UsageError, match="--workspace"), evidence((tmp_path,), tmp_path):
        pass
