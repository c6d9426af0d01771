"""JSON logs of a known shape: what names show the kind, and how its fields are found.

A kind whose records need more than this has a reader of its own; some of those are here as well,
because their records turn up in mixed sources.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from trailhound.readers import aws_cloudtrail, entra_fields, m365_fields
from trailhound.readers.database_signatures import DATABASES
from trailhound.readers.head_objects import objects_in
from trailhound.readers.osquery_fields import OSQUERY
from trailhound.readers.saas_signatures import SAAS
from trailhound.readers.security_signatures import SECURITY
from trailhound.readers.signature import Signature, aliases, named
from trailhound.readers.wrapping import names_in

if TYPE_CHECKING:
    from trailhound.readers.signature import Inside


_GCP = {
    "gcp.audit.method_name": ("protoPayload.methodName",),
    "gcp.audit.service_name": ("protoPayload.serviceName",),
    "data.protoPayload.logName": ("logName",),
    "data.protoPayload.resource.type": ("resource.type",),
}


@lru_cache(maxsize=1024)
def _gcp(name: str) -> tuple[str, ...]:
    """Know the names of Cloud Logging, also as rules and collectors bend them."""
    others = _GCP.get(name, (name.removeprefix("data."),) if name[:5] == "data." else ())
    first, dot, rest = name.partition(".")
    return tuple(dict.fromkeys((name, *others, f"{first.lower()}{dot}{rest}")))


_OKTA = {
    part.lower(): part
    for part in (
        "eventType", "displayMessage", "authenticationContext", "debugContext", "securityContext",
        "legacyEventType", "alternateId", "debugData",
    )
}  # fmt: skip


@lru_cache(maxsize=1024)
def _okta(name: str) -> tuple[str, ...]:
    """Know the names as Okta writes them and in lower case, as collectors do."""
    first, dot, rest = name.partition(".")
    camel = _OKTA.get(first, first)
    return tuple(dict.fromkeys((name, f"{camel}{dot}{rest}", f"{first.lower()}{dot}{rest}")))


_KUBERNETES = {
    "apiGroup": ("objectRef.apiGroup",),
    "capabilities": ("requestObject.spec.containers.securityContext.capabilities.add",),
    "hostPath": ("requestObject.spec.volumes.hostPath.path",),
}
_INTUNE = {
    "activityType": ("operationName", "properties.ActivityType"),
    "operationName": ("activityType",),
}


@lru_cache(maxsize=1024)
def _defender(name: str) -> tuple[str, ...]:
    return (name, f"properties.{name}")


_EXPORTS = (
    Signature(
        "m365.intune",
        ("operationName", "category", "properties"),
        named("time", "properties.AuditEventId", aliases(_INTUNE)),
        inside=("properties", "TargetObjectIds IntuneAccountId AuditEventId"),
    ),
    Signature(
        "m365.defender",
        ("operationName", "category", "properties"),
        named("time", "", _defender),
        inside=("properties", "ActionType AlertId DetectionSource EvidenceRole"),
    ),
)
"""Diagnostic exports: what tells them apart from Entra's lies inside `properties`."""

SIGNATURES: tuple[Signature, ...] = (
    *_EXPORTS,
    Signature(
        "gcp.audit",
        ("protoPayload protopayload",),
        named("timestamp receiveTimestamp", "logName insertId timestamp", _gcp),
    ),
    Signature(
        "okta.system",
        ("eventType eventtype", "published actor", "outcome target debugContext debugcontext uuid"),
        named("published", "uuid", _okta),
    ),
    Signature(
        "kubernetes.audit",
        ("objectRef requestURI responseStatus", "verb"),
        named("requestReceivedTimestamp stageTimestamp timestamp", "auditID stage",
              aliases(_KUBERNETES)),
    ),
    Signature(
        "kubernetes.audit",
        ("apiVersion", "kind", "auditID sourceIPs", "user requestURI stage"),
        named("requestReceivedTimestamp stageTimestamp timestamp", "auditID stage",
              aliases(_KUBERNETES)),
    ),
    Signature(
        "m365.intune",
        ("activityOperationType activityResult", "activityType", "actor resources"),
        named("activityDateTime", "id", aliases(_INTUNE)),
    ),
    Signature(
        "m365.security_alert",
        ("serviceSource", "firstActivityDateTime lastUpdateDateTime"),
        named("firstActivityDateTime createdDateTime", "id"),
    ),
    Signature(
        "m365.defender",
        ("ActionType AlertId", "DeviceId ServiceSource", "Timestamp"),
        named("Timestamp", "ReportId DeviceId Timestamp", _defender),
    ),
    Signature(
        "onelogin.events",
        ("event_type_id",),
        named("event_timestamp created_at", "id"),
    ),
    Signature(
        "github.audit",
        ("action", "actor", "org repo business _document_id actor_location"),
        named("@timestamp created_at at_sign_timestamp", "_document_id"),
    ),
    Signature(
        "aws.cloudtrail",
        ("eventSource", "eventName", "eventVersion userIdentity"),
        aws_cloudtrail.NAMES,
    ),
    Signature(
        "azure.activitylogs",
        ("authorization", "caller", "claims", "eventTimestamp eventDataId"),
        entra_fields.names("azure.activitylogs", "graph"),
    ),
    Signature("m365.audit", ("Operation", "RecordType", "UserId UserKey"), m365_fields.NAMES),
    *OSQUERY,
    *DATABASES,
    *SAAS,
    *SECURITY,
)  # fmt: skip
"""In order: the first that fits a record is its kind."""


@lru_cache(maxsize=4096)
def _allowed_by(names: frozenset[str]) -> tuple[Signature, ...]:
    """Give the signatures a record's names speak for, as far as the first that needs no more."""
    found: list[Signature] = []
    for signature in SIGNATURES:
        if signature.allowed_by(names):
            found.append(signature)
            if not signature.inside:
                break
    return tuple(found)


def kind_of(names: frozenset[str], inside: Inside) -> Signature | None:
    """Give the first signature that fits a record, by its names and those inside its members."""
    for signature in _allowed_by(names):
        if not signature.inside or signature.shown_by(inside):
            return signature
    return None


def head_signature(head: bytes) -> Signature | None:
    """Give the signature of the first record in a source's head that shows one.

    The head may cut off what lies inside a record, so there names from anywhere in it count.
    """
    anywhere = names_in(head)
    found = (kind_of(names, lambda _member: anywhere) for names in objects_in(head))
    return next((signature for signature in found if signature is not None), None)


def is_export(signature: Signature) -> bool:
    """Tell a diagnostic export, whose envelope Entra's logs have too."""
    return signature in _EXPORTS
