from __future__ import annotations

import json

import pytest

from tests.unit.readers.evidence import cells, lines_of, only, read, read_with
from trailhound.readers import mapping
from trailhound.readers.google_workspace import APPLICATIONS, READER, parameters


def activity(application="admin", *events, number="1", **members):
    identity = {
        "time": "2026-11-04T08:12:00Z",
        "uniqueQualifier": number,
        "applicationName": application,
    }
    made = {"id": identity, "actor": {"email": "a@example.com"}, "events": list(events)}
    return made | members


def event(name="X", **values):
    return {
        "type": "T",
        "name": name,
        "parameters": [{"name": k, "value": v} for k, v in values.items()],
    }


def test_each_event_is_a_row_with_the_activity_around_it():
    batch = only(read(READER, lines_of(activity("admin", event("A", P="1"), event("B", P="2")))))
    assert batch.kind == "google_workspace.admin"
    assert cells(batch, "eventName") == ["A", "B"]
    assert cells(batch, "eventType") == ["T", "T"]
    assert cells(batch, "parameters.P") == ["1", "2"]
    assert cells(batch, "actor.email") == ["a@example.com"] * 2
    assert len(set(batch.uids([0, 1]))) == 2
    assert batch.times().tolist() == [1793779920000000] * 2


def test_names_of_rules_resolve():
    record = activity(
        "admin",
        event("CHANGE_APPLICATION_SETTING", SETTING_NAME="ContextAwareAccess", NEW_VALUE="false"),
    )
    batch = only(read(READER, lines_of(record)))
    assert cells(batch, "eventService") == ["admin.googleapis.com"]
    assert cells(batch, "setting_name") == ["ContextAwareAccess"]
    assert cells(batch, "new_value") == ["false"]
    assert cells(batch, "protoPayload.metadata.event.eventName") == ["CHANGE_APPLICATION_SETTING"]
    assert cells(batch, "protoPayload.serviceName") == ["admin.googleapis.com"]
    assert cells(batch, "protoPayload.Servicename") == ["admin.googleapis.com"]


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ([{"name": "a", "value": "x"}], {"a": "x"}),
        ([{"name": "a", "boolValue": False}], {"a": False}),
        ([{"name": "a", "intValue": "7"}], {"a": "7"}),
        ([{"name": "a", "multiValue": ["x", "y"]}], {"a": ["x", "y"]}),
        (
            [{"name": "m", "messageValue": {"parameter": [{"name": "b", "value": 1}]}}],
            {"m": {"b": 1}},
        ),
        ([{"name": "a"}, 5, {"value": "x"}], {"a": None}),
        ({"a": "x"}, {"a": "x"}),
        (None, {}),
        ("text", {}),
    ],
)  # fmt: skip
def test_parameters(given, found):
    assert parameters(given) == found


def test_twins_are_one_event_in_any_order():
    for order in (("login", "user_accounts"), ("user_accounts", "login")):
        records = [
            activity(name, event("2sv_enroll"), number=str(n)) for n, name in enumerate(order)
        ]
        batches, budget = read_with(READER, lines_of(*records))
        assert sum(batch.rows for batch in batches) == 1
        assert budget.oddities.counts == {"record.duplicate": 1}


def test_twins_in_two_sources_have_one_identity():
    uids = [
        only(read(READER, lines_of(activity(name, event("2sv_enroll"), number=name)))).uids([0])
        for name in ("login", "user_accounts")
    ]
    assert uids[0] == uids[1]


def test_near_misses_are_two_events():
    records = [
        activity("login", event("login_success"), number="1"),
        activity("login", event("logout"), number="2"),
        activity("user_accounts", event("2sv_enroll"), actor={"email": "other@example.com"}),
        activity("admin", event("login_success"), number="3"),
    ]
    batches, budget = read_with(READER, lines_of(*records))
    assert sum(batch.rows for batch in batches) == 4
    assert not budget.oddities.total


def test_an_application_nobody_knows_makes_no_kind():
    batch = only(read(READER, lines_of(activity("../evil", event()))))
    assert batch.kind == "google_workspace.unknown"
    assert cells(batch, "id.applicationName") == ["../evil"]


def test_every_application_has_its_tables():
    for name in (*APPLICATIONS, "unknown"):
        assert f"google_workspace.{name}" in mapping.mappings()


@pytest.mark.parametrize("events", [[], [5], None, "x", [{"parameters": 7}]])
def test_odd_events_are_rows_all_the_same(events):
    assert sum(b.rows for b in read(READER, lines_of(activity() | {"events": events}))) == 1


def test_single_events_and_wrapped_ones():
    single = {k: v for k, v in activity("drive").items() if k != "events"} | {
        "event": event("download")
    }
    flat = {
        "log": {
            "id": {"applicationName": "drive"},
            "actor": {},
            "name": "edit",
            "parameters": {"doc_id": "d"},
        }
    }
    batch = only(read(READER, lines_of(single, flat)))
    assert cells(batch, "eventName") == ["download", "edit"]
    assert cells(batch, "parameters.doc_id") == [None, "d"]


def test_half_a_surrogate_pair_in_a_parameter():
    line = json.dumps(activity("drive", event("x", doc_title="\ud800"))).encode()
    assert sum(batch.rows for batch in read(READER, line + b"\n")) == 1


def test_bids():
    assert READER.sniff(lines_of(activity("login", event())), "x") >= 0.8
    assert (
        READER.sniff(
            b'{"kind":"x","items":[{"id":{"applicationName":"a","uniqueQualifier":"1"', "x"
        )
        >= 0.8
    )
    assert READER.sniff(b'{"applicationName":"a"}', "x") == 0
