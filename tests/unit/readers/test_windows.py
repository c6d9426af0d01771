from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.readers.windows_samples import (
    ASKED,
    NOON,
    SECURITY,
    SYSTEM,
    TIME,
    batches,
    event,
    one,
    row,
    text_of,
)
from trailhound.model.batch import NO_TIME
from trailhound.model.limits import Budget
from trailhound.readers.evtx_router import EvtxRouter

if TYPE_CHECKING:
    from trailhound.readers.windows import WindowsBatch

# --- wrappers -----------------------------------------------------------------------------------


@pytest.mark.parametrize("record", [event(), event()["Event"]], ids=["Event", "bare"])
def test_xml_as_json(record):
    batch = one(record)
    assert batch.kind == "windows"
    assert batch.route == {"Channel": "Security", "EventID": "4624", "Provider_Name": SECURITY}
    assert row(batch, *ASKED) == [
        "Security", "4624", SECURITY, "fin-pc07.example.com", 77, 0, 12544, 0,
        "0x8020000000000000", "S-1-5-18", 568, TIME, "anna", 3, None,
    ]  # fmt: skip
    assert batch.times().tolist() == [NOON]
    assert batch.uids([0]) == ["fin-pc07.example.com/Security/77"]
    assert {"TargetUserName", "Channel", "EventID", "Provider_Name"} <= batch.native_names()
    assert batch.record(0) == record


@pytest.mark.parametrize(
    "event_id",
    [4624, "4624", {"#attributes": {"Qualifiers": 16384}, "#text": 4624}, {"Value": 4624}],
)
def test_event_ids_may_be_objects(event_id):
    assert one(event(EventID=event_id)).route["EventID"] == "4624"


@pytest.mark.parametrize(
    "provider",
    [
        {"#attributes": {"Name": "Eventlog"}},
        {"#attributes": {"EventSourceName": "Eventlog"}},
        {"Name": "Eventlog"},
        "Eventlog",
    ],
)
def test_providers_are_named_in_many_ways(provider):
    assert one(event(Provider=provider)).route["Provider_Name"] == "Eventlog"


@pytest.mark.parametrize(
    "time", [{"#attributes": {"SystemTime": TIME}}, {"SystemTime": TIME}, TIME]
)
def test_times_are_found_in_many_places(time):
    assert one(event(TimeCreated=time)).times().tolist() == [NOON]


def test_an_event_without_a_time_is_still_an_event():
    assert one(event(drop=["TimeCreated"])).times().tolist() == [NO_TIME]


@pytest.mark.parametrize("wrapped", [True, False], ids=["Event", "bare"])
def test_user_data_is_looked_into(wrapped):
    """1102, the security log was cleared: the fields are in UserData, below a name of their own."""
    inner = {
        "System": SYSTEM | {"EventID": 1102, "Provider": "Microsoft-Windows-Eventlog"},
        "UserData": {
            "#attributes": {"xmlns": "x"},
            "LogFileCleared": {"SubjectUserName": "anna", "SubjectLogonId": "0x3e7"},
        },
    }
    batch = one({"Event": inner} if wrapped else inner)
    assert row(batch, "SubjectUserName", "SubjectLogonId", "EventID") == ["anna", "0x3e7", "1102"]


@pytest.mark.parametrize("nothing", [None, "text", [], 7])
def test_an_event_without_fields_is_no_loss(nothing):
    record = {"System": SYSTEM, "EventData": nothing, "UserData": nothing}
    assert row(one({"Event": record}), "Computer", "TargetUserName") == [
        "fin-pc07.example.com",
        None,
    ]
    assert row(one(record), "TargetUserName") == [None]
    assert row(one({"Event": {"System": SYSTEM}}), "TargetUserName") == [None]


def test_unnamed_data_keeps_its_name():
    batch = one(event({"Data": {"#text": ["a", "b"]}}))
    assert row(batch, "Data") == [["a", "b"]]


WINLOG: dict[str, Any] = {
    "channel": "Microsoft-Windows-Sysmon/Operational",
    "event_id": 1,
    "provider_name": "Microsoft-Windows-Sysmon",
    "computer_name": "fin-pc07",
    "record_id": 9,
    "event_data": {"Image": "C:\\a.exe", "CommandLine": "a.exe -x"},
}


def test_winlogbeat():
    batch = one({"@timestamp": TIME, "winlog": WINLOG, "host": {"name": "other"}})
    assert row(batch, "Image", "CommandLine", "Computer", "EventRecordID") == [
        "C:\\a.exe", "a.exe -x", "fin-pc07", 9,
    ]  # fmt: skip
    assert batch.route == {
        "Channel": "Microsoft-Windows-Sysmon/Operational",
        "EventID": "1",
        "Provider_Name": "Microsoft-Windows-Sysmon",
    }
    assert batch.times().tolist() == [NOON]
    assert batch.uids([0]) == ["fin-pc07/Microsoft-Windows-Sysmon/Operational/9"]


def test_fields_that_ecs_moved_are_found():
    record = {
        "@timestamp": TIME,
        "winlog": WINLOG | {"event_data": {"Image": "", "ProcessGuid": "{1}"}},
        "process": {"executable": "C:\\moved.exe", "command_line": "moved.exe -y"},
        "user": {"name": "anna"},
    }
    batch = one(record)
    assert row(batch, "Image", "CommandLine", "User", "ProcessGuid", "QueryName") == [
        "C:\\moved.exe", "moved.exe -y", "anna", "{1}", None,
    ]  # fmt: skip


def test_fields_of_the_event_win_over_ecs():
    record = {"@timestamp": TIME, "winlog": WINLOG, "process": {"executable": "C:\\other.exe"}}
    assert row(one(record), "Image") == ["C:\\a.exe"]


def test_only_ecs_has_moved_fields():
    record = event({"ProcessGuid": "{1}"}) | {"process": {"executable": "C:\\other.exe"}}
    assert row(one(record), "Image") == [None]


@pytest.mark.parametrize("data", [{}, {"event_data": None}])
def test_winlogbeat_user_data(data):
    winlog = {k: v for k, v in WINLOG.items() if k != "event_data"} | data
    batch = one({"@timestamp": TIME, "winlog": winlog | {"user_data": {"SubjectUserName": "anna"}}})
    assert row(batch, "SubjectUserName") == ["anna"]


def test_winlogbeat_without_data():
    winlog = {k: v for k, v in WINLOG.items() if k != "event_data"}
    assert row(one({"@timestamp": TIME, "winlog": winlog}), "Image", "Computer") == [
        None, "fin-pc07",
    ]  # fmt: skip


FLAT: dict[str, Any] = {
    "EventTime": "2024-11-04 12:00:00",
    "Hostname": "fin-pc07",
    "Channel": "Security",
    "EventID": 4688,
    "SourceName": SECURITY,
    "RecordNumber": 5,
    "Task": 13312,
    "Keywords": -9214364837600034816,
    "NewProcessName": "C:\\Windows\\cmd.exe",
}


def test_nxlog_writes_flat_records():
    batch = one(FLAT)
    assert row(batch, "NewProcessName", "Computer", "EventRecordID", "Task", "Keywords") == [
        "C:\\Windows\\cmd.exe", "fin-pc07", 5, 13312, -9214364837600034816,
    ]  # fmt: skip
    assert batch.route == {"Channel": "Security", "EventID": "4688", "Provider_Name": SECURITY}
    assert batch.times().tolist() == [NOON]
    assert batch.uids([0]) == ["fin-pc07/Security/5"]


@pytest.mark.parametrize(
    ("instead", "gone"),
    [
        ({"hostname": "fin-pc07"}, "Hostname"),
        ({"Computer": "fin-pc07"}, "Hostname"),
        ({"ProviderName": SECURITY}, "SourceName"),
        ({"Provider_Name": SECURITY}, "SourceName"),
        ({"EventRecordID": 5}, "RecordNumber"),
        ({"@timestamp": TIME}, "EventTime"),
        ({"TimeCreated": TIME}, "EventTime"),
    ],
)
def test_flat_records_have_other_words_for_the_same(instead, gone):
    batch = one({k: v for k, v in FLAT.items() if k != gone} | instead)
    assert row(batch, "Computer", "Provider_Name") == ["fin-pc07", SECURITY]
    assert batch.uids([0]) == ["fin-pc07/Security/5"]
    assert batch.times().tolist() == [NOON]


def test_a_channel_may_be_missing_where_a_provider_is_named():
    stranger = {"#attributes": {"Name": "Contoso-Backup"}}
    assert one(event(Channel=None, Provider=stranger)).route["Channel"] == ""
    assert one(event(drop=["Channel"], Provider=stranger)).route["Channel"] == ""


def test_the_channel_of_a_known_provider_is_known():
    assert one(event(Channel=None)).route["Channel"] == "Security"
    assert one(event(drop=["Channel"])).route["Channel"] == "Security"


# --- what is no event ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "record",
    [
        event(EventID=None),
        event(drop=["EventID"]),
        event(drop=["Channel", "Provider"]),
        {"a": 1},
        {},
        {"winlog": {"channel": "Security"}},
        {"EventID": 4688},
        {"Channel": "Security", "EventData": {"EventID": 4688}},
    ],
)
def test_objects_that_are_no_event_are_said(record):
    budget = Budget()
    assert batches(event(), record, budget=budget)[0].rows == 1
    (oddity,) = budget.oddities.kept
    assert (oddity.kind, oddity.offset, oddity.lost) == ("windows.no_event", 100, True)
    assert oddity.length == len(text_of(record))


@pytest.mark.parametrize("raw", [b"{", b"[1]", b"", b'{"EventID":1,"Channel":"a"},{"EventID":1}'])
def test_what_is_no_json_is_said_and_costs_nothing_else(raw):
    budget = Budget()
    found = batches(event(), raw, event(EventRecordID=78), budget=budget)
    assert [batch.uids([0, 1]) for batch in found] == [
        ["fin-pc07.example.com/Security/77", "fin-pc07.example.com/Security/78"]
    ]
    (oddity,) = budget.oddities.kept
    assert (oddity.kind, oddity.offset, oddity.length) == ("json.syntax", 100, len(raw))


def test_json_that_only_products_write_is_read():
    budget = Budget()
    nan = text_of(event()).encode().replace(b'"LogonType":3', b'"LogonType":NaN')
    latin = text_of(event()).encode().replace(b"anna", b"ann\xe9")
    (batch,) = batches(nan, latin, event(), budget=budget)
    assert batch.columns(("TargetUserName",))["TargetUserName"] == ["anna", "ann\ufffd", "anna"]
    assert batch.columns(("Computer",))["Computer"] == ["fin-pc07.example.com"] * 3
    assert not budget.oddities.counts


# --- routes -------------------------------------------------------------------------------------


def test_each_route_has_its_batch_and_rows_keep_their_order():
    records = [
        event(EventRecordID=1),
        event(EventRecordID=2, EventID=4625),
        event(EventRecordID=3),
        event(EventRecordID=4, Channel="System"),
        event(EventRecordID=5, Provider="Other"),
    ]
    found = batches(*records)
    assert [
        (b.route["EventID"], b.columns(("EventRecordID",))["EventRecordID"]) for b in found
    ] == [
        ("4624", [1, 3]),
        ("4625", [2]),
        ("4624", [4]),
        ("4624", [5]),
    ]
    assert found[0].offsets.tolist() == [0, 200]
    assert json.loads(found[0].raw(1)) == records[2]


def test_wrappers_of_one_route_are_apart():
    moved = {"@timestamp": TIME, "winlog": WINLOG | {"event_data": {}}, "user": {"name": "anna"}}
    own = event(
        {"User": "ben"}, EventID=1, Channel=WINLOG["channel"], Provider=WINLOG["provider_name"]
    )
    first, second = batches(moved, own)
    assert first.route == second.route
    assert first.likeness != second.likeness  # their fields are found in different ways


# --- registry -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "value", "path"),
    [
        ("\\REGISTRY\\MACHINE\\SOFTWARE\\Run", "evil", "HKLM\\SOFTWARE\\Run\\evil"),
        ("\\REGISTRY\\USER\\S-1-5-21\\Run", "evil", "HKU\\S-1-5-21\\Run\\evil"),
        ("\\REGISTRY\\MACHINE\\SOFTWARE\\Run", "", "HKLM\\SOFTWARE\\Run"),
        (None, None, ""),
    ],
)
def test_registry_events_of_security_speak_like_sysmon(key, value, path):
    batch = one(event({"ObjectName": key, "ObjectValueName": value}, EventID=4657))
    assert row(batch, "TargetObject", "ObjectName") == [path, key]


def test_other_events_keep_their_target_object():
    batch = one(event({"ObjectName": "\\REGISTRY\\MACHINE\\x", "TargetObject": "HKCU\\y"}))
    assert row(batch, "TargetObject") == ["HKCU\\y"]


# --- take and join ------------------------------------------------------------------------------


def many(first: int, count: int, source: str) -> WindowsBatch:
    records = [
        event({"TargetUserName": f"user{n}"}, EventRecordID=n) for n in range(first, first + count)
    ]
    return batches(*records, source=source)[0]


def evtx_many(first: int, count: int, source: str) -> WindowsBatch:
    numbers = list(range(first, first + count))
    texts = [text_of(event({"TargetUserName": f"user{n}"}, EventRecordID=n)) for n in numbers]
    return next(iter(EvtxRouter().batches(source, texts, numbers, Budget(), b"digest")))


@pytest.mark.parametrize("make", [many, evtx_many])
@pytest.mark.parametrize("decoded_before", [True, False])
def test_taken_rows_are_those_of_the_whole(make, decoded_before):
    whole = make(0, 6, "a")
    if decoded_before:
        whole.columns(ASKED)
    rows = [1, 4, 5]
    taken = whole.take(rows)
    for name, column in whole.columns(ASKED).items():
        assert taken.columns((name,))[name] == [column[r] for r in rows]
    assert taken.times().tolist() == whole.times()[rows].tolist()
    assert taken.uids([0, 2]) == whole.uids([1, 5])
    assert taken.raw(1) == whole.raw(4)
    assert taken.offsets.tolist() == whole.offsets[rows].tolist()
    assert [taken.source_of(r) for r in range(3)] == ["a"] * 3


@pytest.mark.parametrize("make", [many, evtx_many])
def test_joined_rows_are_those_of_the_parts(make):
    parts = [make(0, 3, "a"), make(10, 2, "b"), make(20, 1, "c")]
    whole = parts[0].joined(parts[1:])
    for name in ASKED:
        wanted = [value for part in parts for value in part.columns((name,))[name]]
        assert whole.columns((name,))[name] == wanted
    assert whole.times().tolist() == [NOON] * 6
    assert whole.uids([0, 3, 5]) == [
        parts[0].uids([0])[0],
        parts[1].uids([0])[0],
        *parts[2].uids([0]),
    ]
    assert [whole.source_of(r) for r in range(6)] == ["a", "a", "a", "b", "b", "c"]
    assert [whole.raw(r) for r in (2, 4)] == [parts[0].raw(2), parts[1].raw(1)]
    assert all(whole.raw(r) in whole.raw_block() for r in range(6))
    taken = whole.take([2, 3, 5])
    assert [taken.source_of(r) for r in range(3)] == ["a", "b", "c"]
    assert taken.columns(("TargetUserName",))["TargetUserName"] == ["user2", "user10", "user20"]
    assert taken.columns(("EventRecordID",))["EventRecordID"] == [2, 10, 20]
