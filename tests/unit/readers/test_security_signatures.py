from __future__ import annotations

import pytest

from tests.unit.readers.evidence import cells, lines_of, read
from trailhound.readers.cloud_json import READER

RECORDS = [
    ("crowdstrike.fdr", {"event_simpleName": "ProcessRollup2"}),
    ("crowdstrike.event_stream", {"metadata": {"eventType": "x"}, "event": {}}),
    ("crowdstrike.alert", {"composite_id": 1, "severity": 1, "created_timestamp": "x"}),
    ("sentinelone.threat", {"threatInfo": {}}),
    ("sentinelone.activity", {"activityType": 27, "primaryDescription": "x"}),
    ("sentinelone.deep_visibility", {"event.type": 1, "event.time": 1, "endpoint.name": 1}),
    ("aws.guardduty", {"service": {}, "resource": {}, "arn": "x", "schemaVersion": "2.0"}),
    ("aws.guardduty", {"detail-type": 1, "detail": {"schemaVersion": 1}, "source": 1}),
    ("aws.security_hub", {"ProductArn": "x", "GeneratorId": "x", "AwsAccountId": "x"}),
    (
        "aws.config",
        {"configurationItemCaptureTime": 1, "resourceType": 1, "configurationItemStatus": 1},
    ),
    ("aws.route53_resolver", {"query_name": "x", "query_type": "x", "srcaddr": "x"}),
    ("aws.s3_access", {"bucket": "x", "requester": "x", "operation": "x"}),
    ("aws.vpcflow", {"srcAddr": "x", "dstAddr": "x", "dstPort": 1}),
    ("umbrella.dns", {"internalIp": "x", "externalIp": "x", "responseCode": "x"}),
    ("netskope.audit", {"audit_log_event": "x"}),
    ("netskope.alert", {"alert_type": "x", "alert_name": "x", "_id": "x"}),
    ("proofpoint.message", {"messageTime": "x", "phishScore": 1, "recipient": []}),
    ("proofpoint.click", {"clickTime": "x", "url": "x", "clickIP": "x"}),
    ("zscaler.audit", {"auditlogtype": "ZIA", "adminid": "x", "action": "x"}),
    ("push_security.event", {"object": 1, "new": {"email": 1}, "version": 1, "id": 1}),
    ("sublime.audit", {"created_by": 1, "data": {"request": 1}, "created_at": 1, "type": 1}),
    ("sublime.message", {"data": {"flagged_rules": 1}, "created_at": 1, "type": 1}),
    ("splunk.stream_http", {"http_method": "x", "src_ip": "x", "dest_ip": "x", "flow_id": "x"}),
    ("opencanary", {"logtype": 5001, "dst_host": "x", "src_host": "x"}),
    ("ocsf", {"class_uid": 4003, "metadata": {}, "category_uid": 4}),
    ("ocsf", {"src_endpoint": {}, "dst_endpoint": {}}),
]


@pytest.mark.parametrize(("kind", "record"), RECORDS)
def test_each_kind(kind, record):
    assert READER.sniff(lines_of(record), "x") > 0.8
    (batch,) = read(READER, lines_of(record))
    assert batch.kind == kind
    assert cells(batch, "@nothing") == [None]


@pytest.mark.parametrize(("kind", "record"), RECORDS)
def test_one_name_less(kind, record):
    """A record that lacks a name is not mistaken for another kind."""
    for name in record:
        rest = {key: value for key, value in record.items() if key != name} | {"other": 1}
        assert {batch.kind for batch in read(READER, lines_of(rest))} <= {kind, "json.unknown"}


def test_what_is_inside_decides():
    assert READER.sniff(lines_of({"detail-type": 1, "detail": {}, "source": 1}), "x") == 0


def test_an_event_kept_apart():
    (batch,) = read(
        READER, lines_of({"event_simpleName": "x", "event": {"DomainName": "a.example"}})
    )
    assert cells(batch, "DomainName") == ["a.example"]


def test_guardduty_as_an_event():
    record = {"detail-type": "x", "source": "aws.guardduty", "detail": {"schemaVersion": "2.0",
              "severity": 8, "id": "f1", "updatedAt": "2026-11-04T08:00:00Z"}}  # fmt: skip
    (batch,) = read(READER, lines_of(record))
    assert cells(batch, "severity") == [8]
    assert batch.uids([0]) == ["f1"]
    assert batch.times().tolist() == [1793779200000000]


@pytest.mark.parametrize("name", ["flow-direction", "flowDirection", "flow_direction"])
def test_flow_logs_as_text_names_them(name):
    (batch,) = read(
        READER, lines_of({"srcAddr": "x", "dstAddr": "y", "dstPort": 1, name: "ingress"})
    )
    assert cells(batch, "flow-direction") == ["ingress"]
    assert cells(batch, "srcaddr") == ["x"]
