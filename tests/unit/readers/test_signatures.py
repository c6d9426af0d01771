from __future__ import annotations

import json

import pytest

from trailhound.readers import mapping
from trailhound.readers.signatures import SIGNATURES, head_signature, is_export, kind_of


def nothing_inside(_member):
    return frozenset()


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        ("protoPayload insertId", "gcp.audit"),
        ("protopayload logname", "gcp.audit"),
        ("eventType published outcome", "okta.system"),
        ("eventtype actor target", "okta.system"),
        ("verb objectRef user", "kubernetes.audit"),
        ("apiVersion kind auditID user", "kubernetes.audit"),
        ("activityType activityResult actor", "m365.intune"),
        ("serviceSource lastUpdateDateTime", "m365.security_alert"),
        ("ActionType DeviceId Timestamp", "m365.defender"),
        ("event_type_id user_name", "onelogin.events"),
        ("action actor org", "github.audit"),
        ("eventSource eventName eventVersion", "aws.cloudtrail"),
        ("Operation RecordType UserId", "m365.audit"),
        ("authorization caller claims eventTimestamp", "azure.activitylogs"),
    ],
)
def test_kinds(names, kind):
    found = kind_of(frozenset(names.split()), nothing_inside)
    assert found is not None
    assert found.kind == kind


@pytest.mark.parametrize(
    "names", ["eventType", "action actor", "verb", "Timestamp DeviceId", "", "apiVersion kind"]
)
def test_near_misses(names):
    assert kind_of(frozenset(names.split()), nothing_inside) is None


EXPORT = {"category": "AuditLogs", "operationName": "x", "properties": {"TargetObjectIds": []}}


def test_exports_are_told_by_what_lies_inside():
    found = head_signature(json.dumps(EXPORT).encode())
    assert found is not None
    assert found.kind == "m365.intune"
    assert is_export(found)
    assert head_signature(json.dumps(EXPORT | {"properties": {"id": "x"}}).encode()) is None


def test_names_of_different_objects_do_not_add_up():
    apart = {"published": "x", "nested": {"eventType": "x", "outcome": "x"}}
    assert head_signature(json.dumps(apart).encode()) is None


def test_a_record_of_the_head_is_found_inside_wrappers():
    okta = {"published": "x", "eventType": "x", "outcome": {}}
    found = head_signature(json.dumps({"n": 1, "message": json.dumps(okta)}).encode())
    assert found is not None
    assert found.kind == "okta.system"
    assert not is_export(found)


def test_every_kind_has_its_tables():
    assert {signature.kind for signature in SIGNATURES} <= set(mapping.mappings())


def test_names_of_rules_resolve():
    by_kind = {signature.kind: signature.names.candidates for signature in SIGNATURES}
    assert "protoPayload.methodName" in by_kind["gcp.audit"]("gcp.audit.method_name")
    assert "protoPayload.serviceName" in by_kind["gcp.audit"]("data.protoPayload.serviceName")
    assert "logName" in by_kind["gcp.audit"]("data.protoPayload.logName")
    assert "protopayload.methodName" in by_kind["gcp.audit"]("protoPayload.methodName")
    assert "eventType" in by_kind["okta.system"]("eventtype")
    assert "debugcontext.debugData.behaviors" in by_kind["okta.system"](
        "debugContext.debugData.behaviors"
    )
    assert "objectRef.apiGroup" in by_kind["kubernetes.audit"]("apiGroup")
