from __future__ import annotations

import json
import zipfile

import msgspec

from tests.results import finding
from tests.unit.pipeline.small import event, options, write
from trailhound.model.finding import Severity
from trailhound.pipeline import raw as module
from trailhound.pipeline.raw import KEPT_EACH, raw_records, worth_keeping
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


def sourced(number, source, severity=Severity.HIGH, pointers=1):
    made = finding(number=number, severity=severity, pointers=pointers)
    moved = tuple(msgspec.structs.replace(p, source=source) for p in made.evidence.pointers)
    evidence = msgspec.structs.replace(made.evidence, pointers=moved)
    return msgspec.structs.replace(made, evidence=evidence)


def test_the_first_records_of_the_worst_findings_are_kept():
    low, high = sourced(1, "a", Severity.LOW, 20), sourced(2, "a", Severity.HIGH, 20)
    chosen = worth_keeping([low, high], {"a": 100})
    assert chosen == [*high.evidence.pointers[:KEPT_EACH], *low.evidence.pointers[:KEPT_EACH]]


def test_a_source_that_is_not_at_hand_gives_none():
    assert worth_keeping([sourced(1, "a")], {"b": 5}) == []


def test_reading_again_has_a_limit_for_the_worst_first(monkeypatch):
    monkeypatch.setattr(module, "READ_AGAIN", 100)
    found = [sourced(1, "small", Severity.LOW), sourced(2, "large"), sourced(3, "large")]
    chosen = worth_keeping(found, {"small": 40, "large": 90})
    assert [one.source for one in chosen] == ["large", "large"]
    chosen = worth_keeping(found, {"small": 40, "large": 190})
    assert [one.source for one in chosen] == ["small"]


def test_keeping_has_a_limit(monkeypatch):
    monkeypatch.setattr(module, "KEPT_RECORDS", 3)
    assert len(worth_keeping([sourced(1, "a", pointers=9)], {"a": 1})) == 3


def test_a_file_whose_name_has_an_exclamation_mark_is_found(tmp_path):
    write(tmp_path / "logs" / "a!b.json", [event(1)])
    result = scan([tmp_path / "logs"], options(tmp_path))
    (pointer,) = result.findings[0].evidence.pointers
    assert raw_records([tmp_path / "logs"], [pointer])
