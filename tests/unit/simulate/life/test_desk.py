from __future__ import annotations

from trailhound.simulate.clock import HOUR
from trailhound.simulate.life.desk import Desks


def by_code(written, code):
    return [e["winlog"]["event_data"] for e in written.windows() if e["winlog"]["event_id"] == code]


def test_a_day_begins_with_a_ticket_and_ends_with_a_logoff(live):
    written = live(Desks)
    morning = [d for d in by_code(written, "4624") if d["LogonType"] == "2"]
    gone = [d["TargetLogonId"] for d in by_code(written, "4634") if d["LogonType"] == "2"]
    assert len(morning) >= 4
    assert {d["TargetLogonId"] for d in morning} == set(gone)
    asked = {d["TargetUserName"] for d in by_code(written, "4768")}
    assert {d["TargetUserName"] for d in morning} <= asked


def test_nobody_logs_on_twice_a_day(live):
    names = [d["TargetUserName"] for d in by_code(live(Desks), "4624") if d["LogonType"] == "2"]
    assert len(names) == len(set(names))


def test_programs_have_the_parents_that_they_really_have(live):
    starts = by_code(live(Desks), "1")
    for data in starts:
        if "--type=renderer" in data["CommandLine"]:
            assert data["ParentImage"].endswith("chrome.exe")
        if "WINWORD.EXE" in data["CommandLine"]:
            assert data["CommandLine"].split('"')[3].endswith(".docx")
    known = {data["ProcessGuid"] for data in starts}
    assert any(data["ParentProcessGuid"] in known for data in starts)


def test_work_on_the_file_server_is_seen_by_the_server(live):
    written = live(Desks)
    assert by_code(written, "5140")
    assert any(row["id.resp_p"] == "445" for row in written.zeek("conn"))


def test_nothing_happens_before_the_first_workday_begins(live, world):
    early = f"2026-11-02T0{(world.span.start // HOUR) % 24 + 4}"
    assert not [e for e in live(Desks).windows() if e["@timestamp"] < early]
