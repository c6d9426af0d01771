"""Windows events, whatever wrapped them, to batches of one (channel, event id, provider) each.

Native names are those of the event itself: the system fields listed in `SYSTEM`, and the names of
EventData or UserData as they are. Wrappers read: the XML shape as JSON (`Event.System`, with or
without `Event`), winlogbeat and ECS (`winlog.*`), and flat records as NXLog writes them.
"""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any

import msgspec

from trailhound.readers.json_batch import JsonBatch
from trailhound.readers.json_records import bad_record
from trailhound.readers.projection import as_bytes, lenient_object, projector

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from trailhound.model.batch import Batch, Column
    from trailhound.model.limits import Budget

KIND = "windows"
Raw = msgspec.Raw
_NOTHING = Raw(b"null")
_EMPTY = Raw(b"{}")
Payload = bytes | str | msgspec.Raw
Route = tuple[str, str, str]
"""Channel, event id, provider."""

FLAT = "flat"
MAX_ROUTES = 10_000

_Group = tuple[list[str], list[int], list[Payload]]
"""Texts, record numbers and payloads of the records of one route."""


class _Name(msgspec.Struct):
    Name: Any = None
    EventSourceName: Any = None


class _Provider(msgspec.Struct, rename={"attributes": "#attributes"}):
    attributes: _Name | None = None
    Name: Any = None


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
    EventData: Raw = _NOTHING
    UserData: Raw = _NOTHING


class _Winlog(msgspec.Struct):
    channel: Any = None
    event_id: Any = None
    provider_name: Any = None
    computer_name: Any = None
    record_id: Any = None
    event_data: Raw = _NOTHING
    user_data: Raw = _NOTHING
    keywords: Any = None
    task: Any = None
    opcode: Any = None


class _Record(
    msgspec.Struct,
    rename={
        "timestamp": "@timestamp",
        "lower_hostname": "hostname",
        "provider_name": "Provider_Name",
    },
):
    """The union of all wrappers: one decoding pass tells which one a record is."""

    Event: _Event | None = None
    System: _System | None = None
    EventData: Raw = _NOTHING
    UserData: Raw = _NOTHING
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
    Level: Any = None
    Severity: Any = None
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
    "UserID": lambda h: _attribute(getattr(h.system, "Security", None), "UserID"),
    "ExecutionProcessID": lambda h: _attribute(getattr(h.system, "Execution", None), "ProcessID"),
}

RECORDED = {
    "Computer": "Computer",
    "EventRecordID": "EventRecordID",
    "TimeCreated": "TimeCreated.#attributes.SystemTime",
    "Level": "Level",
    "Task": "Task",
    "Opcode": "Opcode",
    "Keywords": "Keywords",
    "UserID": "Security.#attributes.UserID",
    "ExecutionProcessID": "Execution.#attributes.ProcessID",
}
"""Where records of the `evtx` package keep the system fields, inside `System`."""

EVTX = "evtx"
EVERY_EVENT = ("Computer", "EventRecordID", "TimeCreated")
"""Who asks for one of these soon asks for the others."""

ECS = {
    "CommandLine": "process.command_line",
    "Image": "process.executable",
    "NewProcessName": "process.executable",
    "ParentImage": "process.parent.executable",
    "ParentProcessName": "process.parent.executable",
    "ParentCommandLine": "process.parent.command_line",
    "User": "user.name",
    "TargetFilename": "file.path",
    "TargetObject": "registry.path",
    "DestinationIp": "destination.ip",
    "DestinationPort": "destination.port",
    "DestinationHostname": "destination.domain",
    "SourceIp": "source.ip",
    "IpAddress": "source.ip",
    "QueryName": "dns.question.name",
    "ScriptBlockText": "powershell.file.script_block_text",
}
"""Where Elastic's modules move fields that they take out of `winlog.event_data`."""


class WindowsBatch(JsonBatch):
    """Rows of one channel, event id, provider and form.

    System fields come from the `records` as decoded, where the form is not `evtx`: there they are
    decoded when somebody asks, see `RECORDED`.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - as `JsonBatch`
        self,
        route: Route,
        source: str,
        offsets: Sequence[int],
        raws: Sequence[bytes | str],
        payloads: Sequence[Payload],
        budget: Budget,
        digest: bytes,
        *,
        form: str = EVTX,
        records: Sequence[_Record] = (),
    ) -> None:
        channel, event_id, provider = route
        named = {"Channel": channel, "EventID": event_id, "Provider_Name": provider}
        super().__init__(
            KIND,
            named,
            source,
            offsets,
            raws,
            budget,
            digest=digest,
            payloads=payloads,
            time_fields=("TimeCreated",),
            uid_fields=("Computer", "Channel", "EventRecordID"),
            derive=_derive,
        )
        self.form, self._records = form, records
        self._headers: list[Header | None] = []
        self.likeness = (WindowsBatch, route, form)

    def columns(self, names: Sequence[str]) -> dict[str, Column]:
        """See `Batch`: the fields rows are routed on are the same in each."""
        routed: dict[str, Column] = {
            name: [self.route[name]] * self.rows for name in names if name in self.route
        }
        if self.form == EVTX:
            self._record_columns(names)
        return super().columns([name for name in names if name not in routed]) | routed

    def _record_columns(self, names: Sequence[str]) -> None:
        """Decode the system fields among `names` that are not decoded yet, all in one pass."""
        wanted = [name for name in names if name in RECORDED and name not in self._columns]
        if wanted:
            wanted = list(dict.fromkeys([*wanted, *EVERY_EVENT]))
            places = tuple(RECORDED[name] for name in wanted)
            found = projector(places).columns(list(map(_system_of, self._raws)), self._report)
            self._columns |= {name: found[RECORDED[name]] for name in wanted}

    def system_column(self, name: str) -> Column:
        """Give one system field of every row."""
        if self.form == FLAT:
            found = list(map(FLAT_SYSTEM[name], self._records))
        else:
            self._headers = self._headers or list(map(_header, self._records))
            found = [header and SYSTEM[name](header) for header in self._headers]
        return list(map(_plain, found)) if dict in set(map(type, found)) else found

    def native_names(self) -> set[str]:
        """See `Batch.native_names`."""
        return super().native_names().union(self.route)

    def take(self, rows: Sequence[int]) -> Batch:
        """See `Batch.take`."""
        made = super().take(rows)
        assert isinstance(made, WindowsBatch)  # noqa: S101 - for the type checker
        made._records = [self._records[row] for row in rows] if self._records else ()  # noqa: SLF001
        made._headers = []  # noqa: SLF001
        return made

    def joined(self, others: Sequence[Batch]) -> Batch:
        """See `Batch.joined`: all are of one form."""
        made = super().joined(others)
        assert isinstance(made, WindowsBatch)  # noqa: S101 - for the type checker
        parts = [self, *(other for other in others if isinstance(other, WindowsBatch))]
        made._records = [record for part in parts for record in part._records]  # noqa: SLF001
        made._headers = []  # noqa: SLF001
        return made


def _derive(batch: JsonBatch, name: str) -> Column | None:
    assert isinstance(batch, WindowsBatch)  # noqa: S101 - for the type checker
    if name in SYSTEM:
        return batch.system_column(name)
    if name == "TargetObject" and batch.route["EventID"] == "4657":
        return _registry_path(batch)
    if batch.form == "ecs" and name in ECS:
        return _from_ecs(batch, name)
    return None


def _from_ecs(batch: WindowsBatch, name: str) -> Column | None:
    """Use the ECS field only where the event's own field was moved away."""
    own = batch.payload_column(name)
    moved = batch.record_column(ECS[name])
    return [
        second if first in (None, "") else first for first, second in zip(own, moved, strict=True)
    ]


def _registry_path(batch: WindowsBatch) -> Column:
    r"""Security 4657 in Sysmon's words: `HKLM\\...\\value` in the place of two kernel paths."""
    columns = batch.columns(("ObjectName", "ObjectValueName"))
    made: Column = []
    for key, value in zip(columns["ObjectName"], columns["ObjectValueName"], strict=True):
        path = (
            str(key or "")
            .replace("\\REGISTRY\\MACHINE", "HKLM", 1)
            .replace("\\REGISTRY\\USER", "HKU", 1)
        )
        made.append(f"{path}\\{value}" if value else path)
    return made


def _attribute(value: Any, name: str) -> Any:
    inner = value.get("#attributes", value) if isinstance(value, dict) else None
    return inner.get(name) if isinstance(inner, dict) else None


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return value.get("#text", value.get("Value"))
    return value


_RECORDS = msgspec.json.Decoder(list[_Record])
_ONE = msgspec.json.Decoder(_Record)


_ROUTED_ON = attrgetter(
    "Channel", "EventID", "SourceName", "ProviderName", "provider_name", "Event", "System", "winlog"
)
"""What the route of a record depends on; the wrappers are None in flat records."""


def windows_batches(
    source: str, raws: Sequence[bytes | str], offsets: Sequence[int], budget: Budget, digest: bytes
) -> Iterator[WindowsBatch]:
    """Group records by channel, event id and provider; what is no event becomes an oddity."""
    records = _decode(raws)
    for (route, form), rows in _routed(records).items():
        if not form:
            for row in rows:
                _refuse(as_bytes(raws[row]), offsets[row], budget)
            continue
        chosen = [record for row in rows if (record := records[row])]
        picked = [raws[row] for row in rows]
        payloads = picked if form == FLAT else [_payload(record) for record in chosen]
        yield WindowsBatch(
            route, source, [offsets[row] for row in rows], picked, payloads, budget, digest,
            form=form, records=chosen,
        )  # fmt: skip


def _routed(records: Sequence[_Record | None]) -> dict[tuple[Route, str], list[int]]:
    """Group rows by route and form; what is no event has an empty form.

    Flat records that agree in all that their route depends on are asked once.
    """
    flat: dict[Any, list[int]] = {}
    groups: dict[tuple[Route, str], list[int]] = {}
    for row, record in enumerate(records):
        try:
            flat.setdefault(_ROUTED_ON(record), []).append(row)
        except (TypeError, AttributeError):  # wrappers have no hash; None is no record
            groups.setdefault(_route(record), []).append(row)
    for rows in flat.values():
        known = groups.setdefault(_route(records[rows[0]]), [])
        known += rows
        known.sort()
    return groups


def _route(record: _Record | None) -> tuple[Route, str]:
    header = _header(record) if record is not None else None
    if header is None:
        return ("", "", ""), ""
    return (header.channel, header.event_id, header.provider), header.form


def _payload(record: _Record) -> Raw | bytes:
    header = _header(record)
    return header.payload if header and header.payload is not None else _EMPTY


_SYSTEM = '"System":'
_HEAD_END = ',"TimeCreated":'
_CHANNEL = ',"Channel":'
_DATA = ',"EventData":{'
_RENDERED = ',"RenderingInfo":'
_USER = ',"UserData":'


def _system_of(text: Any) -> str:
    """Cut `System` out of a record that the router took."""
    found: str = text[text.find(_SYSTEM) + len(_SYSTEM) : text.find(_DATA)]
    return found


class EvtxRouter:
    """Routes records of the `evtx` package without decoding them.

    The package writes `System` first and its fields in the order of the schema, so what stands
    around time, record number and process tells the route; each distinct pair of these texts is
    decoded once. A record that looks different in any way is decoded as a whole.
    """

    def __init__(self) -> None:
        self._routes: dict[str, Route | None] = {}

    def batches(
        self, source: str, texts: list[str], numbers: list[int], budget: Budget, digest: bytes
    ) -> Iterator[WindowsBatch]:
        """Group the records of one file; see `windows_batches`."""
        other: _Group = ([], [], [])
        groups = self._grouped(texts, numbers, other)
        for route, (picked, places, payloads) in groups.items():
            yield WindowsBatch(route, source, places, picked, payloads, budget, digest)
        if other[0]:
            yield from windows_batches(source, other[0], other[1], budget, digest)

    def _grouped(self, texts: list[str], numbers: list[int], other: _Group) -> dict[Route, _Group]:
        groups: dict[Route, _Group] = {}
        by_key: dict[str, _Group] = {}
        for row, text in enumerate(texts):
            middle = text.find(_HEAD_END)
            channel = text.find(_CHANNEL, middle)
            data = text.find(_DATA, channel)
            more = text.find(_RENDERED, data) > 0 or text.find(_USER, data) > 0
            if middle < 0 or channel < 0 or data < 0 or more:
                other[0].append(text)
                other[1].append(numbers[row])
                continue
            key = text[:middle] + text[channel:data]
            group = by_key.get(key)
            if group is None:
                route = self._routes[key] if key in self._routes else self._learn(key, text)
                group = by_key[key] = (
                    other if route is None else groups.setdefault(route, ([], [], []))
                )
            group[0].append(text)
            group[1].append(numbers[row])
            group[2].append(text[data + len(_DATA) - 1 : -2])
        return groups

    def _learn(self, key: str, text: str) -> Route | None:
        """Decode one record whole; its route holds for all with the same texts."""
        if len(self._routes) > MAX_ROUTES:
            self._routes.clear()
        record = _decode_one(text.encode("utf-8", "surrogatepass"))
        event = record.Event if record is not None else None
        header = _header(record) if record and event and event.UserData == _NOTHING else None
        route = (header.channel, header.event_id, header.provider) if header else None
        self._routes[key] = route
        return route


def _decode(raws: Sequence[bytes | str]) -> list[_Record | None]:
    try:
        if isinstance(raws[0], str):
            decoded = _RECORDS.decode("[" + ",".join(raws) + "]")  # type: ignore[arg-type]
        else:
            decoded = _RECORDS.decode(b"[" + b",".join(raws) + b"]")  # type: ignore[arg-type]
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        decoded = []
    if len(decoded) != len(raws):  # damaged, or records that are JSON only when joined
        return [_decode_one(as_bytes(raw)) for raw in raws]
    return list(decoded)


def _decode_one(raw: bytes) -> _Record | None:
    try:
        return _ONE.decode(raw)
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        lenient = lenient_object(raw)
    try:
        return _ONE.decode(msgspec.json.encode(lenient)) if lenient is not None else None
    except (msgspec.MsgspecError, RecursionError, UnicodeError, TypeError):
        return None


def _refuse(raw: bytes, offset: int, budget: Budget) -> None:
    if lenient_object(raw) is None:
        bad_record(raw, offset, budget)
    else:
        budget.lose("windows.no_event", offset, len(raw), "a JSON object that is no Windows event")


def _header(record: _Record) -> Header | None:
    if record.Event is not None and record.Event.System is not None:
        return _from_xml(record.Event.System, record.Event.EventData, record.Event.UserData)
    if record.System is not None:
        return _from_xml(record.System, record.EventData, record.UserData)
    if record.winlog is not None:
        return _from_winlog(record, record.winlog)
    return _from_flat(record)


def _from_xml(system: _System, data: Raw, user: Raw) -> Header | None:
    provider = system.Provider
    name: Any = provider
    if isinstance(provider, _Provider):
        name = provider.attributes.Name if provider.attributes else provider.Name
        if name is None and provider.attributes:
            name = provider.attributes.EventSourceName
    moment = _attribute(system.TimeCreated, "SystemTime") or _plain(system.TimeCreated)
    payload = _object(next(_members(user), data))
    return _checked(Header(
        system.Channel, system.EventID, name, system.Computer, system.EventRecordID, moment,
        system, payload, "xml",
    ))  # fmt: skip


def _from_winlog(record: _Record, winlog: _Winlog) -> Header | None:
    payload = _object(winlog.user_data if winlog.event_data == _NOTHING else winlog.event_data)
    return _checked(Header(
        winlog.channel, winlog.event_id, winlog.provider_name, winlog.computer_name,
        winlog.record_id, record.timestamp, None, payload, "ecs",
    ))  # fmt: skip


def _from_flat(record: _Record) -> Header | None:
    provider = record.SourceName or record.ProviderName or record.provider_name
    computer, number, moment = (FLAT_SYSTEM[name](record) for name in EVERY_EVENT)
    return _checked(Header(
        record.Channel, record.EventID, provider, computer, number, moment, record, None, FLAT,
    ))  # fmt: skip


FLAT_SYSTEM: dict[str, Callable[[_Record], Any]] = {
    "Computer": lambda r: r.Computer or r.Hostname or r.lower_hostname,
    "EventRecordID": lambda r: r.RecordNumber if r.EventRecordID is None else r.EventRecordID,
    "TimeCreated": lambda r: r.EventTime or r.TimeCreated or r.timestamp,
    "Level": attrgetter("Level"),
    "Task": attrgetter("Task"),
    "Opcode": lambda _: None,
    "Keywords": attrgetter("Keywords"),
    "UserID": lambda _: None,
    "ExecutionProcessID": lambda _: None,
}
"""Where flat records keep the system fields."""


def _checked(header: Header) -> Header | None:
    """Make plain values of what the wrapper had; None when it names no event."""
    event_id: Any = _plain(header.event_id)
    channel: Any = header.channel
    if event_id is None or not (isinstance(channel, str) or header.provider):
        return None
    header.channel, header.event_id = str(channel or ""), str(event_id)
    header.provider = str(header.provider or "")
    header.computer, header.record_id = _plain(header.computer), _plain(header.record_id)
    return header


def _members(user: Raw) -> Iterator[Raw]:
    """Give the elements of UserData: it wraps the fields in one element with a name of its own."""
    if _object(user) is user:
        members = msgspec.json.decode(user, type=dict[str, Raw])
        yield from (raw for key, raw in members.items() if not key.startswith("#"))


def _object(raw: Raw) -> Raw:
    """Give an object as it is, an empty one for null: an event may have no fields."""
    return raw if bytes(memoryview(raw)[:1]) == b"{" else _EMPTY
