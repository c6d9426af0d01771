"""Two agents that ship Windows events as JSON lines: winlogbeat (ECS) and NXLog (flat)."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trailhound.simulate.clock import DAY, SECOND, chance, day_of, iso_local, iso_milli
from trailhound.simulate.company import SYSTEM, guid
from trailhound.simulate.evidence import Pointer
from trailhound.simulate.products.files import Series
from trailhound.simulate.products.windows_kinds import (
    EVENTLOG,
    FAILURES,
    POWERSHELL,
    SECURITY,
    SERVICES,
)

if TYPE_CHECKING:
    from pathlib import Path

    from trailhound.simulate.company import Account, Host
    from trailhound.simulate.products.windows_kinds import (
        Kind,
    )

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
DAYS_LEFT_PLAIN = 2
VERSION = "8.15.3"


@dataclass(frozen=True, slots=True)
class WindowsEvent:
    """One event before an agent has wrapped it. `user` is who the event log names as its writer."""

    host: Host
    kind: Kind
    data: dict[str, str]
    user: Account | None


class Winlogbeat:
    """All hosts but one, through a collector that writes one file a day and compresses old ones."""

    def __init__(self, root: Path, seed: int, start: int, days: int) -> None:
        self._counters = RecordNumbers(seed)
        self._seed = seed
        self._agents: dict[str, dict[str, str]] = {}
        plain_from = start + (days - DAYS_LEFT_PLAIN) * DAY

        def name(at: int) -> str:
            suffix = "" if at >= plain_from else ".gz"
            return f"windows/winlogbeat-{day_of(at):%Y%m%d}.ndjson{suffix}"

        self._series = Series(root, name)

    def write(self, at: int, event: WindowsEvent) -> Pointer:
        number = self._counters.take(event.host.name, event.kind.channel)
        line = _encode(self._document(at, event, number)) + "\n"
        self._series.write(at, line.encode())
        return Pointer(self._series.source, _identity(event, number))

    def tick(self, at: int) -> None:
        """Write as things happen."""

    def close(self) -> None:
        self._series.close()

    def _document(self, at: int, event: WindowsEvent, number: int) -> dict[str, object]:
        kind = event.kind
        return {
            "@timestamp": iso_milli(at) + "Z",
            "@metadata": {"beat": "winlogbeat", "type": "_doc", "version": VERSION},
            "event": _ecs_event(at, kind),
            "host": {"name": event.host.fqdn},
            "log": {"level": "information"},
            "message": kind.render(event.data),
            "ecs": {"version": "8.0.0"},
            "agent": self._agent(event.host),
            "winlog": _winlog(event, number),
        }

    def _agent(self, host: Host) -> dict[str, str]:
        if host.name not in self._agents:
            random = chance(self._seed, "agent", host.name)
            self._agents[host.name] = {
                "ephemeral_id": guid(random),
                "id": guid(random),
                "name": host.name,
                "type": "winlogbeat",
                "version": VERSION,
            }
        return self._agents[host.name]


class Nxlog:
    """One application server, shipped by NXLog 5 as flat JSON with local times and offsets."""

    def __init__(self, root: Path, seed: int) -> None:
        self._counters = RecordNumbers(seed)
        self._series = Series(root, lambda at: f"windows/nxlog-app01-{day_of(at):%Y-%m-%d}.json.gz")

    def write(self, at: int, event: WindowsEvent) -> Pointer:
        number = self._counters.take(event.host.name, event.kind.channel)
        line = _encode(_flat(at, event, number)) + "\n"
        self._series.write(at, line.encode())
        return Pointer(self._series.source, _identity(event, number))

    def tick(self, at: int) -> None:
        """Write as things happen."""

    def close(self) -> None:
        self._series.close()


class RecordNumbers:
    """Event record numbers: per computer and channel, rising by one, starting anywhere."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._next: dict[tuple[str, str], int] = defaultdict(int)

    def take(self, host: str, channel: str) -> int:
        """Return the next number of this host's channel."""
        key = (host, channel)
        if key not in self._next:
            self._next[key] = chance(self._seed, "record", *key).randrange(1_000, 900_000)
        self._next[key] += 1
        return self._next[key]


def _identity(event: WindowsEvent, number: int) -> str:
    return f"{event.host.fqdn} {event.kind.channel} EventRecordID {number}"


def _ecs_event(at: int, kind: Kind) -> dict[str, str]:
    fields = {
        "code": str(kind.code),
        "created": iso_milli(at + 3 * SECOND + at % (2 * SECOND)) + "Z",
        "kind": "event",
        "provider": kind.provider,
    }
    if kind.task:
        fields["action"] = kind.task
    if kind.place == SECURITY:
        fields["outcome"] = "failure" if kind.code in FAILURES else "success"
    return fields


def _winlog(event: WindowsEvent, number: int) -> dict[str, object]:
    kind = event.kind
    fields: dict[str, object] = {
        "api": "wineventlog",
        "channel": kind.channel,
        "computer_name": event.host.fqdn,
        "event_id": str(kind.code),
        "opcode": "Info",
        "process": {"pid": 4 + number % 7 * 4, "thread": {"id": 100 + number % 31 * 8}},
        "provider_guid": "{" + kind.provider_guid.lower() + "}",
        "provider_name": kind.provider,
        "record_id": number,
        "version": kind.version,
    }
    if kind.place == EVENTLOG:
        fields["user_data"] = event.data | {"xml_name": "LogFileCleared"}
    else:
        fields["event_data"] = event.data
    if kind.task:
        fields["task"] = kind.task
    if kind.place == SECURITY:
        fields["keywords"] = ["Audit Failure" if kind.code in FAILURES else "Audit Success"]
    if kind.place == SERVICES:
        fields["keywords"] = ["Classic"]
    if event.user is not None:
        fields["user"] = {
            "domain": event.user.domain,
            "identifier": event.user.sid,
            "name": event.user.name,
            "type": "User",
        }
    return fields


_KEYWORDS = {SECURITY: -9214364837600034816, SERVICES: -9187343239835811840, POWERSHELL: 0}
_CLASSES = {SECURITY: "AUDIT_SUCCESS"}


def _flat(at: int, event: WindowsEvent, number: int) -> dict[str, object]:
    kind = event.kind
    failed = kind.code in FAILURES
    fields: dict[str, object] = {
        "EventTime": iso_local(at),
        "Hostname": event.host.fqdn,
        "Keywords": _KEYWORDS.get(kind.place, -9223372036854775808),
        "EventType": "AUDIT_FAILURE" if failed else _CLASSES.get(kind.place, "INFO"),
        "SeverityValue": 4 if failed else 2,
        "Severity": "ERROR" if failed else "INFO",
        "EventID": kind.code,
        "SourceName": kind.provider,
        "ProviderGuid": "{" + kind.provider_guid + "}",
        "Version": kind.version,
        "Task": kind.task_number,
        "OpcodeValue": 0,
        "RecordNumber": number,
        "ExecutionProcessID": 4 + number % 7 * 4,
        "ExecutionThreadID": 100 + number % 31 * 8,
        "Channel": kind.channel,
    }
    if event.user is not None:
        fields |= {
            "Domain": event.user.domain,
            "AccountName": event.user.name,
            "UserID": event.user.sid,
            "AccountType": "User",
        }
    fields["Message"] = kind.render(event.data).replace("\n", "\r\n")
    if kind.task:
        fields["Category"] = kind.task
    fields |= event.data
    fields |= {
        "EventReceivedTime": iso_local(at + SECOND // 3),
        "SourceModuleName": "eventlog",
        "SourceModuleType": "im_msvistalog",
    }
    return fields


def writer_of(kind: Kind) -> Account | None:
    """Say whose name the event log puts on an event: Security events carry none."""
    return None if kind.place in (SECURITY, EVENTLOG) else SYSTEM
