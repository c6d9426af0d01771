from __future__ import annotations

import shutil

import msgspec

from tests.unit.pipeline.small import event, options, write
from trailhound.pipeline.workspace import scan_into, stored_result
from trailhound.readers.windows_json import READER
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


def test_an_interrupted_scan_keeps_nothing(tmp_path):
    Workspace.init(tmp_path / "case", "test")
    write(tmp_path / "logs" / "a.json", [event(1)])
    (tmp_path / "s").mkdir()
    asked = msgspec.structs.replace(options(tmp_path), tables=True, segments=str(tmp_path / "s"))

    pressed: list[object] = []

    def stop(done):
        if not pressed:
            pressed.append(done)
            raise KeyboardInterrupt

    assert scan_into(tmp_path / "case", [tmp_path / "logs"], asked, stop).interrupted
    assert stored_result(tmp_path / "case").findings == []
    assert len(kept(tmp_path, tmp_path / "logs", "again").findings) == 1


def test_what_gave_nothing_is_read_again(tmp_path, monkeypatch):
    Workspace.init(tmp_path / "case", "test")
    write(tmp_path / "logs" / "a.json", [event(1)])

    def broken(*_):
        raise RuntimeError("bug")

    with monkeypatch.context() as patched:
        patched.setattr(type(READER), "read", broken)
        assert kept(tmp_path, tmp_path / "logs", "s1").findings == []
    assert len(kept(tmp_path, tmp_path / "logs", "s2").findings) == 1


def rows_kept(tmp_path):
    with Workspace.open(tmp_path / "case") as workspace, workspace.reading() as view:
        return sum(file.rows for file in view.event_files())


def test_a_copy_in_the_same_scan_counts_once(tmp_path):
    Workspace.init(tmp_path / "case", "test")
    for name in ("a.json", "b.json"):
        write(tmp_path / "logs" / name, [event(1), event(2)])
    kept(tmp_path, tmp_path / "logs", "s1")
    assert rows_kept(tmp_path) == 2


def test_damaged_evidence_counts_once_too(tmp_path):
    Workspace.init(tmp_path / "case", "test")
    path = write(tmp_path / "logs" / "a.json", [event(1)])
    path.write_bytes(path.read_bytes() + b"{broken\n")
    assert kept(tmp_path, tmp_path / "logs", "s1").inputs[0].incomplete
    kept(tmp_path, tmp_path / "logs", "s2")
    assert rows_kept(tmp_path) == 1
