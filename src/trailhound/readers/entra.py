"""Microsoft Entra ID and Azure: sign-ins, directory audit, risk detections, activity of resources.

Read are the diagnostic export (an envelope around `properties`), Graph's own objects, Log
Analytics' tables (capitalised names, objects as text) and what collectors wrap around them. Each
kind becomes batches of its own, routed on the category.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from trailhound.model.identity import source_digest
from trailhound.readers.entra_fields import names
from trailhound.readers.json_records import json_records
from trailhound.readers.native_batch import NativeBatch
from trailhound.readers.unknown_json import stranger_batch
from trailhound.readers.wrapping import Opener, bid, names_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trailhound.model.batch import Batch
    from trailhound.model.limits import Budget
    from trailhound.model.source import Source
    from trailhound.readers.entra_fields import Form
    from trailhound.readers.wrapping import Probe

_OPENER = Opener(
    "category Category operationName OperationName riskEventType RiskEventType activityDisplayName"
    " userPrincipalName UserPrincipalName OperationNameValue CategoryValue",
    "Type activityType ActivityDisplayName appDisplayName AppDisplayName resourceId ResourceId"
    " id time TimeGenerated",
)
_BY_CATEGORY = {
    "auditlogs": "azure.auditlogs",
    "userriskevents": "azure.riskdetection",
    "serviceprincipalriskevents": "azure.riskdetection",
    "riskyusers": "azure.riskdetection",
    "riskyserviceprincipals": "azure.riskdetection",
    "aaduserriskevents": "azure.riskdetection",
    "azureactivity": "azure.activitylogs",
}
_CATEGORIES = {"azure.signinlogs": "SignInLogs", "azure.riskdetection": "UserRiskEvents"}
"""Graph's objects name no category: the route says what they are."""
_KNOWN = frozenset(
    [
        "signinlogs",
        "noninteractiveusersigninlogs",
        "serviceprincipalsigninlogs",
        "managedidentitysigninlogs",
        "adfssigninlogs",
        "microsoftserviceprincipalsigninlogs",
        "aadnoninteractiveusersigninlogs",
        "aadserviceprincipalsigninlogs",
        "userriskevents",
        "serviceprincipalriskevents",
        "riskyusers",
        "riskyserviceprincipals",
        "aaduserriskevents",
    ]
)
_ACTIVITY_CATEGORIES = frozenset(
    [
        "administrative",
        "servicehealth",
        "resourcehealth",
        "alert",
        "autoscale",
        "recommendation",
        "security",
        "policy",
        "storageread",
        "storagewrite",
        "storagedelete",
        "action",
        "write",
        "delete",
    ]
)


class GraphBatch(NativeBatch):
    """Rows as Graph writes them; forms are classes, so that they are never joined."""


class TableBatch(NativeBatch):
    """Rows as Log Analytics writes them."""


_BATCHES: dict[Form, type[NativeBatch]] = {
    "export": NativeBatch, "graph": GraphBatch, "table": TableBatch,
}  # fmt: skip


class Entra:
    """Reads Entra ID and Azure logs."""

    name = "azure.entra"
    splittable = True

    def sniff(self, head: bytes, path: str) -> float:
        """Bid on the envelope, on Graph's objects, or on Log Analytics' columns."""
        del path
        if names_in(head) & {"winlog", "EventID", "eventName", "protoPayload"}:
            return 0.0
        bids = (
            bid(
                head, "operationName", "category", "resourceId tenantId callerIpAddress properties"
            ),
            bid(head, "operationName", "callerIpAddress caller", "time eventTimestamp"),
            bid(head, "userPrincipalName", "appDisplayName appId", "clientAppUsed createdDateTime"),
            bid(head, "activityDisplayName", "initiatedBy targetResources activityDateTime"),
            bid(head, "riskEventType riskEventTypes_v2", "riskState riskLevel riskDetail"),
            bid(
                head, "TimeGenerated", "OperationName OperationNameValue", "CorrelationId Category"
            ),
            bid(head, "TimeGenerated", "UserPrincipalName", "AppDisplayName RiskEventType"),
        )
        return max(bids)

    def read(self, source: Source, budget: Budget) -> Iterator[Batch]:
        """Yield batches by kind and category, records in order within each."""
        digest = source_digest(source.head)
        for raws, offsets in json_records(source, budget):
            mine, strangers = _OPENER.divided(_OPENER.open(raws, offsets, budget))
            groups = mine.grouped([_sorted_by(probe) for probe in mine.probes])
            for (kind, category, form), part in groups.items():
                route = {"category": category}
                found = names(kind, form)
                yield _BATCHES[form](kind, route, source.name, part, found, budget, digest)
            if strangers.raws:
                yield stranger_batch(strangers, source, budget, digest)


def _sorted_by(probe: Probe) -> tuple[str, str, Form]:
    """Give kind, category and form of a record."""
    category = str(
        _value(probe, "category", "Category", "CategoryValue") or _value(probe, "Type") or ""
    )
    kind = _kind(probe, category.lower())
    if kind in _CATEGORIES and category.lower() not in _KNOWN:
        category = _CATEGORIES[kind]
    form: Form = "export" if _value(probe, "time") else "graph"
    return kind, category, "table" if _value(probe, "TimeGenerated") else form


def _kind(probe: Probe, category: str) -> str:
    table = str(_value(probe, "Type") or "").lower()
    if "signinlogs" in category or table.endswith("signinlogs"):
        return "azure.signinlogs"
    known = _BY_CATEGORY.get(table) or _BY_CATEGORY.get(category)
    if known:
        return known
    if _value(probe, "riskEventType", "RiskEventType"):
        return "azure.riskdetection"
    if _of_resource(probe, category):
        return "azure.activitylogs"
    if _value(probe, "userPrincipalName", "UserPrincipalName") and _value(
        probe, "appDisplayName", "AppDisplayName"
    ):
        return "azure.signinlogs"
    return "azure.auditlogs"


def _of_resource(probe: Probe, category: str) -> bool:
    """Tell an activity of a resource: by the provider in its operation, its id or its category."""
    operation = str(_value(probe, "OperationNameValue", "operationName", "OperationName") or "")
    place = str(_value(probe, "resourceId", "ResourceId", "id") or "").lower()
    return (
        "/subscriptions/" in place
        or (operation.lower().startswith("microsoft.") and "/" in operation)
        or (category in _ACTIVITY_CATEGORIES and not place.startswith("/tenants/"))
    )


def _value(probe: Probe, *names: str) -> object:
    values = (_OPENER.value(probe, name) for name in names)
    found = next((value for value in values if value not in (None, "")), None)
    return found.get("value") if isinstance(found, dict) else found


READER = Entra()
