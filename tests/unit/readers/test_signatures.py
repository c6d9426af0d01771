from __future__ import annotations

import pytest

from trailhound.readers import mapping
from trailhound.readers.signatures import EXPORTS, SIGNATURES, head_signature, kind_of, marks


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        ("protoPayload insertId", "gcp.audit"),
        ("eventType published outcome", "okta.system"),
        ("eventtype actor target", "okta.system"),
        ("verb objectRef user", "kubernetes.audit"),
        ("activityType activityResult actor", "m365.intune"),
        ("serviceSource lastUpdateDateTime", "m365.security_alert"),
        ("ActionType DeviceId Timestamp", "m365.defender"),
        ("event_type_id user_name", "onelogin.events"),
        ("action actor org", "github.audit"),
    ],
)
def test_kinds(names, kind):
    found = kind_of(frozenset(names.split()))
    assert found is not None
    assert found.kind == kind


@pytest.mark.parametrize("names", ["eventType", "action actor", "verb", "Timestamp DeviceId", ""])
def test_near_misses(names):
    assert kind_of(frozenset(names.split())) is None


def test_exports_are_told_by_what_lies_inside():
    found = head_signature(
        frozenset(["category", "operationName", "properties", "TargetObjectIds"])
    )
    assert found is not None
    assert found.kind == "m365.intune"


def test_every_kind_has_its_tables():
    assert {signature.kind for signature in (*SIGNATURES, *EXPORTS)} <= set(mapping.mappings())


def test_marks_name_each_group_once():
    assert len(set(marks().split())) == len(marks().split())


def test_names_of_rules_resolve():
    by_kind = {signature.kind: signature.names.candidates for signature in SIGNATURES}
    assert "protoPayload.methodName" in by_kind["gcp.audit"]("gcp.audit.method_name")
    assert "protoPayload.serviceName" in by_kind["gcp.audit"]("data.protoPayload.serviceName")
    assert "logName" in by_kind["gcp.audit"]("data.protoPayload.logName")
    assert "eventType" in by_kind["okta.system"]("eventtype")
    assert "debugcontext.debugData.behaviors" in by_kind["okta.system"](
        "debugContext.debugData.behaviors"
    )
    assert "objectRef.apiGroup" in by_kind["kubernetes.audit"]("apiGroup")
