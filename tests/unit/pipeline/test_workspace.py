from __future__ import annotations

import shutil

import msgspec

from tests.unit.pipeline.small import event, options, write
from trailhound.pipeline.workspace import scan_into, stored_result
from trailhound.store.workspace import Workspace


def kept(tmp_path, place, name):
    segments = tmp_path / name
    segments.mkdir()
    asked = msgspec.structs.replace(options(tmp_path), tables=True, segments=str(segments))
    return scan_into(tmp_path / "case", [place], asked)


def test_the_same_evidence_counts_once_also_under_another_name(tmp_path):
    Workspace.init(tmp_path / "case", "test")
    write(tmp_path / "logs" / "a.json", [event(1), event(2, host="PC2")])
    first = kept(tmp_path, tmp_path / "logs", "s1")
    again = kept(tmp_path, tmp_path / "logs", "s2")
    shutil.copy(tmp_path / "logs" / "a.json", tmp_path / "copy.json")
    copy = kept(tmp_path, tmp_path / "copy.json", "s3")
    assert [one.id for one in first.findings] == [one.id for one in again.findings]
    assert [one.id for one in first.findings] == [one.id for one in copy.findings]
    assert [one.known for one in copy.inputs] == [True]
    with Workspace.open(tmp_path / "case") as workspace, workspace.reading() as view:
        assert sum(file.rows for file in view.event_files()) == 2
    assert [one.id for one in stored_result(tmp_path / "case").findings] == [
        one.id for one in first.findings
    ]
