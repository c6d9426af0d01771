"""Records of Windows events as they come wrapped: which wrapper, and what every event has.

Wrappers read: the XML shape as JSON (`Event.System`, with or without `Event`), winlogbeat and ECS
(`winlog.*`), and flat records as NXLog writes them. System fields have the names in `SYSTEM`.
"""

from __future__ import annotations

import re
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import msgspec

from trailhound.readers.projection import array_of, as_bytes, lenient_object
from trailhound.readers.windows_names import channel_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Raw = msgspec.Raw
NOTHING = Raw(b"null")
EMPTY = Raw(b"{}")
ABSENT: Any = None
"""In the place of a raw value, which has no hash: records without one can be told apart by hash."""
FLAT = "flat"
_SAYS_NOTHING = (b"null", b"{}", b"[]", b'""', b'"-"')
_LISTED = re.compile(rb'"Data"\s*:\s*(?:\[\s*)?\{')
"""Values that go by their names in a list: the `Data` of an object is a list of texts."""


class _Name(msgspec.Struct):
    Name: Any = None
    EventSourceName: Any = None


class _Provider(msgspec.Struct, rename={"attributes": "#attributes", "at_name": "@Name"}):
    attributes: _Name | None = None
    Name: Any = None
    at_name: Any = None


class _System(msgspec.Struct):
    """`System` of an event; everything but the four fields every event needs stays undecoded."""

    Provider: _Provider | str | None = None
    EventID: Any = None
    Channel: Any = None
    Computer: Any = None
    EventRecordID: Any = None
    TimeCreated: Any = None
    Level: Any = None
    Task: Any = None
    Opcode: Any = None
    Keywords: Any = None
    Security: Any = None
    Execution: Any = None


class _Event(msgspec.Struct):
    System: _System | None = None
    EventData: Raw = NOTHING
    UserData: Raw = NOTHING


class _Winlog(msgspec.Struct):
    channel: Any = None
    event_id: Any = None
    provider_name: Any = None
    computer_name: Any = None
    record_id: Any = None
    event_data: Raw = NOTHING
    user_data: Raw = NOTHING
    keywords: Any = None
    task: Any = None
    opcode: Any = None


class Record(
    msgspec.Struct,
    rename={
        "timestamp": "@timestamp",
        "lower_hostname": "hostname",
        "provider_name": "Provider_Name",
        "lower_timestamp": "timestamp",
    },
):
    """The union of all wrappers: one decoding pass tells which one a record is."""

    Event: _Event | None = None
    System: _System | None = None
    EventData: Raw = ABSENT
    UserData: Raw = ABSENT
    event_data: Raw = ABSENT
    winlog: _Winlog | None = None
    timestamp: Any = None
    Channel: Any = None
    EventID: Any = None
    SourceName: Any = None
    ProviderName: Any = None
    provider_name: Any = None
    Hostname: Any = None
    Computer: Any = None
    lower_hostname: Any = None
    RecordNumber: Any = None
    EventRecordID: Any = None
    EventTime: Any = None
    TimeCreated: Any = None
    SystemTime: Any = None
    TimeGenerated: Any = None
    lower_timestamp: Any = None
    UtcTime: Any = None
    Level: Any = None
    Task: Any = None
    Keywords: Any = None


class Header(msgspec.Struct, gc=False):
    """What every event has, wherever its wrapper keeps it."""

    channel: str
    event_id: str
    provider: str
    computer: Any
    record_id: Any
    time: Any
    system: Any
    payload: Raw | bytes | None
    form: str


SYSTEM: dict[str, Callable[[Header], Any]] = {
    "Computer": lambda h: h.computer,
    "EventRecordID": lambda h: h.record_id,
    "TimeCreated": lambda h: h.time,
    "Level": lambda h: getattr(h.system, "Level", None),
    "Task": lambda h: getattr(h.system, "Task", None),
    "Opcode": lambda h: getattr(h.system, "Opcode", None),
    "Keywords": lambda h: getattr(h.system, "Keywords", None),
    "UserID": lambda h: attribute(getattr(h.system, "Security", None), "UserID"),
    "ExecutionProcessID": lambda h: attribute(getattr(h.system, "Execution", None), "ProcessID"),
}

EVERY_EVENT = ("Computer", "EventRecordID", "TimeCreated")
"""Who asks for one of these soon asks for the others."""

_MANY = msgspec.json.Decoder(list[Record])
_ONE = msgspec.json.Decoder(Record)


def decode(raws: Sequence[bytes | str]) -> list[Record | None]:
    """Decode records that are alike, all text or all bytes; None for what is no object."""
    try:
        decoded = _MANY.decode(array_of(raws))
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        decoded = []
    if len(decoded) != len(raws):  # damaged, or records that are JSON only when joined
        return [decode_one(as_bytes(raw)) for raw in raws]
    return list(decoded)


def decode_one(raw: bytes) -> Record | None:
    """Decode one record, leniently where strict JSON refuses it."""
    try:
        return _ONE.decode(raw)
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        lenient = lenient_object(raw)
    try:
        return _ONE.decode(msgspec.json.encode(lenient)) if lenient is not None else None
    except (msgspec.MsgspecError, RecursionError, UnicodeError, TypeError):
        return None


def attribute(value: Any, name: str) -> Any:
    """Give an attribute of an element, None where there is none."""
    inner = value.get("#attributes", value) if isinstance(value, dict) else None
    return inner.get(name, inner.get(f"@{name}")) if isinstance(inner, dict) else None


def plain(value: Any) -> Any:
    """Give the text of an element that has attributes; anything else is plain already."""
    if isinstance(value, dict):
        text = value.get("#text", value.get("Value"))
        return attribute(value, "SystemTime") if text is None else text
    return value


def header_of(record: Record) -> Header | None:
    """Give what every event has; None when the record is no event."""
    if record.Event is not None and record.Event.System is not None:
        return _from_xml(record.Event.System, record.Event.EventData, record.Event.UserData)
    if record.System is not None:
        return _from_xml(record.System, record.EventData or NOTHING, record.UserData or NOTHING)
    if record.winlog is not None:
        return _from_winlog(record, record.winlog)
    return _from_flat(record)


def _from_xml(system: _System, data: Raw, user: Raw) -> Header | None:
    provider = system.Provider
    name: Any = provider
    if isinstance(provider, _Provider):
        name = provider.attributes.Name if provider.attributes else provider.Name
        if name is None:
            name = provider.attributes.EventSourceName if provider.attributes else provider.at_name
    moment = attribute(system.TimeCreated, "SystemTime") or plain(system.TimeCreated)
    payload = _object(next(_members(user), data))
    return _checked(Header(
        system.Channel, system.EventID, name, system.Computer, system.EventRecordID, moment,
        system, payload, "xml",
    ))  # fmt: skip


def _from_winlog(record: Record, winlog: _Winlog) -> Header | None:
    payload = _object(winlog.user_data if winlog.event_data == NOTHING else winlog.event_data)
    return _checked(Header(
        winlog.channel, winlog.event_id, winlog.provider_name, winlog.computer_name,
        winlog.record_id, record.timestamp, None, payload, "ecs",
    ))  # fmt: skip


def _from_flat(record: Record) -> Header | None:
    provider = record.SourceName or record.ProviderName or record.provider_name
    computer, number, moment = (FLAT_SYSTEM[name](record) for name in EVERY_EVENT)
    return _checked(Header(
        record.Channel, record.EventID, provider, computer, number, moment, record, None, FLAT,
    ))  # fmt: skip


FLAT_SYSTEM: dict[str, Callable[[Record], Any]] = {
    "Computer": lambda r: r.Computer or r.Hostname or r.lower_hostname,
    "EventRecordID": lambda r: r.RecordNumber if r.EventRecordID is None else r.EventRecordID,
    "TimeCreated": lambda r: r.EventTime or r.TimeCreated or r.timestamp or _rarer_time(r),
    "Level": attrgetter("Level"),
    "Task": attrgetter("Task"),
    "Opcode": lambda _: None,
    "Keywords": attrgetter("Keywords"),
    "UserID": lambda _: None,
    "ExecutionProcessID": lambda _: None,
}
"""Where flat records keep the system fields."""


def _rarer_time(record: Record) -> Any:
    found = record.SystemTime or record.TimeGenerated or record.lower_timestamp
    return found or record.UtcTime


def _checked(header: Header) -> Header | None:
    """Make plain values of what the wrapper had; None when it names no event."""
    event_id: Any = plain(header.event_id)
    channel: Any = header.channel
    if event_id is None or not (isinstance(channel, str) or header.provider):
        return None
    header.event_id, header.provider = str(event_id), str(header.provider or "")
    header.channel = str(channel or channel_of(header.provider, header.event_id))
    header.computer, header.record_id = plain(header.computer), plain(header.record_id)
    return header


def _members(user: Raw) -> Iterator[Raw]:
    """Give the elements of UserData: it wraps the fields in one element with a name of its own."""
    if _object(user) is user:
        members = msgspec.json.decode(user, type=dict[str, Raw])
        yield from (raw for key, raw in members.items() if not key.startswith("#"))


def _object(raw: Raw) -> Raw:
    """Give an object as it is, an empty one for null: an event may have no fields."""
    return raw if bytes(memoryview(raw)[:1]) == b"{" else EMPTY


def is_odd(record: Record, header: Header) -> bool:
    """Tell a record whose fields are not where its form has them: see `windows_shapes`."""
    if header.form == FLAT:
        nested = (record.EventData, record.UserData, record.event_data)
        return not header.channel or any(one is not ABSENT and _says(one) for one in nested)
    if header.form == "ecs" and record.winlog is not None:
        data = record.winlog.event_data
    else:
        data = (record.Event.EventData if record.Event else record.EventData) or NOTHING
    if _object(data) is not data:
        return _says(data)
    return _LISTED.search(memoryview(data)) is not None


def _says(raw: Raw) -> bool:
    """Tell whether a value is more than nothing in quotes or brackets."""
    return len(raw) > len("null") or bytes(raw) not in _SAYS_NOTHING


def payload_of(record: Record) -> Raw | bytes:
    """Give the object that the fields of the event are in."""
    header = header_of(record)
    return header.payload if header and header.payload is not None else EMPTY
