from __future__ import annotations

import pytest

from trailhound.model.batch import NO_TIME
from trailhound.rules.records import Native, RecordBatch, batches, kind_of, route_of
from trailhound.rules.sigma.logsource import bindings
from trailhound.rules.sigma.rule import LogSource


def batch(*records: dict, kind: str = "m365.audit") -> RecordBatch:
    return RecordBatch([Native(kind, record, NO_TIME) for record in records], range(len(records)))


def test_dotted_names_reach_into_objects_and_literal_keys():
    found = batch({"a": {"b": 1}}, {"a.b": 2}, {"a": [{"b": 3}, {"b": 4}]}, {"a": 5})
    assert found.columns(["a.b"])["a.b"] == [1, 2, [3, 4], None]


def test_named_members():
    record = {
        "P": [
            {"Name": "To", "Value": "x"},
            {"Name": "M", "NewValue": "n"},
            {"Name": "D", "Value": {"k": 1}},
        ]
    }
    names = ["P.To", "P.M.NewValue", "P.D", "P.Name", "P.Nobody", "Q.To"]
    found = batch(record, {"P.To": "literal"}, {"P": "text"}).columns(names)
    assert found["P.To"] == ["x", "literal", None]
    assert found["P.M.NewValue"] == ["n", None, None]
    assert found["P.D"] == ['{"k":1}', None, None]
    assert found["P.Name"][0] == ["To", "M", "D"]
    assert found["P.Nobody"] == found["Q.To"] == [None, None, None]


def test_batches_group_by_kind_and_route():
    records = [
        Native("windows", {"Channel": "A", "EventID": 1}, 5),
        Native("linux.syslog", {"program": "sshd"}, 6),
        Native("windows", {"Channel": "A", "EventID": "1"}, 7),
    ]
    found = list(batches(records))
    assert [(one.kind, positions) for one, positions in found] == [
        ("windows", [0, 2]),
        ("linux.syslog", [1]),
    ]
    assert found[0][0].route == {"Channel": "A", "EventID": "1", "Provider_Name": ""}
    assert found[0][0].times().tolist() == [5, 7]


def test_route_of():
    assert route_of("aws.cloudtrail", {"eventName": "x"}) == {}
    assert route_of("linux.syslog", {}) == {"program": ""}


@pytest.mark.parametrize(
    ("record", "source", "kind"),
    [
        ({"Channel": "Security"}, LogSource("", "aws", "cloudtrail"), "windows"),
        ({"eventName": "x"}, LogSource("", "aws", "cloudtrail"), "aws.cloudtrail"),
        ({"program": "sshd"}, LogSource("", "linux", "sshd"), "linux.syslog"),
        ({"EventID": 1}, LogSource("process_creation", "linux"), "linux.sysmon"),
        ({"program": "sudo"}, LogSource("process_creation", "linux"), "linux.syslog"),
        ({"x": 1}, LogSource("", "", "orphan"), "windows"),
    ],
)
def test_kind_of(record, source, kind):
    assert kind_of(record, bindings(source)) == kind
