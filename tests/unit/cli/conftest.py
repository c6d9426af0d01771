"""A workspace with a few logins, and a runner of commands."""

from __future__ import annotations

import pyarrow as pa
import pytest
from click.testing import CliRunner

from trailhound.cli import cli
from trailhound.store.workspace import Workspace

NOON = 1_730_721_600_000_000  # 2024-11-04 12:00 UTC


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "none"))


@pytest.fixture
def run():
    def invoke(*arguments):
        return CliRunner().invoke(cli, [str(part) for part in arguments])

    return invoke


@pytest.fixture
def filled(tmp_path):
    root = tmp_path / "case"
    Workspace.init(root, "0.1.0")
    rows = {
        "metadata_uid": ["u1", "u2", "u3"],
        "time": pa.array([NOON + 60_000_000, NOON, None], pa.int64()),
        "metadata_time_basis": ["exact", "zone_assumed", None],
        "activity_name": ["Logon", "Logon", None],
        "status": ["Success", "Failure", None],
        "user_name": ["a.meyer", "=cmd()", "evil\x1b[31m\n\u202ename"],
        "src_endpoint_ip": ["203.0.113.20", "10.0.0.1", None],
        "device_hostname": ["FIN-PC07", None, None],
    }
    with Workspace.open(root, write=True) as workspace:
        writer = workspace.events("run000001")
        writer.add("authentication", pa.RecordBatch.from_pydict(rows))
        with workspace.transaction() as tx:
            tx.register_parquet(writer.flush(), run=tx.begin_run("scan", "0.1.0", NOON))
    return root
