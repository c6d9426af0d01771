"""Hand-made batches and a fresh workspace for the tests of the store."""

from __future__ import annotations

import pyarrow as pa
import pytest

from trailhound.model.entity import Entity, EntityType, Role
from trailhound.model.finding import (
    Detector,
    DetectorKind,
    Evidence,
    Finding,
    Nature,
    Pointer,
    Reason,
    Severity,
)
from trailhound.model.result import InputReport
from trailhound.store.workspace import Workspace

DAY = 86_400_000_000
NOON = 1_730_721_600_000_000  # 2024-11-04 12:00 UTC


@pytest.fixture
def logins():
    def make(count=4, *, start=NOON, step=60_000_000, user="a.meyer", source="auth.log"):
        return pa.RecordBatch.from_pydict(
            {
                "metadata_uid": [f"{source}-{start}-{n}" for n in range(count)],
                "time": pa.array([start + n * step for n in range(count)], pa.int64()),
                "metadata_source": [source] * count,
                "activity_name": ["Logon"] * count,
                "status": ["Success"] * count,
                "user_name": [user] * count,
                "src_endpoint_ip": ["203.0.113.20"] * count,
            }
        )

    return make


@pytest.fixture
def root(tmp_path):
    Workspace.init(tmp_path / "case", "0.1.0")
    return tmp_path / "case"


@pytest.fixture
def finding():
    def make(name="f1", *, title="A rule matched", time=NOON, severity=Severity.HIGH):
        pointer = Pointer("auth.log", "uid-1", 120, NOON, {"user": "a.meyer"})
        return Finding(
            id=name,
            time=time,
            title=title,
            severity=severity,
            nature=Nature.IOA,
            confidence=0.7,
            detector=Detector(DetectorKind.RULE, "rule-1"),
            entities=(Entity(EntityType.USER, "a.meyer", Role.ACTOR),),
            evidence=Evidence(1, NOON, NOON, (pointer,)),
            because=(Reason("user", "a.meyer", "equals", "a.meyer"),),
        )

    return make


@pytest.fixture
def scan(logins):
    """Register a batch as one scan would; gives the run's number."""

    def make(workspace, batch=None, *, digest="d1", at=NOON):
        with workspace.transaction() as tx:
            run = tx.begin_run("scan", "0.1.0", at)
        writer = workspace.events(f"run{run:06d}")
        writer.add("authentication", batch if batch is not None else logins())
        report = InputReport("auth.log", "syslog", 4, 100, digest=digest, oddity_counts={"x": 2})
        with workspace.transaction() as tx:
            tx.register_parquet(writer.flush(), run=run, input_digest=digest)
            tx.register_input(report, run=run)
            tx.end_run(run, at + 1, "done", {"events": 4})
        return run

    return make
