from __future__ import annotations

import gzip
import json
import shutil

import msgspec
import pyarrow.parquet as pq
import pytest

from tests.unit.pipeline.small import event, options, write
from trailhound.pipeline.workspace import kept_records, scan_into, stored_result
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


def one_finding(result):
    (finding,) = result.findings
    uids = [pointer.event_uid for pointer in finding.evidence.pointers]
    assert len(uids) == len(set(uids))
    return finding.evidence.count, len(uids)


def line(number, command="whoami", minute=0, **more):
    """One record without an id of its own, so that its place names it."""
    made = event(number, command, minute=minute) | more
    del made["RecordNumber"]
    return json.dumps(made | {"Filler": f"n{number}"}) + "\n"


@pytest.fixture
def log(tmp_path):
    Workspace.init(tmp_path / "case", "test")
    (tmp_path / "logs").mkdir()
    return tmp_path / "logs" / "a.json"


@pytest.mark.parametrize("lines", [1, 4, 60])
def test_a_grown_log_counts_its_old_lines_once(tmp_path, log, lines):
    log.write_text("".join(line(n) for n in range(lines)))
    kept(tmp_path, tmp_path / "logs", "s1")
    for step in range(1, 3):
        with log.open("a") as stream:
            stream.write(line(900 + step, minute=step))
        result = kept(tmp_path, tmp_path / "logs", f"grown{step}")
        assert one_finding(result) == (lines + step, lines + step)
        assert rows_kept(tmp_path) == lines + step
    inputs = stored_result(tmp_path / "case").inputs
    assert [(one.source, one.events) for one in inputs] == [("logs/a.json", lines + 2)]


def test_a_log_that_has_grown_and_was_renamed_counts_once(tmp_path, log):
    log.write_text("".join(line(n) for n in range(20)))
    kept(tmp_path, tmp_path / "logs", "s1")
    text = log.read_text() + line(20, minute=1)
    log.with_name("a.json.1").write_text(text)
    log.unlink()
    assert one_finding(kept(tmp_path, tmp_path / "logs", "s2")) == (21, 21)
    log.with_name("a.json.2.gz").write_bytes(gzip.compress(text.encode()))
    assert one_finding(kept(tmp_path, tmp_path / "logs", "s3")) == (21, 21)
    assert rows_kept(tmp_path) == 21


def test_a_rotated_log_is_new_evidence_under_an_old_name(tmp_path, log):
    log.write_text(line(1) + line(2))
    kept(tmp_path, tmp_path / "logs", "s1")
    log.write_text(line(3) + line(4) + line(5))
    assert one_finding(kept(tmp_path, tmp_path / "logs", "s2")) == (5, 5)
    assert rows_kept(tmp_path) == 5
    assert len(stored_result(tmp_path / "case").inputs) == 2


def test_evidence_of_other_sources_is_not_lost(tmp_path, log):
    log.write_text(line(1))
    write(tmp_path / "logs" / "b.json", [event(7), event(8)])
    kept(tmp_path, tmp_path / "logs", "s1")
    with log.open("a") as stream:
        stream.write(line(2, minute=3))
    result = kept(tmp_path, tmp_path / "logs", "s2")
    assert one_finding(result) == (4, 4)
    evidence = result.findings[0].evidence
    assert (evidence.last - evidence.first) == 180_000_000
    write(tmp_path / "more" / "c.json", [event(9)])
    assert one_finding(kept(tmp_path, tmp_path / "more", "s3")) == (5, 5)


@pytest.mark.parametrize("others", [0, 3, 150])
def test_counts_beyond_the_sample_stay_exact(tmp_path, log, others):
    log.write_text("".join(line(n, minute=5) for n in range(130)))
    if others:
        write(tmp_path / "logs" / "b.json", [event(n) for n in range(others)])
    kept(tmp_path, tmp_path / "logs", "s1")
    for step in range(1, 3):
        with log.open("a") as stream:
            stream.write(line(900 + step, minute=9))
        count, shown = one_finding(kept(tmp_path, tmp_path / "logs", f"grown{step}"))
        assert (count, shown) == (130 + others + step, 100)


def test_a_last_line_that_was_half_written_is_read_when_it_is_whole(tmp_path, log):
    log.write_text(line(1) + line(2)[:-40])
    kept(tmp_path, tmp_path / "logs", "s1")
    log.write_text(line(1) + line(2) + line(3))
    assert one_finding(kept(tmp_path, tmp_path / "logs", "s2")) == (3, 3)
    assert rows_kept(tmp_path) == 3


def test_events_with_ids_of_their_own_count_once_in_two_exports(tmp_path, log):
    write(log, [event(n) for n in range(5)])
    kept(tmp_path, tmp_path / "logs", "s1")
    write(tmp_path / "other" / "export.json", [event(n) for n in range(3, 9)])
    assert one_finding(kept(tmp_path, tmp_path / "other", "s2")) == (9, 9)
    assert rows_kept(tmp_path) == 9


def test_record_numbers_that_start_again_are_new_events(tmp_path, log):
    write(log, [event(1)])
    kept(tmp_path, tmp_path / "logs", "s1")
    write(tmp_path / "later" / "a.json", [event(1, minute=30)])
    (finding,) = kept(tmp_path, tmp_path / "later", "s2").findings
    assert (finding.evidence.count, len(finding.evidence.pointers)) == (2, 2)
    assert rows_kept(tmp_path) == 2


def test_raw_records_are_kept_beside_findings(tmp_path, log):
    log.write_text("".join(line(n) for n in range(30)))
    result = kept(tmp_path, tmp_path / "logs", "s1")
    shutil.rmtree(tmp_path / "logs")
    records = kept_records(tmp_path / "case", result.findings[0].id)
    first = result.findings[0].evidence.pointers[:10]
    assert list(records) == [pointer.event_uid for pointer in first]
    assert json.loads(records[first[3].event_uid].raw)["Filler"] == "n3"
    write(tmp_path / "more" / "c.json", [event(9, minute=0)])
    kept(tmp_path, tmp_path / "more", "s2")
    assert set(kept_records(tmp_path / "case", result.findings[0].id)) >= set(records)


def test_events_are_kept_even_when_only_rules_are_asked_for(tmp_path, log):
    write(log, [event(1)])
    (tmp_path / "s").mkdir()
    asked = msgspec.structs.replace(options(tmp_path), tables=False, segments=str(tmp_path / "s"))
    scan_into(tmp_path / "case", [tmp_path / "logs"], asked)
    assert rows_kept(tmp_path) == 1
    with Workspace.open(tmp_path / "case") as workspace, workspace.reading() as view:
        (path,) = next(iter(view.event_paths().values()))
    assert pq.read_metadata(path).num_rows == 1


def test_a_format_that_was_unknown_is_read_once_there_is_a_mapping(tmp_path, log):
    log.write_text("just words\n")
    kept(tmp_path, tmp_path / "logs", "s1")
    again = kept(tmp_path, tmp_path / "logs", "s2")
    assert [one.status for one in again.inputs] == ["unknown"]


def test_a_beginning_that_another_reader_read_is_read_again(tmp_path, log, monkeypatch):
    log.write_text("".join(line(n) for n in range(4)))
    with monkeypatch.context() as patched:
        patched.setattr(type(READER), "name", "other")
        kept(tmp_path, tmp_path / "logs", "s1")
    with log.open("a") as stream:
        stream.write(line(9))
    kept(tmp_path, tmp_path / "logs", "s2")
    assert len(stored_result(tmp_path / "case").inputs) == 2


SSH = "2026-11-04T08:{:02d}:00+00:00 web1 sshd[101]: Accepted password for a.meyer from {}\n"
SSH_RULE = """title: Log-in
id: 22222222-2222-4222-8222-222222222222
level: high
logsource: {product: linux, service: sshd}
detection:
  words: ['Accepted password']
  condition: words
"""


@pytest.mark.parametrize("lines", [0, 1, 40])
def test_the_part_of_a_line_gives_way_to_the_whole_line(tmp_path, log, lines):
    options(tmp_path)
    (tmp_path / "rules" / "ssh.yml").write_text(SSH_RULE)
    log = log.with_name("auth.log")
    text = "".join(SSH.format(n, "203.0.113.20 port 40022 ssh2") for n in range(lines))
    log.write_text(text + SSH.format(50, "203.0.1")[:-3])
    part = kept(tmp_path, tmp_path / "logs", "s1").findings
    assert sum(one.evidence.count for one in part) == lines + 1  # whose log-in is not there yet
    log.write_text(text + SSH.format(50, "203.0.113.21 port 40022 ssh2"))
    assert one_finding(kept(tmp_path, tmp_path / "logs", "s2")) == (lines + 1, lines + 1)
    assert rows_kept(tmp_path) == lines + 1
    with Workspace.open(tmp_path / "case", write=True) as workspace:
        assert workspace.info().unregistered == 0


@pytest.mark.parametrize("number", [2, 12])
def test_a_document_that_was_cut_in_a_record_loses_nothing(tmp_path, log, number):
    text = json.dumps([event(n) for n in range(number)], indent=1)
    log.write_text(text[: text.index('"CommandLine"', len(text) * 2 // 3)])
    kept(tmp_path, tmp_path / "logs", "s1")
    log.write_text(text)
    assert one_finding(kept(tmp_path, tmp_path / "logs", "s2")) == (number, number)
    assert rows_kept(tmp_path) == number
