"""What the fields of Entra and Azure records are called.

One record is written in three ways: `properties.userPrincipalName` in the diagnostic export,
`userPrincipalName` in Graph, `UserPrincipalName` in Log Analytics. Each name finds all of them.
Public rules also use words of the portal (`Status`, `ClientApp`, `properties.message`): these are
made here. Names that begin with @ say what a mapping needs.
"""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Literal

import orjson

from trailhound.readers.entra_errors import INTERRUPTS
from trailhound.readers.native_batch import Names, all_values

if TYPE_CHECKING:
    from collections.abc import Callable

    from trailhound.model.batch import Column, Value
    from trailhound.readers.native_batch import Maker, NativeBatch

Form = Literal["export", "graph", "table"]
"""How a record is written: diagnostic export, Graph and management interface, Log Analytics."""

_PROPERTIES = "properties."
_SAME: dict[str, tuple[str, ...]] = {
    "resulttype": ("status.errorCode", "properties.status.errorCode"),
    "resultdescription": ("status.failureReason", "properties.status.failureReason"),
    "username": ("userPrincipalName",),
    "clientapp": ("clientAppUsed",),
    "calleripaddress": ("ipAddress", "IPAddress"),
    "ipaddress": ("callerIpAddress", "IPAddress"),
    "activitytype": ("activityDisplayName", "operationName"),
    "operationname": ("activityDisplayName", "OperationNameValue"),
    "operationnamevalue": ("operationName",),
    "categoryvalue": ("category",),
    "resourceprovidervalue": ("resourceProviderName.value",),
    "initiatedby.": ("initiatedBy",),
    "initiatedby": (
        "initiatedBy.user.userPrincipalName", "initiatedBy.app.displayName", "InitiatingUserOrApp",
    ),
    "initiatied.by": ("initiatedBy.user.userPrincipalName", "InitiatingUserOrApp"),
    "target": ("targetResources.userPrincipalName", "targetResources.displayName"),
    "location": ("location.countryOrRegion", "LocationDetails.countryOrRegion"),
    "time": ("activityDateTime", "createdDateTime", "TimeGenerated", "eventTimestamp",
             "detectedDateTime", "p_event_time"),
    "riskeventtype": ("riskType", "alertType"),
    "devicedetail.trusttype": ("deviceDetail.trustType",),
    "additionaldetails.additionalinfo": ("additionalDetails.value",),
    "failure_status_reason": ("resultReason", "status.failureReason"),
}  # fmt: skip
"""Other places of a field, by its name in lower case."""
_VALUED = frozenset(("operationName", "category", "status", "resourceType"))
"""The management interface writes these as `{value, localizedValue}`."""


@lru_cache(maxsize=4096)
def candidates(form: Form, name: str) -> tuple[str, ...]:
    """Give the places where a field may be, as the form writes it."""
    inner = name.removeprefix(_PROPERTIES)
    places = [f"{inner}.value"] if form == "graph" and inner in _VALUED else []
    places.append(name)
    for one in (inner, *_SAME.get(inner.lower(), ())):
        plain = lower_camel(one)
        if form == "table":
            places += [capital(one), plain]
        elif name.startswith(_PROPERTIES):
            places += [_PROPERTIES + plain, plain]
        else:
            places += [plain, _PROPERTIES + plain]
    return tuple(dict.fromkeys(places))


def lower_camel(name: str) -> str:
    """Write `DeviceDetail.DeviceId` as Graph does: `deviceDetail.deviceId`."""
    return ".".join(part[:1].lower() + part[1:] for part in name.split("."))


def capital(name: str) -> str:
    """Write `deviceDetail.deviceId` as Log Analytics does: `DeviceDetail.deviceId`."""
    return name[:1].upper() + name[1:]


def _column(batch: NativeBatch, name: str) -> Column:
    return batch.columns((name,))[name]


def _logon_status(batch: NativeBatch) -> Column:
    return [logon_status(value) for value in _column(batch, "resultType")]


def logon_status(code: Value) -> str | None:
    """Judge a sign-in by its error number: 0, `Success` or nothing wrong is success."""
    text = str("" if code is None else code).lower()
    if text in ("0", "success", "true"):
        return "Success"
    if text in INTERRUPTS:
        return "Interrupted"
    return "Failure" if text else None


"""One more step was asked for: no wrong password."""


def _signin_status(batch: NativeBatch) -> Column:
    """Give every word a rule may look for: the portal's status, the reason, the detail."""
    reasons = ("status.failureReason", "status.additionalDetails", "resultDescription")
    columns = batch.columns(reasons)
    return all_values([_logon_status(batch), *(columns[name] for name in reasons)])


def _signin_result(batch: NativeBatch) -> Column:
    names = ("resultDescription", "status.additionalDetails")
    columns = batch.columns(names)
    return all_values([*(columns[name] for name in names), _logon_status(batch)])


_FLOWS = {"devicecode": "Device Code", "ropc": "ROPC"}


def _signin_message(batch: NativeBatch) -> Column:
    flows = [_FLOWS.get(str(v).lower(), v) for v in _column(batch, "authenticationProtocol")]
    return all_values([flows, batch.payload_column("properties.message")])


def _networks(batch: NativeBatch) -> Column:
    """Write no network as `[]`: rules look for just that text."""
    return [
        "[]" if value == [] else value for value in batch.plain_column("NetworkLocationDetails")
    ]


def _audit_status(batch: NativeBatch) -> Column:
    columns = batch.columns(("result", "resultReason", "resultType"))
    return all_values([columns["result"], columns["resultReason"], columns["resultType"]])


def _audit_message(batch: NativeBatch) -> Column:
    """Give the activity and all that changed: rules look for either under this name."""
    names = (
        "operationName",
        "activityDisplayName",
        "resultReason",
        "properties",
        "targetResources",
    )
    columns = batch.columns(names)
    return all_values([batch.payload_column("properties.message"), *(columns[n] for n in names)])


def _activity_message(batch: NativeBatch) -> Column:
    columns = batch.columns(("operationName", "properties"))
    return all_values(
        [
            batch.payload_column("properties.message"),
            columns["operationName"],
            columns["properties"],
        ]
    )


def _activity_details(batch: NativeBatch) -> Column:
    """The portal's word for the log itself."""
    return ["Sign-ins"] * batch.rows


def _changes(batch: NativeBatch) -> Column:
    """Give what an audit record changed, as text."""
    return [
        None if not changes else ", ".join(f"{n}: {old} -> {new}" for n, old, new in changes)
        for changes in map(modified, _targets(batch))
    ]


def _targets(batch: NativeBatch) -> list[list[dict[str, Any]]]:
    return batch.read_once("targetResources", objects_in)


def modified(targets: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    """Read name, old and new value of each change; the values are JSON in text."""
    changes: list[tuple[str, str, str]] = []
    for target in targets:
        found = target.get("modifiedProperties") or target.get("ModifiedProperties")
        for change in found if isinstance(found, list) else []:
            if isinstance(change, dict):
                pair = (change.get("oldValue"), change.get("newValue"))
                name = str(change.get("displayName") or "")
                changes.append((name, *(str("" if v is None else v).strip('"') for v in pair)))  # type: ignore[arg-type]
    return changes


def objects_in(value: Value) -> list[dict[str, Any]]:
    """Give the objects of a list decoded to texts, or of a text that holds a list."""
    found: list[dict[str, Any]] = []
    for text in value if isinstance(value, list) else [value]:
        if isinstance(text, str) and text[:1] in ("{", "["):
            try:
                decoded = orjson.loads(text)
            except ValueError:
                continue
            many = decoded if isinstance(decoded, list) else [decoded]
            found += [item for item in many if isinstance(item, dict)]
    return found


def _change_column(batch: NativeBatch, place: int) -> Column:
    rows = map(modified, _targets(batch))
    return [[change[place] for change in row] or None for row in rows]


def _initiator(batch: NativeBatch, *names: str) -> Column:
    return [
        next((one[name] for name in names if one.get(name)), None)
        for one in batch.read_once("initiatedBy.", initiator)
    ]


def initiator(value: Value) -> dict[str, Any]:
    """Join the user and the program of an `initiatedBy`; the user's words win."""
    inner = next(iter(objects_in(value)), {})
    both: dict[str, Any] = {}
    for part in (inner.get("app"), inner.get("user")):
        if isinstance(part, dict):
            both |= {name: found for name, found in part.items() if found}
    return both


def _target(batch: NativeBatch, *names: str) -> Column:
    return [
        next((o[name] for name in names for o in objects if o.get(name)), None)
        for objects in _targets(batch)
    ]


def _groups(batch: NativeBatch) -> Column:
    """Name the role or group a member came to or left."""
    made: Column = []
    for objects in _targets(batch):
        names = [o.get("displayName") for o in objects if o.get("type") in ("Role", "Group")]
        changed = {name: new or old for name, old, new in modified(objects)}
        names += [changed.get(name) for name in ("Role.DisplayName", "Group.DisplayName")]
        made.append(next(filter(None, names), None))
    return made


def _trimmed(name: str) -> Maker:
    """Take the blanks off operation names that products leave at their end."""
    return lambda batch: [
        value.strip() if isinstance(value, str) else value for value in batch.plain_column(name)
    ]


def _caller(batch: NativeBatch) -> Column:
    names = (
        "identity.claims.name", "caller", "properties.caller",
        "identity.claims.http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn",
        "identity.claims.appid", "identity.authorization.evidence.principalId", "identity",
    )  # fmt: skip
    columns = [batch.payload_column(name) for name in names]
    columns.append(_claimed(batch))
    rows = zip(*columns, strict=True)
    return [next((v for v in row if v and str(v)[:1] != "{"), None) for row in rows]


def _claimed(batch: NativeBatch) -> Column:
    """Find the user among claims, whose names are addresses full of dots."""
    return [
        next((v for k, v in _claims(value).items() if k.endswith(("/upn", "/emailaddress"))), None)
        for value in batch.payload_column("identity.claims")
    ]


def _claims(value: Value) -> dict[str, Any]:
    return next(iter(objects_in(value)), {})


def _admin_consent(batch: NativeBatch) -> Column:
    wanted = "ConsentContext.IsAdminConsent"
    rows = map(modified, _targets(batch))
    return [next((new for name, _, new in row if name == wanted), None) for row in rows]


_OPERATIONS = ("operationName", "OperationName", "activityDisplayName", "ActivityDisplayName")
_SIGNIN, _AUDIT, _ACTIVITY = "azure.signinlogs", "azure.auditlogs", "azure.activitylogs"
_MADE: dict[tuple[str, str], Maker] = {
    (_SIGNIN, "Status"): _signin_status,
    (_SIGNIN, "ResultDescription"): _signin_result,
    (_SIGNIN, "Resultdescription"): _signin_result,
    (_SIGNIN, "properties.message"): _signin_message,
    (_SIGNIN, "ActivityDetails"): _activity_details,
    (_SIGNIN, "NetworkLocationDetails"): _networks,
    (_SIGNIN, "@logon_status"): _logon_status,
    (_AUDIT, "Status"): _audit_status,
    (_AUDIT, "properties.message"): _audit_message,
    (_AUDIT, "@changes"): _changes,
    (_AUDIT, "TargetResources.ModifiedProperties.DisplayName"): lambda b: _change_column(b, 0),
    (_AUDIT, "TargetResources.ModifiedProperties.NewValue"): lambda b: _change_column(b, 2),
    (_AUDIT, "TargetResources.modifiedProperties.newValue"): lambda b: _change_column(b, 2),
    (_AUDIT, "ConsentContext.IsAdminConsent"): _admin_consent,
    (_AUDIT, "@actor"): lambda b: _initiator(
        b, "userPrincipalName", "displayName", "servicePrincipalName"
    ),
    (_AUDIT, "@actor_id"): lambda b: _initiator(b, "id", "servicePrincipalId", "appId"),
    (_AUDIT, "@actor_ip"): lambda b: _initiator(b, "ipAddress"),
    (_AUDIT, "@target"): lambda b: _target(b, "userPrincipalName", "displayName"),
    (_AUDIT, "@target_name"): lambda b: _target(b, "displayName", "userPrincipalName"),
    (_AUDIT, "@target_id"): lambda b: _target(b, "id"),
    (_AUDIT, "@group"): _groups,
    **{(_AUDIT, name): _trimmed(name) for name in _OPERATIONS},
    (_AUDIT, "@target_type"): lambda b: _target(b, "type"),
    (_ACTIVITY, "properties.message"): _activity_message,
    (_ACTIVITY, "@actor"): _caller,
}  # fmt: skip


_READ = {
    "@actor": ("initiatedBy.",),
    "@logon_status": ("resultType",),
    "@changes": ("targetResources",),
    "@target": ("targetResources",),
    "@target_name": ("targetResources",),
}
"""What made columns read: decoded together with the plain ones."""


def _inputs(name: str) -> tuple[str, ...]:
    return _READ.get(name, ())


def _makers(kind: str) -> Callable[[str], Maker | None]:
    made = {name: maker for (owner, name), maker in _MADE.items() if owner == kind}
    return made.get


def names(kind: str, form: Form) -> Names:
    """Give how the fields of a kind are found in records of a form."""
    uid = "eventDataId" if kind == _ACTIVITY else "id"
    return Names(("time",), (uid,), partial(candidates, form), _makers(kind), _inputs)
