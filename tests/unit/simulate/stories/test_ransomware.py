from __future__ import annotations

import base64
import itertools


def commands(small):
    events = [e["winlog"] for e in small.windows() if e["winlog"]["event_id"] == "1"]
    return [event["event_data"] for event in events]


def test_word_starts_a_powershell_whose_script_can_be_decoded(small):
    (data,) = [d for d in commands(small) if "-w hidden" in d["CommandLine"]]
    assert data["ParentImage"].endswith("WINWORD.EXE")
    script = base64.b64decode(data["CommandLine"].partition("-enc ")[2]).decode("utf-16-le")
    assert script.startswith("IEX (New-Object Net.WebClient)")


def test_the_beacon_is_regular_but_not_exact(small):
    calls = [r for r in small.zeek("ssl") if r["server_name"] == "telemetry-edge.example"]
    times = [float(row["ts"]) for row in calls]
    gaps = [b - a for a, b in itertools.pairwise(times)]
    assert len(calls) == 7 * 60
    assert 56 < min(gaps) < max(gaps) < 64
    assert len(set(gaps)) > 100


def test_the_domain_falls(small):
    told = {step.technique for step in small.truth.steps if step.story == "ransomware"}
    assert {
        "T1003.001",
        "T1003.003",
        "T1047",
        "T1569.002",
        "T1136.002",
        "T1490",
        "T1070.001",
    } <= told
    groups = [
        e["winlog"]["event_data"] for e in small.windows() if e["winlog"]["event_id"] == "4728"
    ]
    assert "Domain Admins" in {data["TargetUserName"] for data in groups}


def test_gigabytes_leave_in_the_night(small):
    big = [
        r
        for r in small.zeek("conn")
        if r["orig_bytes"].isdigit() and int(r["orig_bytes"]) > 5 * 10**9
    ]
    assert [row["id.resp_h"] for row in big] == ["203.0.113.66"]


def test_the_log_is_cleared_at_the_end(small):
    events = [e for e in small.windows() if e["winlog"]["event_id"] == "1102"]
    assert [e["host"]["name"] for e in events] == ["FS01.corp.acme.example"]
