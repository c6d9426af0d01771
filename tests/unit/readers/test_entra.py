from __future__ import annotations

import pytest

from tests.unit.readers.evidence import cells, lines_of, read
from trailhound.readers.entra import READER


def kinds(*records):
    return [(batch.kind, batch.route["category"]) for batch in read(READER, lines_of(*records))]


@pytest.mark.parametrize(
    ("record", "kind", "category"),
    [
        ({"category": "SignInLogs", "operationName": "x"}, "signinlogs", "SignInLogs"),
        ({"category": "ManagedIdentitySignInLogs"}, "signinlogs", "ManagedIdentitySignInLogs"),
        ({"userPrincipalName": "a", "appDisplayName": "b"}, "signinlogs", "SignInLogs"),
        ({"Type": "SigninLogs", "Category": "SignInLogs"}, "signinlogs", "SignInLogs"),
        ({"category": "AuditLogs", "operationName": "Add user"}, "auditlogs", "AuditLogs"),
        ({"activityDisplayName": "Add user"}, "auditlogs", ""),
        ({"category": "Policy", "resourceId": "/tenants/t"}, "auditlogs", "Policy"),
        ({"category": "Policy", "operationName": "Microsoft.X/y/action"}, "activitylogs", "Policy"),
        ({"category": "UserRiskEvents"}, "riskdetection", "UserRiskEvents"),
        ({"riskEventType": "x", "userPrincipalName": "a"}, "riskdetection", "UserRiskEvents"),
        ({"operationName": "MICROSOFT.COMPUTE/X/WRITE"}, "activitylogs", ""),
        ({"operationName": {"value": "Microsoft.Compute/x/write"}}, "activitylogs", ""),
        ({"category": "StorageRead", "operationName": "GetBlob"}, "activitylogs", "StorageRead"),
        ({"operationName": "x", "resourceId": "/subscriptions/s/y"}, "activitylogs", ""),
    ],
)  # fmt: skip
def test_kinds(record, kind, category):
    assert kinds(record) == [(f"azure.{kind}", category)]


def test_wrapped_records_and_lines_that_hold_many():
    inner = {"category": "AuditLogs", "operationName": "Add user"}
    batches = read(READER, lines_of({"body": inner}, {"records": [inner, inner]}))
    assert sum(batch.rows for batch in batches) == 3


def test_forms_are_never_joined():
    export = {"category": "SignInLogs", "time": "2026-11-04T08:12:00Z"}
    graph = {"userPrincipalName": "a", "appDisplayName": "b"}
    table = {
        "Type": "SigninLogs",
        "TimeGenerated": "2026-11-04T08:12:00Z",
        "UserPrincipalName": "a",
    }
    batches = read(READER, lines_of(export, graph, table))
    assert len({type(batch) for batch in batches}) == 3


def test_the_time_of_each_form():
    moment = "2026-11-04T08:12:00Z"
    records = [
        {"category": "SignInLogs", "time": moment},
        {"activityDisplayName": "x", "activityDateTime": moment},
        {"userPrincipalName": "a", "appDisplayName": "b", "createdDateTime": moment},
        {"OperationName": "x", "TimeGenerated": moment},
        {"riskEventType": "x", "detectedDateTime": moment},
    ]
    for batch in read(READER, lines_of(*records)):
        assert batch.times().tolist() == [1793779920000000] * batch.rows


@pytest.mark.parametrize(
    ("head", "mine"),
    [
        (
            b'{"records":[{"time":"x","category":"AuditLogs","operationName":"y","tenantId":"t"',
            True,
        ),
        (b'{"userPrincipalName":"a","appId":"b","createdDateTime":"c"}', True),
        (b'{"activityDisplayName":"a","initiatedBy":{}}', True),
        (b'{"riskEventType":"a","riskState":"b"}', True),
        (b'{"TimeGenerated":"a","OperationName":"b","CorrelationId":"c"}', True),
        (b'{"eventName":"a","operationName":"b","category":"c","tenantId":"d"}', False),
        (b'{"operationName":"b","category":"c"}', False),
    ],
)
def test_bids(head, mine):
    assert (READER.sniff(head, "x") >= 0.8) == mine


def test_identities_are_the_products_own():
    (batch,) = read(
        READER, lines_of({"category": "AuditLogs", "time": "x", "properties": {"id": "a-1"}})
    )
    assert batch.uids([0]) == ["a-1"]
    assert cells(batch, "id") == ["a-1"]
