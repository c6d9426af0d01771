"""JSON logs of a known shape: what names show the kind, and how its fields are found.

A kind whose records need more than this has a reader of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from trailhound.readers.native_batch import Names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


@dataclass(frozen=True, slots=True)
class Signature:
    """One kind of record.

    Attributes:
        kind: the log kind.
        groups: a record has a name of each group among its own, names separated by blanks.
        names: how its fields are found.
    """

    kind: str
    groups: tuple[str, ...]
    names: Names

    def fits(self, names: frozenset[str]) -> bool:
        """Tell whether these names show the kind."""
        return all(not names.isdisjoint(group.split()) for group in self.groups)


def kind_of(names: frozenset[str]) -> Signature | None:
    """Give the first signature that fits the names of a record."""
    return next((signature for signature in SIGNATURES if signature.fits(names)), None)


def marks() -> str:
    """Give all names of which a bare record has one."""
    groups = (group for signature in SIGNATURES for group in signature.groups)
    return " ".join(dict.fromkeys(" ".join(groups).split()))


def _aliases(table: Mapping[str, tuple[str, ...]]) -> Callable[[str], tuple[str, ...]]:
    return lambda name: (name, *table.get(name, ()))


_GCP = {
    "gcp.audit.method_name": ("protoPayload.methodName",),
    "gcp.audit.service_name": ("protoPayload.serviceName",),
    "data.protoPayload.logName": ("logName",),
    "data.protoPayload.resource.type": ("resource.type",),
}


@lru_cache(maxsize=1024)
def _gcp(name: str) -> tuple[str, ...]:
    return (name, *_GCP.get(name, (name.removeprefix("data."),) if name[:5] == "data." else ()))


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


def _named(
    times: str, uids: str, candidates: Callable[[str], Iterable[str]] | None = None
) -> Names:
    places = candidates or _aliases({})
    return Names(
        (*times.split(), "p_event_time"), tuple(uids.split()), lambda name: tuple(places(name))
    )


SIGNATURES: tuple[Signature, ...] = (
    Signature(
        "gcp.audit",
        ("protoPayload",),
        _named("timestamp receiveTimestamp", "logName insertId timestamp", _gcp),
    ),
    Signature(
        "okta.system",
        ("eventType eventtype", "published actor", "outcome target debugContext debugcontext uuid"),
        _named("published", "uuid", _okta),
    ),
    Signature(
        "kubernetes.audit",
        ("objectRef requestURI responseStatus", "verb"),
        _named("requestReceivedTimestamp stageTimestamp timestamp", "auditID stage",
               _aliases(_KUBERNETES)),
    ),
    Signature(
        "m365.intune",
        ("activityOperationType activityResult", "activityType", "actor resources"),
        _named("activityDateTime", "id", _aliases(_INTUNE)),
    ),
    Signature(
        "m365.security_alert",
        ("serviceSource", "firstActivityDateTime lastUpdateDateTime"),
        _named("firstActivityDateTime createdDateTime", "id"),
    ),
    Signature(
        "m365.defender",
        ("ActionType AlertId", "DeviceId ServiceSource", "Timestamp"),
        _named("Timestamp", "ReportId DeviceId Timestamp", _defender),
    ),
    Signature(
        "onelogin.events",
        ("event_type_id",),
        _named("event_timestamp created_at", "id"),
    ),
    Signature(
        "github.audit",
        ("action", "actor", "org repo business _document_id actor_location"),
        _named("@timestamp created_at at_sign_timestamp", "_document_id"),
    ),
)  # fmt: skip
"""In order: the first that fits a record is its kind."""

_INTUNE_EXPORT = Signature(
    "m365.intune",
    ("TargetObjectIds IntuneAccountId AuditEventId", "operationName"),
    _named("time", "properties.AuditEventId", _aliases(_INTUNE)),
)
_DEFENDER_EXPORT = Signature(
    "m365.defender",
    ("ActionType AlertId DetectionSource EvidenceRole", "operationName", "category"),
    _named("time", "", _defender),
)
EXPORTS = (_INTUNE_EXPORT, _DEFENDER_EXPORT)
"""Diagnostic exports: what tells them apart lies inside `properties`."""


def head_signature(names: frozenset[str]) -> Signature | None:
    """Give the signature that the names anywhere in a source's head show."""
    exported = next((signature for signature in EXPORTS if signature.fits(names)), None)
    return exported or kind_of(names)
