from __future__ import annotations

import json
import zipfile

from tests.unit.pipeline.small import event, options, write
from trailhound.pipeline.raw import raw_records
from trailhound.pipeline.scan import scan


def test_a_pointer_leads_back_to_its_record(tmp_path):
    write(tmp_path / "logs" / "a.json", [event(1, "calc"), event(2)])
    result = scan([tmp_path / "logs"], options(tmp_path))
    (pointer,) = result.findings[0].evidence.pointers
    raw = raw_records([tmp_path / "logs"], [pointer])
    assert json.loads(raw[pointer.event_uid])["RecordNumber"] == 2


def test_a_changed_record_is_missing_not_wrong(tmp_path):
    path = write(tmp_path / "logs" / "a.json", [event(1)])
    result = scan([tmp_path / "logs"], options(tmp_path))
    (pointer,) = result.findings[0].evidence.pointers
    write(path, [event(7)])
    assert raw_records([tmp_path / "logs"], [pointer]) == {}


def test_a_record_inside_an_archive_is_found(tmp_path):
    path = write(tmp_path / "a.json", [event(1, "calc"), event(2)])
    (tmp_path / "logs").mkdir()
    with zipfile.ZipFile(tmp_path / "logs" / "a.zip", "w") as archive:
        archive.write(path, "inner.json")
    result = scan([tmp_path / "logs"], options(tmp_path))
    (pointer,) = result.findings[0].evidence.pointers
    raw = raw_records([tmp_path / "logs"], [pointer])
    assert json.loads(raw[pointer.event_uid])["RecordNumber"] == 2
