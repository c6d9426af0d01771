"""Windows events, whatever wrapped them, to batches of one (channel, event id, provider) each.

Native names are those of the event itself: the system fields listed in `SYSTEM`, and the names of
EventData or UserData as they are. Wrappers read: the XML shape as JSON (`Event.System`, with or
without `Event`), winlogbeat and ECS (`winlog.*`), and flat records as NXLog writes them; others are
rewritten to one of these.
"""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any

from trailhound.readers.json_batch import JsonBatch
from trailhound.readers.json_records import bad_record
from trailhound.readers.projection import as_bytes, lenient_object, projector
from trailhound.readers.windows_records import (
    EVERY_EVENT,
    FLAT,
    FLAT_SYSTEM,
    SYSTEM,
    decode,
    decode_one,
    header_of,
    is_odd,
    payload_of,
    plain,
)
from trailhound.readers.windows_shapes import TYPE_NAME, canonical, moment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import msgspec

    from trailhound.model.batch import Batch, Column
    from trailhound.model.limits import Budget
    from trailhound.readers.windows_records import Header, Record

KIND = "windows"
Route = tuple[str, str, str]
"""Channel, event id, provider."""

EVTX = "evtx"
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


SYSTEM_KEY = '"System":'
DATA = ',"EventData":'


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
        payloads: Sequence[bytes | str | msgspec.Raw],
        budget: Budget,
        digest: bytes,
        *,
        form: str = EVTX,
        records: Sequence[Record] = (),
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
            found = projector(places).columns(list(map(system_of, self._raws)), self._report)
            self._columns |= {name: found[RECORDED[name]] for name in wanted}

    def system_column(self, name: str) -> Column:
        """Give one system field of every row."""
        if self.form == FLAT:
            found = list(map(FLAT_SYSTEM[name], self._records))
        else:
            self._headers = self._headers or list(map(header_of, self._records))
            found = [header and SYSTEM[name](header) for header in self._headers]
        if dict in set(map(type, found)):
            found = list(map(plain, found))
        first = found[0] if found else None
        return list(map(moment, found)) if str(first)[:6] == "/Date(" else found

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


def system_of(text: Any) -> str:
    """Cut `System` out of a record that the router took."""
    found: str = text[text.find(SYSTEM_KEY) + len(SYSTEM_KEY) : text.find(DATA)]
    return found


_ROUTED_ON = attrgetter(
    "Channel", "EventID", "SourceName", "ProviderName", "provider_name", "Event", "System",
    "winlog", "EventData", "UserData", "event_data",
)  # fmt: skip
"""What the route of a record depends on; the wrappers are None in flat records."""
ODD: tuple[Route, str] = (("", "", ""), "")
"""Stands for the route of records that show none as they are."""


def windows_batches(
    source: str, raws: Sequence[bytes | str], offsets: Sequence[int], budget: Budget, digest: bytes
) -> Iterator[WindowsBatch]:
    """Group records by channel, event id and provider; what is no event becomes an oddity.

    Records of a rarer shape are rewritten first: their batches have the rewritten ones.
    """
    records = decode(raws)
    groups = _routed(records, _route)
    odd = groups.pop(ODD, [])
    yield from _batches(groups, records, source, raws, offsets, budget, digest)
    yield from _rewritten(source, [raws[n] for n in odd], [offsets[n] for n in odd], budget, digest)


def _rewritten(
    source: str, raws: Sequence[bytes | str], offsets: Sequence[int], budget: Budget, digest: bytes
) -> Iterator[WindowsBatch]:
    texts = [canonical(raw) or "" for raw in raws]
    records = decode(texts) if all(texts) else [decode_one(text.encode()) for text in texts]
    groups = _routed(records, _any_route)
    for row in groups.pop(ODD, []):
        _refuse(as_bytes(raws[row]), offsets[row], budget)
    for text, offset in zip(texts, offsets, strict=True):
        if TYPE_NAME in text:
            detail = "the values were left out (ConvertTo-Json -Depth 4 keeps them)"
            budget.note("windows.no_values", offset, 0, detail)
    yield from _batches(groups, records, source, texts, offsets, budget, digest)


def _batches(  # noqa: PLR0917 - what a batch is made of
    groups: dict[tuple[Route, str], list[int]],
    records: Sequence[Record | None],
    source: str,
    raws: Sequence[bytes | str],
    offsets: Sequence[int],
    budget: Budget,
    digest: bytes,
) -> Iterator[WindowsBatch]:
    for (route, form), rows in groups.items():
        chosen = [record for row in rows if (record := records[row])]
        picked = [raws[row] for row in rows]
        payloads = picked if form == FLAT else [payload_of(record) for record in chosen]
        yield WindowsBatch(
            route, source, [offsets[row] for row in rows], picked, payloads, budget, digest,
            form=form, records=chosen,
        )  # fmt: skip


def _routed(
    records: Sequence[Record | None], route: Callable[[Record | None], tuple[Route, str]]
) -> dict[tuple[Route, str], list[int]]:
    """Group rows by route and form.

    Flat records that agree in all that their route depends on are asked once.
    """
    flat: dict[Any, list[int]] = {}
    groups: dict[tuple[Route, str], list[int]] = {}
    for row, record in enumerate(records):
        try:
            flat.setdefault(_ROUTED_ON(record), []).append(row)
        except (TypeError, AttributeError):  # wrappers have no hash; None is no record
            groups.setdefault(route(record), []).append(row)
    for rows in flat.values():
        known = groups.setdefault(route(records[rows[0]]), [])
        known += rows
        known.sort()
    return groups


def _route(record: Record | None) -> tuple[Route, str]:
    """Give the route and form of a record, `ODD` for one that is to be rewritten."""
    header = header_of(record) if record is not None else None
    if record is None or header is None or is_odd(record, header):
        return ODD
    return (header.channel, header.event_id, header.provider), header.form


def _any_route(record: Record | None) -> tuple[Route, str]:
    """Give the route and form of a record that was rewritten, whatever is missing in it."""
    header = header_of(record) if record is not None else None
    return ODD if header is None else (
        (header.channel, header.event_id, header.provider), header.form
    )  # fmt: skip


def _refuse(raw: bytes, offset: int, budget: Budget) -> None:
    """Say that a record is no event; the caller has accounted for its bytes as those of events."""
    budget.parsed_bytes -= len(raw)
    if lenient_object(raw) is None:
        bad_record(raw, offset, budget)
    else:
        budget.lose("windows.no_event", offset, len(raw), "a JSON object that is no Windows event")
