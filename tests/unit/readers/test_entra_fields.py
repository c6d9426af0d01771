from __future__ import annotations

import json

import pytest

from tests.unit.readers.evidence import cells, lines_of, only, read
from trailhound.readers.entra import READER
from trailhound.readers.entra_fields import candidates, initiator, logon_status, modified

SIGNIN = {
    "userPrincipalName": "a.meyer@example.com",
    "appDisplayName": "Office 365",
    "appId": "app-1",
    "clientAppUsed": "IMAP",
    "authenticationRequirement": "singleFactorAuthentication",
    "authenticationProtocol": "deviceCode",
    "conditionalAccessStatus": "success",
    "riskState": "atRisk",
    "resourceDisplayName": "Device Registration Service",
    "homeTenantId": "t-9",
    "resourceTenantId": "t-1",
    "userAgent": "axios",
    "deviceDetail": {"deviceId": "d-1", "isCompliant": False, "trustType": ""},
    "location": {"countryOrRegion": "NL"},
    "status": {"errorCode": 0, "failureReason": "Other.", "additionalDetails": "MFA Denied"},
    "networkLocationDetails": [],
    "ipAddress": "203.0.113.20",
}


def capital(record):
    return {name[:1].upper() + name[1:]: value for name, value in record.items()}


FORMS = {
    "export": {"category": "SignInLogs", "time": "x", "resultType": "0", "properties": SIGNIN},
    "graph": SIGNIN,
    "table": capital(SIGNIN) | {"Type": "SigninLogs", "TimeGenerated": "x", "ResultType": "0"},
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("userPrincipalName", "a.meyer@example.com"),
        ("properties.userPrincipalName", "a.meyer@example.com"),
        ("Username", "a.meyer@example.com"),
        ("AppId", "app-1"),
        ("properties.appId", "app-1"),
        ("ClientApp", "IMAP"),
        ("AuthenticationRequirement", "singleFactorAuthentication"),
        ("properties.authenticationRequirement", "singleFactorAuthentication"),
        ("ConditionalAccessStatus", "success"),
        ("conditionalAccessStatus", "success"),
        ("RiskState", "atRisk"),
        ("ResourceDisplayName", "Device Registration Service"),
        ("homeTenantId", "t-9"),
        ("resourceTenantId", "t-1"),
        ("userAgent", "axios"),
        ("callerIpAddress", "203.0.113.20"),
        ("ActivityDetails", "Sign-ins"),
        ("properties.message", ["Device Code"]),
        ("@logon_status", "Success"),
    ],
)
def test_names_of_rules_find_each_form_of_a_sign_in(form, name, value):
    batch = only(read(READER, lines_of(FORMS[form])))
    assert batch.kind == "azure.signinlogs"
    assert cells(batch, name) == [value]


@pytest.mark.parametrize("form", ["export", "graph"])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DeviceDetail.deviceId", "d-1"),
        ("properties.deviceDetail.deviceId", "d-1"),
        ("DeviceDetail.isCompliant", False),
        ("DeviceDetail.trustType", ""),
        ("DeviceDetail.trusttype", ""),
        ("NetworkLocationDetails", "[]"),
        ("location", '{"countryOrRegion":"NL"}'),
    ],
)
def test_nested_names(form, name, value):
    assert cells(only(read(READER, lines_of(FORMS[form]))), name) == [value]


@pytest.mark.parametrize("form", FORMS)
def test_status_holds_every_word_of_the_portal(form):
    batch = only(read(READER, lines_of(FORMS[form])))
    (status,) = cells(batch, "Status")
    assert status[0] == "Success"
    if form != "table":
        assert "MFA Denied" in status


@pytest.mark.parametrize("name", ["ResultType", "resultType", "status.errorCode"])
@pytest.mark.parametrize("form", ["export", "graph"])
def test_the_error_number(form, name):
    (value,) = cells(only(read(READER, lines_of(FORMS[form]))), name)
    assert str(value) == "0"


STRONG = "StrongAuthenticationRequirement"
CONSENT = "ConsentContext.IsAdminConsent"
TARGETS = [
    {"id": "g", "type": "Role", "displayName": "Global Administrator"},
    {
        "id": "u-2",
        "type": "User",
        "userPrincipalName": "b.lang@example.com",
        "modifiedProperties": [
            {"displayName": STRONG, "oldValue": "[]", "newValue": '[{"State":0}]'},
            {"displayName": CONSENT, "oldValue": None, "newValue": '"false"'},
        ],
    },
]  # fmt: skip
ACTOR = {
    "user": {"userPrincipalName": "a.meyer@example.com", "ipAddress": "203.0.113.20", "id": None}
}
AUDIT = {
    "activityDisplayName": "Update user ",
    "loggedByService": "Core Directory",
    "category": "UserManagement",
    "result": "success",
    "resultReason": "Admin registered temporary access pass method for user",
    "initiatedBy": ACTOR,
    "targetResources": TARGETS,
}
AUDITS = {
    "export": {
        "category": "AuditLogs", "time": "x", "operationName": "Update user ", "properties": AUDIT,
    },
    "graph": AUDIT,
    "table": capital(AUDIT)
    | {"Type": "AuditLogs", "TimeGenerated": "x", "OperationName": "Update user ",
       "InitiatedBy": json.dumps(ACTOR), "TargetResources": json.dumps(TARGETS)},
}  # fmt: skip


@pytest.mark.parametrize("form", AUDITS)
def test_names_of_rules_find_each_form_of_an_audit_record(form):
    batch = only(read(READER, lines_of(AUDITS[form])))
    assert batch.kind == "azure.auditlogs"
    for name in ("operationName", "OperationName", "ActivityDisplayName"):
        assert cells(batch, name) == ["Update user"]
    assert cells(batch, "LoggedByService") == ["Core Directory"]
    assert cells(batch, "Status")[0][0] == "success"
    assert AUDIT["resultReason"] in cells(batch, "Status")[0]
    assert "Update user" in cells(batch, "properties.message")[0]
    assert any(
        "StrongAuthenticationRequirement" in text for text in cells(batch, "properties.message")[0]
    )
    assert (
        "StrongAuthenticationRequirement"
        in cells(batch, "TargetResources.ModifiedProperties.DisplayName")[0]
    )
    assert '[{"State":0}]' in cells(batch, "TargetResources.ModifiedProperties.NewValue")[0]
    assert cells(batch, "ConsentContext.IsAdminConsent") == ["false"]
    assert cells(batch, "@actor") == ["a.meyer@example.com"]
    assert cells(batch, "@actor_ip") == ["203.0.113.20"]
    assert cells(batch, "@target") == ["b.lang@example.com"]
    assert cells(batch, "failure_status_reason") == [AUDIT["resultReason"]]
    assert cells(batch, "@group") == ["Global Administrator"]


def test_activity_names_and_claims():
    record = {
        "time": "x",
        "category": "Administrative",
        "operationName": "Microsoft.X/y/delete",
        "resourceId": "/subscriptions/s",
        "identity": {"claims": {"http://schemas.example/identity/claims/upn": "a@example.com"}},
    }  # fmt: skip
    batch = only(read(READER, lines_of(record)))
    assert cells(batch, "OperationNameValue") == ["Microsoft.X/y/delete"]
    assert cells(batch, "CategoryValue") == ["Administrative"]
    assert cells(batch, "ResourceId") == ["/subscriptions/s"]
    assert cells(batch, "@actor") == ["a@example.com"]
    assert cells(batch, "properties.message") == [["Microsoft.X/y/delete"]]


@pytest.mark.parametrize(
    ("code", "status"),
    [(0, "Success"), ("0", "Success"), ("Success", "Success"), (50076, "Interrupted"),
     ("50126", "Failure"), ("500121", "Failure"), (None, None)],
)  # fmt: skip
def test_logon_status(code, status):
    assert logon_status(code) == status


def test_what_is_no_object_is_read_as_nothing():
    assert initiator("{broken") == {}
    assert initiator('{"user":5}') == {}
    assert modified([{"modifiedProperties": [1, None, {"newValue": 5}]}]) == [("", "", "5")]
    assert modified([{"modifiedProperties": 7}]) == []


def test_candidates_stay_few():
    assert all(len(candidates(form, "properties.initiatedBy")) <= 12 for form in FORMS)
