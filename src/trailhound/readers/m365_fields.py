"""What the fields of a Microsoft 365 audit record are called, and what they mean.

Lists of named values become fields of their own: `Parameters.<Name>`, `ExtendedProperties.<Name>`,
`DeviceProperties.<Name>`, `OperationProperties.<Name>` and, with the values before and after,
`ModifiedProperties.<Name>.NewValue` and `.OldValue`. Parameters may also be one text in the words
of PowerShell. Operation names come with trailing blanks at times: they are trimmed.
Names that begin with @ are made here and say what a mapping needs.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import orjson

from trailhound.readers.entra_errors import INTERRUPTS
from trailhound.readers.native_batch import Names, first_value
from trailhound.readers.projection import json_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trailhound.model.batch import Column, Value
    from trailhound.readers.native_batch import Maker, NativeBatch

_LISTS = (
    "Parameters", "ExtendedProperties", "DeviceProperties", "OperationProperties",
    "ModifiedProperties",
)  # fmt: skip
_PARAMETER = re.compile(r'-([A-Za-z]\w*):?(?:[ \t]+("[^"]*"|\'[^\']*\'|[^\s"\'-][^\s]*))?')
_ALIASES = {
    "Workload": ("Workload", "OfficeWorkload"),
    "Id": ("Id", "OfficeId", "SourceRecordId"),
    "ClientIP": ("ClientIP", "ClientIPAddress", "Client_IPAddress", "ActorIpAddress"),
    "ObjectId": ("ObjectId", "OfficeObjectId"),
    "CreationTime": ("CreationTime", "TimeGenerated", "CreationDate", "p_event_time"),
}
_ALERTS = ("alerttriggered", "alertentitygenerated", "alertupdated")
_SUCCESS = ("success", "succeeded", "true", "partiallysucceeded")

_INTERRUPTS = frozenset(
    [
        "userinformationnotprovided",
        "delegationdoesnotexist",
        "userstrongauthenrollmentrequired",
        "userstrongauthenrollmentrequiredinterrupt",
        "userstrongauthclientauthnrequired",
        "userstrongauthclientauthnrequiredinterrupt",
        "userstrongauthexpired",
        "strongauthenticationrequired",
        "deviceauthenticationrequired",
        "externalsecuritychallenge",
        "useraccountselectioninvalid",
        "passwordresetregistrationrequiredinterrupt",
        "keepmesignedininterrupt",
        "cmsiinterrupt",
        "ssoartifactinvalidorexpired",
    ]
)
_SYSTEM = "nt authority\\"
_ADDRESSES = ("ClientIP", "ClientIPAddress", "Client_IPAddress", "ActorIpAddress")
_LOOPBACK = re.compile(r"\[?(?:::1\b(?![.:\w])|(?:::ffff:)?127\.)", re.IGNORECASE)


def _candidates(name: str) -> tuple[str, ...]:
    return _ALIASES.get(name, (name,))


def _lower_candidates(name: str) -> tuple[str, ...]:
    """Know collectors' copies: all names in lower case, those inside lists as they were."""
    places = _ALIASES.get(name, (name,))
    return tuple(dict.fromkeys(p for place in places for p in (place, place.lower())))


def _maker(name: str) -> Maker | None:
    field, dot, rest = name.partition(".")
    if not dot or field not in _LISTS or not rest:
        return _MADE.get(name)
    if field == "ModifiedProperties":
        return lambda batch: _modified(batch, rest)
    return lambda batch: [pairs.get(rest.lower()) for pairs in batch.read_once(field, named_values)]


def _column(batch: NativeBatch, name: str) -> Column:
    return batch.columns((name,))[name]


def named_values(value: Value) -> dict[str, Value]:
    """Read a list of names and values, names in lower case; or parameters written as text."""
    if isinstance(value, str) and value[:1] != "[":
        return {m[1].lower(): (m[2] or "").strip("\"'") for m in _PARAMETER.finditer(value)}
    found: dict[str, Value] = {}
    for item in _objects(value):
        name = item.get("Name", item.get("name"))
        if isinstance(name, str):
            found.setdefault(name.lower(), _plain(item.get("Value", item.get("value"))))
    return found


def _modified(batch: NativeBatch, rest: str) -> Column:
    """Give `<Name>.NewValue`, `<Name>.OldValue`, or for `<Name>` alone the new value."""
    name, _, part = rest.rpartition(".")
    if part.lower() not in ("newvalue", "oldvalue"):
        name, part = rest, "NewValue"
    wanted, key = name.lower(), "OldValue" if part.lower() == "oldvalue" else "NewValue"
    made: Column = []
    for objects in batch.read_once("ModifiedProperties", _objects):
        items = (i for i in objects if str(i.get("Name", "")).lower() == wanted)
        made.append(next((_plain(item.get(key)) for item in items), None))
    return made


def _objects(value: Value) -> list[dict[str, Any]]:
    """Give the objects of a list that was decoded to texts, or of a text that holds a list."""
    texts = value if isinstance(value, list) else [value]
    objects: list[dict[str, Any]] = []
    for text in texts:
        decoded = _decoded(text)
        objects += [item for item in (decoded if isinstance(decoded, list) else [decoded])
                    if isinstance(item, dict)]  # fmt: skip
    return objects


def _decoded(text: object) -> object:
    if not isinstance(text, str) or text[:1] not in ("{", "["):
        return text
    try:
        return orjson.loads(text)
    except ValueError:
        return None


def _plain(value: object) -> Value:
    if isinstance(value, dict | list):
        return json_text(value)
    return value if isinstance(value, str | int | float) else None


def _operation(batch: NativeBatch) -> Column:
    raw = batch.payload_column("Operation")
    lower = batch.payload_column("operation") if None in raw else raw
    both = (a if b is None else b for a, b in zip(lower, raw, strict=True))
    return [value.strip() if isinstance(value, str) else value for value in both]


def _event_name(batch: NativeBatch) -> Column:
    """Give an alert's own name, else the operation: the word of the alert feed."""
    columns = batch.columns(("Operation", "Name"))
    return [
        name if name and str(operation).lower() in _ALERTS else operation
        for operation, name in zip(columns["Operation"], columns["Name"], strict=True)
    ]


def _status(batch: NativeBatch) -> Column:
    """Say `success` as the alert feed does; an alert was raised with success."""
    columns = batch.columns(("Operation", "ResultStatus"))
    made: Column = []
    for operation, result in zip(columns["Operation"], columns["ResultStatus"], strict=True):
        text = str(result or "").lower()
        if text in _SUCCESS or (not text and str(operation).lower() in _ALERTS):
            text = "success"
        made.append(text or None)
    return made


def _logon_status(batch: NativeBatch) -> Column:
    """Judge a sign-in by its error: ResultStatus says Success for failures at times."""
    names = ("Operation", "ResultStatus", "LogonError", "ErrorNumber")
    columns = batch.columns(names)
    rows = zip(*(columns[name] for name in names), strict=True)
    return [logon_status(*(str(value or "") for value in row)) for row in rows]


def logon_status(operation: str, result: str, error: str, number: str) -> str:
    """Give Success, Failure or Interrupted."""
    if number in INTERRUPTS or error.lower() in _INTERRUPTS:
        return "Interrupted"
    if error or number not in ("", "0") or operation.lower() == "userloginfailed":
        return "Failure"
    return "Success" if not result or result.lower() in _SUCCESS else "Failure"


def _actor(batch: NativeBatch) -> Column:
    """Name the actor; the service's own work is SYSTEM, so that rules can leave it out."""
    columns = batch.columns(("UserId", "MailboxOwnerUPN"))
    return [
        "SYSTEM" if str(user or "").lower().startswith(_SYSTEM) else user or owner
        for user, owner in zip(columns["UserId"], columns["MailboxOwnerUPN"], strict=True)
    ]


def _address(batch: NativeBatch) -> Column:
    """Give the client's address; services that call one another log their own loopback first."""
    columns = batch.columns(_ADDRESSES)
    return [_far(values) for values in zip(*(columns[name] for name in _ADDRESSES), strict=True)]


def _far(values: Iterable[Value]) -> Value:
    """Give the first address that is not this machine's own, else the first."""
    there = [value for value in values if value not in (None, "")]
    far = (value for value in there if not _LOOPBACK.match(str(value)))
    return next(far, there[0] if there else None)


def _or_extended(name: str, *others: str) -> Maker:
    """Take a field of the record, else the extended property of that name."""

    def make(batch: NativeBatch) -> Column:
        columns = [
            [pairs.get(key) for pairs in batch.read_once("ExtendedProperties", named_values)]
            for key in (name.lower(), *others)
        ]
        return first_value([batch.plain_column(name), *columns])

    return make


def _payload(batch: NativeBatch) -> Column:
    """Write a command as it was typed: operation and parameters."""
    columns = batch.columns(("Operation", "Parameters"))
    return [
        None if parameters is None else f"{operation} {parameters}"
        for operation, parameters in zip(columns["Operation"], columns["Parameters"], strict=True)
    ]


_MADE: dict[str, Maker] = {
    "Operation": _operation,
    "eventName": _event_name,
    "eventSource": lambda batch: _column(batch, "Workload"),
    "status": _status,
    "Payload": _payload,
    "@logon_status": _logon_status,
    "UserAgent": _or_extended("UserAgent", "user-agent"),
    "RequestType": _or_extended("RequestType"),
    "@actor": _actor,
    "@address": _address,
}
_READ: dict[str, tuple[str, ...]] = {
    "@actor": ("UserId", "MailboxOwnerUPN"),
    "@address": _ADDRESSES,
    "@logon_status": ("ResultStatus", "LogonError", "ErrorNumber"),
    "status": ("ResultStatus",),
    "Payload": ("Parameters",),
    "UserAgent": ("ExtendedProperties",),
    "RequestType": ("ExtendedProperties",),
    "eventName": ("Name",),
    "eventSource": ("Workload",),
}


def _inputs(name: str) -> tuple[str, ...]:
    field, dot, _ = name.partition(".")
    return (field,) if dot and field in _LISTS else _READ.get(name, ())


_TIMES = ("CreationTime",)
NAMES = Names(_TIMES, ("Id",), _candidates, _maker, _inputs)
LOWER = Names(_TIMES, ("Id",), _lower_candidates, _maker, _inputs)
