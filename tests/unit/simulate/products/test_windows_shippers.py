from __future__ import annotations

import json

from trailhound.simulate.company import APP, DC, FILES
from trailhound.simulate.products.windows_shippers import RecordNumbers


def test_winlogbeat_writes_ecs(world, at, finished):
    world.windows.service_state(at, FILES, "Spooler", "running")
    (event,) = finished().windows()
    assert event["@timestamp"] == "2026-11-02T09:00:00.000Z"
    assert event["winlog"]["event_id"] == "7036"
    assert event["winlog"]["event_data"] == {"param1": "Spooler", "param2": "running"}
    assert event["host"]["name"] == event["winlog"]["computer_name"] == "FS01.corp.acme.example"
    assert event["event"]["code"] == "7036"


def test_nxlog_writes_one_flat_object_with_the_local_time(world, at, finished):
    world.windows.service_state(at, APP, "Spooler", "running")
    written = finished()
    (line,) = written.lines("windows/nxlog-*")
    event = json.loads(line)
    assert event["EventTime"] == "2026-11-02T10:00:00.000000+01:00"
    assert event["EventID"] == 7036
    assert event["param1"] == "Spooler"
    assert not written.files("windows/winlogbeat-*")


def test_a_cleared_log_carries_user_data(world, at, finished):
    from trailhound.simulate.company import SYSTEM

    world.windows.clear_log(at, DC, SYSTEM)
    (event,) = finished().windows()
    assert event["winlog"]["user_data"]["xml_name"] == "LogFileCleared"
    assert "event_data" not in event["winlog"]


def test_record_numbers_rise_by_one_per_host_and_channel():
    numbers = RecordNumbers(1)
    first = numbers.take("A", "Security")
    assert numbers.take("A", "Security") == first + 1
    assert numbers.take("B", "Security") != first + 2


def test_numbers_of_a_simulation_have_no_gaps(small):
    seen: dict[tuple[str, str], list[int]] = {}
    for event in small.windows():
        winlog = event["winlog"]
        seen.setdefault((winlog["computer_name"], winlog["channel"]), []).append(
            winlog["record_id"]
        )
    assert len(seen) > 10
    for numbers in seen.values():
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def test_old_days_are_compressed_and_the_last_are_plain(small):
    names = [path.name for path in small.files("windows/winlogbeat-*")]
    assert names == [
        "winlogbeat-20261102.ndjson.gz",
        "winlogbeat-20261103.ndjson",
        "winlogbeat-20261104.ndjson",
    ]
