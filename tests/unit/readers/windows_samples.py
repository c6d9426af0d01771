"""Windows events as their wrappers write them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from trailhound.model.limits import Budget
from trailhound.readers.windows import windows_batches

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trailhound.readers.windows import WindowsBatch

NOON = 1_730_721_600_000_000  # 2024-11-04 12:00 UTC
SECURITY = "Microsoft-Windows-Security-Auditing"
TIME = "2024-11-04T12:00:00.000000Z"
SYSTEM: dict[str, Any] = {
    "Provider": {"#attributes": {"Name": SECURITY, "Guid": "54849625-5478-4994-A5BA-3E3B0328C30D"}},
    "EventID": 4624,
    "Version": 2,
    "Level": 0,
    "Task": 12544,
    "Opcode": 0,
    "Keywords": "0x8020000000000000",
    "TimeCreated": {"#attributes": {"SystemTime": TIME}},
    "EventRecordID": 77,
    "Correlation": None,
    "Execution": {"#attributes": {"ProcessID": 568, "ThreadID": 612}},
    "Channel": "Security",
    "Computer": "fin-pc07.example.com",
    "Security": {"#attributes": {"UserID": "S-1-5-18"}},
}
DATA = {"TargetUserName": "anna", "IpAddress": "203.0.113.20", "LogonType": 3}
ASKED = (
    "Channel", "EventID", "Provider_Name", "Computer", "EventRecordID", "Level", "Task", "Opcode",
    "Keywords", "UserID", "ExecutionProcessID", "TimeCreated", "TargetUserName", "LogonType",
    "Nothing",
)  # fmt: skip


def text_of(record: object) -> str:
    """Write a record as the `evtx` package does: without blanks, in the order of the schema."""
    return json.dumps(record, separators=(",", ":"), ensure_ascii=False)


def event(data: object = None, *, drop: Sequence[str] = (), **system: object) -> dict[str, Any]:
    inner = {name: value for name, value in (SYSTEM | system).items() if name not in drop}
    return {"Event": {"System": inner, "EventData": DATA if data is None else data}}


def batches(
    *records: object, budget: Budget | None = None, source: str = "s.json"
) -> list[WindowsBatch]:
    raws = [record if isinstance(record, bytes) else text_of(record).encode() for record in records]
    offsets = list(range(0, 100 * len(raws), 100))
    return list(windows_batches(source, raws, offsets, budget or Budget(), b"digest"))


def one(record: object) -> WindowsBatch:
    budget = Budget()
    (batch,) = batches(record, budget=budget)
    batch.columns(ASKED)
    assert not budget.oddities.counts
    return batch


def row(batch: WindowsBatch, *names: str, at: int = 0) -> list[Any]:
    columns = batch.columns(names)
    return [columns[name][at] for name in names]
