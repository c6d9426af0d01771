"""Google Workspace audit: what people, administrators and programs did, from the Reports API.

An activity holds one or more events; each becomes a row of `google_workspace.<application>` with
the activity's fields beside `eventName`, `eventType` and `parameters.<name>`. Read are answers of
the interface (`items`), exports (`activities`), arrays, lines, and records already split to one
event. The same fact appears under `login` and `user_accounts`: it is one event, known by time,
actor and name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from trailhound.model.identity import source_digest
from trailhound.readers.json_records import json_records
from trailhound.readers.native_batch import Names, NativeBatch
from trailhound.readers.projection import as_bytes, json_text, lenient_object
from trailhound.readers.seen import Seen
from trailhound.readers.unknown_json import stranger_batch
from trailhound.readers.wrapping import Opened, Opener, bid

if TYPE_CHECKING:
    from collections.abc import Iterator

    import msgspec

    from trailhound.model.batch import Batch, Column
    from trailhound.model.limits import Budget
    from trailhound.model.source import Source
    from trailhound.readers.native_batch import Maker

_OPENER = Opener("events event name actor ipAddress", "id")
APPLICATIONS = frozenset(
    [
        "access_evaluation",
        "access_transparency",
        "admin",
        "calendar",
        "chat",
        "chrome",
        "context_aware_access",
        "data_studio",
        "drive",
        "gcp",
        "gmail",
        "gplus",
        "groups",
        "groups_enterprise",
        "jamboard",
        "keep",
        "login",
        "meet",
        "mobile",
        "rules",
        "saml",
        "token",
        "user_accounts",
        "vault",
    ]
)
"""Other words in the place of the application stay in `id.applicationName` and make no kind."""
_OWN = frozenset(
    ["eventName", "eventType", "eventService", "eventNumber", "ipAddress", "ownerDomain"]
)
_TWINS = frozenset(("login", "user_accounts"))
_VALUES = ("value", "boolValue", "intValue", "multiValue", "multiIntValue", "messageValue",
           "multiMessageValue")  # fmt: skip
_SIGMA = {
    "protoPayload.metadata.event.eventName": "eventName",
    "protoPayload.metadata.event.eventType": "eventType",
    "protoPayload.serviceName": "eventService",
    "protoPayload.Servicename": "eventService",
    "protoPayload.methodName": "eventName",
    "protoPayload.authenticationInfo.principalEmail": "actor.email",
    "protoPayload.requestMetadata.callerIp": "ipAddress",
}
"""Names of Cloud Logging's copy of the same records, which rules use too."""


class GoogleWorkspace:
    """Reads activities of the Reports API."""

    name = "google.workspace"
    splittable = True

    def sniff(self, head: bytes, path: str) -> float:
        """Bid on an activity's names."""
        del path
        whole = bid(head, "applicationName", "actor", "events event name parameters")
        return max(whole, bid(head, "uniqueQualifier", "applicationName"))

    def read(self, source: Source, budget: Budget) -> Iterator[Batch]:
        """Yield batches by application, events in order within each."""
        digest = source_digest(source.head)
        seen = Seen()
        for raws, offsets in json_records(source, budget):
            mine, strangers = _OPENER.divided(_OPENER.open(raws, offsets, budget))
            if strangers.raws:
                yield stranger_batch(strangers, source, budget, digest)
            events = _events(mine, seen, budget)
            for application, part in events.grouped(events.probes).items():
                route = {"id.applicationName": application}
                known = application if application in APPLICATIONS else "unknown"
                kind = f"google_workspace.{known}"
                yield NativeBatch(kind, route, source.name, part, NAMES, budget, digest)


def _events(opened: Opened, seen: Seen, budget: Budget) -> Opened:
    """Give each event a row; the probe becomes the application."""
    events = Opened()
    for raw, offset, payload in zip(opened.raws, opened.offsets, opened.payloads, strict=True):
        activity = _decoded(payload)
        for number, event in enumerate(_split(activity)):
            row = merged(activity, event, number)
            application = row["id"]["applicationName"]
            if application in _TWINS and _again(row, application, seen):
                budget.note("record.duplicate", offset, 0, f"met before: {row['eventName']}")
                continue
            events.add(raw, offset, _encoded(row), application)
    return events


def _encoded(row: dict[str, Any]) -> bytes:
    try:
        return orjson.dumps(row)
    except TypeError:  # half a surrogate pair in a text
        return json_text(row).encode()


def _decoded(payload: bytes | msgspec.Raw) -> dict[str, Any]:
    raw = as_bytes(payload)
    try:
        activity = orjson.loads(raw)
    except orjson.JSONDecodeError:
        activity = lenient_object(raw)
    return activity if isinstance(activity, dict) else {}


def _split(activity: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the events of an activity: a list, a single one, or the record itself."""
    events = activity.get("events")
    if isinstance(events, list) and events:
        return [event if isinstance(event, dict) else {} for event in events]
    event = activity.get("event")
    return [event] if isinstance(event, dict) else [activity]


def merged(activity: dict[str, Any], event: dict[str, Any], number: int) -> dict[str, Any]:
    """Join an activity and one of its events to a flat record."""
    row = {k: v for k, v in activity.items() if k not in ("events", "event", "parameters")}
    identity = activity.get("id")
    row["id"] = dict(identity) if isinstance(identity, dict) else {}
    application = str(row["id"].get("applicationName") or "unknown").lower()
    row["id"]["applicationName"] = application
    row["eventName"], row["eventType"] = event.get("name"), event.get("type")
    row["eventService"] = f"{application}.googleapis.com"
    row["eventNumber"] = number
    row["parameters"] = parameters(event.get("parameters"))
    return row


def parameters(given: object) -> dict[str, Any]:
    """Flatten parameters: a list of names with one of several kinds of value, or a plain object."""
    if isinstance(given, dict):
        return given
    found: dict[str, Any] = {}
    for item in given if isinstance(given, list) else []:
        if isinstance(item, dict) and isinstance(item.get("name"), str):
            value = next((item[key] for key in _VALUES if key in item), None)
            found[item["name"]] = _message(value)
    return found


def _message(value: object) -> object:
    """Flatten a message, which holds parameters itself, one level down."""
    inner = value.get("parameter") if isinstance(value, dict) else None
    return value if inner is None else parameters(inner)


def _again(row: dict[str, Any], application: str, seen: Seen) -> bool:
    """Tell whether the twin application has told the same fact."""
    actor = row.get("actor")
    who = actor.get("email") if isinstance(actor, dict) else None
    fact = f"{row['id'].get('time')}/{who}/{row['eventName']}"
    if not (who and row["id"].get("time")):
        return False
    other = next(name for name in _TWINS if name != application)
    seen.again(f"{application}/{fact}")
    return seen.known(f"{other}/{fact}")


def _candidates(name: str) -> tuple[str, ...]:
    """Find parameters also under their bare name, as rules spell it."""
    if name in _SIGMA:
        return (name, _SIGMA[name])
    if name in _OWN or "." in name:
        return (name,)
    return tuple(dict.fromkeys((name, f"parameters.{name}", f"parameters.{name.upper()}")))


_UID = ("id.time", "actor.email", "eventName")


def _twin_uid(batch: NativeBatch) -> Column:
    """Identify an event: the twins by what happened, all others by their own numbers."""
    twins = batch.route["id.applicationName"] in _TWINS
    own = ("id.applicationName", "id.uniqueQualifier", "id.time", "eventNumber")
    names = _UID if twins else own
    columns = batch.columns(names)
    rows = zip(*(columns[name] for name in names), strict=True)
    return [None if None in row else "/".join(map(str, row)) for row in rows]


def _maker(name: str) -> Maker | None:
    return _twin_uid if name == "@uid" else None


def _inputs(name: str) -> tuple[str, ...]:
    return (*_UID, "id.uniqueQualifier", "eventNumber", "id.applicationName") * (name == "@uid")


NAMES = Names(("id.time", "p_event_time"), ("@uid",), _candidates, _maker, _inputs)
READER = GoogleWorkspace()
