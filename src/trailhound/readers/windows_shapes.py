"""Windows events as converters and collectors write them, rewritten to shapes that are read fast.

Known are: values as a list of names and texts (`xmltodict`, `python-evtx`, `xml2js`), EventData as
XML text (Log Analytics), a flat header beside nested values, winlogbeat 6, names with dots,
`Get-WinEvent | ConvertTo-Json`, Get-EventLog, Wazuh, Splunk and Elasticsearch around any of these.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec

from trailhound.readers.event_xml import data_of, event_of
from trailhound.readers.projection import as_bytes, json_text, lenient_object
from trailhound.readers.windows_names import value_names
from trailhound.readers.windows_records import attribute, plain
from trailhound.readers.wrapping import DEPTH, OBJECTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Object = dict[str, Any]

CHANNEL = ("Channel", "channel", "LogName", "log_name", "EventLog")
EVENT_ID = ("EventID", "event_id", "eventID", "EventId", "EventCode", "InstanceId")
PROVIDER = (
    "Provider_Name", "ProviderName", "provider_name", "SourceName", "source_name", "providerName",
    "EventSourceName", "Provider", "Source",
)  # fmt: skip
_FLAT: dict[str, tuple[str, ...]] = {
    "Channel": CHANNEL,
    "EventID": EVENT_ID,
    "Provider": PROVIDER,
    "Computer": (
        "Computer", "Hostname", "MachineName", "ComputerName", "computer_name", "computer",
        "hostname", "host",
    ),
    "EventRecordID": (
        "EventRecordID", "EventRecordId", "RecordNumber", "RecordId", "record_id", "record_number",
        "eventRecordID", "Index",
    ),
    "TimeCreated": (
        "TimeCreated", "SystemTime", "systemTime", "EventTime", "@timestamp", "TimeGenerated",
        "timestamp", "time", "_time",
    ),
    "Level": ("Level", "level"),
    "Task": ("Task", "task"),
    "Opcode": ("Opcode", "opcode"),
    "Keywords": ("Keywords", "keywords"),
    "ProcessID": ("ExecutionProcessID", "processID"),
    "UserID": ("UserID", "UserId", "userID"),
}  # fmt: skip
"""Names of system fields, best first, in records that keep them side by side."""

_IN_ATTRIBUTES = {
    "Provider": ("Provider", "Name"),
    "TimeCreated": ("TimeCreated", "SystemTime"),
    "ProcessID": ("Execution", "ProcessID"),
    "UserID": ("Security", "UserID"),
}
"""Where the XML has those that are attributes."""
_PLAIN = tuple(name for name in _FLAT if name not in _IN_ATTRIBUTES)
_NESTED = ("EventData", "UserData", "event_data", "user_data")
_USER = ("UserData", "user_data")
_TAKEN = frozenset(_NESTED).union(*_FLAT.values(), ["ReplacementStrings"])
"""Members of a flat record that are no values of the event."""
_COMMANDLET = ("LogName", "ProviderName")
"""Members that tell a record of Get-WinEvent, whose `Id` is the event's."""
_COMMANDLET_ONLY = frozenset(
    [
        "Id", "Version", "Qualifiers", "ProcessId", "ThreadId", "ActivityId", "RelatedActivityId",
        "ProviderId", "ContainerLog", "MatchedQueryIds", "Bookmark", "Properties",
    ]
)  # fmt: skip
"""Members of such a record that are no values of the event."""

TYPE_NAME = "System.Diagnostics.Eventing.Reader.EventProperty"
"""What ConvertTo-Json writes where its depth did not suffice."""

_DATE = re.compile(r"/Date\((-?\d{1,16})(?:[+-]\d{4})?\)/\Z")
_ESCAPED = re.compile(r"(?:[^\\]|\\[\\\"])*+\Z")
_ESCAPE = re.compile(r"\\([\\\"])")
_TEXTS = ("#text", "Value", "value", "text", "_", "content", "$t")
_SPLUNK_SOURCE = ("WinEventLog:", "XmlWinEventLog:")


def canonical(raw: bytes | str) -> str | None:
    """Rewrite one record; None when there is no event in it."""
    level = [_decoded(raw)]
    for _ in range(DEPTH + 1):
        for one in level:
            if (event := _event(one)) is not None:
                return json_text(event)
        level = [inner for one in level for inner in _inside(one)]
    return None


def _decoded(raw: bytes | str) -> Object:
    try:
        return msgspec.json.decode(raw, type=dict[str, Any])
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        return lenient_object(as_bytes(raw)) or {}


def _inside(one: Object) -> Iterator[Object]:
    """Give the objects that wrappers hold, themselves or as text."""
    for name in (*OBJECTS, "data", "fields"):
        value = one.get(name)
        if isinstance(value, str):
            text = value.lstrip()
            value = _decoded(text) if text[:1] == "{" else event_of(text) if "<Event" in text else 0
        if isinstance(value, dict) and value:
            yield value


def _event(one: Object) -> Object | None:
    """Rewrite an object that is an event; None for any other."""
    raw = one.get("_raw")
    if isinstance(raw, str) and "<Event" in raw and (event := event_of(raw)):
        return event
    inner = one.get("Event", one)
    if isinstance(inner, dict) and isinstance(inner.get("System"), dict):
        return _from_xml(inner)
    data = one.get("data")
    win = data.get("win") if isinstance(data, dict) else one.get("win")
    if isinstance(win, dict) and isinstance(win.get("system"), dict):
        return _from_wazuh(one, win)
    if any(name.startswith("winlog.") for name in one):
        one = _nested(one)
    if isinstance(winlog := one.get("winlog"), dict):
        data = fields_of(winlog.get("event_data") or winlog.get("user_data"))
        return {**one, "winlog": {**winlog, "event_data": data}}
    return _from_flat(one)


def _from_xml(event: Object) -> Object:
    system = event["System"]
    made = {name: plain(system.get(name)) for name in _FLAT}
    provider = system.get("Provider")
    made["Provider"] = provider if isinstance(provider, str) else attribute(provider, "Name")
    made["TimeCreated"] = attribute(system.get("TimeCreated"), "SystemTime") or made["TimeCreated"]
    made["ProcessID"] = attribute(system.get("Execution"), "ProcessID")
    made["UserID"] = attribute(system.get("Security"), "UserID")
    user = event.get("UserData")
    return _made(made, fields_of(event.get("EventData")) | _fields_of_user(user))


def _from_wazuh(one: Object, win: Object) -> Object:
    """Wazuh writes names with a small first letter and escapes backslashes once more."""
    system, data = win["system"], win.get("eventdata", win.get("eventData"))
    made = _system_of({"timestamp": one.get("timestamp"), **system})
    fields = {_capital(name): value for name, value in fields_of(data).items()}
    texts = [value for value in fields.values() if isinstance(value, str)]
    if all(map(_ESCAPED.match, texts)):
        fields = {
            name: _ESCAPE.sub(r"\1", value) if isinstance(value, str) and "\\" in value else value
            for name, value in fields.items()
        }
    return _made(made, fields)


def _capital(name: str) -> str:
    return name if name.startswith("param") else name[:1].upper() + name[1:]


def _from_flat(one: Object) -> Object | None:
    system = _system_of(one)
    commandlet = all(name in one for name in _COMMANDLET)
    if commandlet and system["EventID"] is None:
        system["EventID"] = one.get("Id")
    if system["EventID"] is None or not (system["Channel"] or system["Provider"]):
        return None
    taken = _TAKEN | _COMMANDLET_ONLY if commandlet else _TAKEN
    fields = {name: value for name, value in one.items() if name not in taken}
    for name in _NESTED:
        if name in one:
            fields |= _fields_of_user(one[name]) if name in _USER else fields_of(one[name])
    return _made(system, fields | _positional(one, system))


def _system_of(one: Object) -> Object:
    found = {name: _first(one, names) for name, names in _FLAT.items()}
    system = {name: plain(value) for name, value in found.items()}
    system["TimeCreated"] = moment(found["TimeCreated"])
    if isinstance(system["Keywords"], int) and system["Keywords"] < 0:
        system["Keywords"] = f"{system['Keywords'] & 0xFFFF_FFFF_FFFF_FFFF:#x}"
    if system["Channel"] is None and isinstance(source := one.get("source"), str):
        system["Channel"] = next(
            (source.removeprefix(s) for s in _SPLUNK_SOURCE if source.startswith(s)), None
        )
    return system


def _first(one: Object, names: Iterable[str]) -> Any:
    for name in names:
        value = one.get(name)
        if value is not None and value != "":
            return value
    return None


def moment(value: Any) -> Any:
    r"""Give a time as text or number: also `\/Date(1772359200000)\/`, and objects around either."""
    if isinstance(value, dict):
        value = attribute(value, "SystemTime") or value.get("value") or value.get("DateTime")
    if isinstance(value, str) and (match := _DATE.match(value)):
        return int(match[1])
    return value


def _made(system: Object, fields: Object) -> Object:
    """Write an event in the shape of the XML."""
    made = {name: system[name] for name in _PLAIN if system[name] is not None}
    made |= {
        element: {"#attributes": {attribute_name: system[name]}}
        for name, (element, attribute_name) in _IN_ATTRIBUTES.items()
        if system[name] is not None
    }
    return {"Event": {"System": made, "EventData": fields}}


def fields_of(data: Any) -> Object:
    """Give the names and values of EventData: an object, a list, or XML text."""
    if isinstance(data, str):
        return data_of(data) if "<" in data else {"Data": data} if data.strip() else {}
    if isinstance(data, list):
        return _listed(data)
    if not isinstance(data, dict):
        return {}
    own = ((n, v) for n, v in data.items() if n != "Data" and n[:1] not in ("#", "@", "$"))
    fields = {n: v["#text"] if isinstance(v, dict) and "#text" in v else v for n, v in own}
    inner = data.get("Data")
    return fields | _listed(inner if isinstance(inner, list) else [inner])


def _listed(items: list[Any]) -> Object:
    """Give named values of a list; those without a name are all called `Data`."""
    fields: Object = {}
    unnamed: list[Any] = []
    for item in items:
        name = _name_of(item)
        value = _text_of(item)
        if name is not None:
            fields.setdefault(name, value)
        elif value is not None:
            unnamed += value if isinstance(value, list) else [value]
    return fields | ({"Data": unnamed} if unnamed else {})


def _name_of(item: Any) -> str | None:
    if not isinstance(item, dict):
        return None
    attributes = (item.get(key) for key in ("#attributes", "@attributes", "attributes", "$"))
    inner = next((one for one in attributes if isinstance(one, dict)), item)
    name = next((inner[k] for k in ("@Name", "Name", "name", "-Name") if k in inner), None)
    return name if isinstance(name, str) else None


def _text_of(item: Any) -> Any:
    if not isinstance(item, dict):
        return item
    return next((item[key] for key in _TEXTS if key in item), None)


def _fields_of_user(user: Any) -> Object:
    """Give the values of UserData, which lie in one element with a name of its own."""
    if not isinstance(user, dict):
        return fields_of(user)
    inner = (v for n, v in user.items() if isinstance(v, dict) and n[:1] not in ("#", "@", "$"))
    return fields_of(next(inner, user))


def _positional(one: Object, system: Object) -> Object:
    """Name values that a record has in their order only; else read what its message says."""
    values = one.get("Properties", one.get("ReplacementStrings"))
    if isinstance(values, str):
        values = [values]
    if not isinstance(values, list):
        return {}
    values = [_text_of(value) for value in values]
    provider, message = system["Provider"], one.get("Message")
    if provider == "Microsoft-Windows-Sysmon" and isinstance(message, str):
        return _said(message)
    if TYPE_NAME in values:
        return {"Properties": TYPE_NAME}
    names = value_names(str(provider), str(system["EventID"]))
    named = dict(zip(names, values, strict=False))
    rest = values[len(names) :]
    return named | ({"Data": rest} if rest else {})


def _said(message: str) -> Object:
    """Read the message of Sysmon: under its title, one `Name: value` a line."""
    lines = (line.partition(": ") for line in message.splitlines()[1:])
    return {name: value for name, colon, value in lines if colon and name.isalnum()}


def _nested(one: Object) -> Object:
    """Undo names with dots; values that are lists of one are that one."""
    made: Object = {}
    for name, value in one.items():
        only = value[0] if isinstance(value, list) and len(value) == 1 else value
        *outer, last = name.split(".", DEPTH)
        inner = made
        for key in outer:
            below = inner.setdefault(key, {})
            if not isinstance(below, dict):
                below = inner[key] = {}
            inner = below
        inner[last] = only
    return made
