"""Routes records of the `evtx` package without decoding them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trailhound.readers.windows import DATA, WindowsBatch, windows_batches
from trailhound.readers.windows_records import NOTHING, decode_one, header_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trailhound.model.limits import Budget
    from trailhound.readers.windows import Route

MAX_ROUTES = 10_000
_HEAD_END = ',"TimeCreated":'
_CHANNEL = ',"Channel":'
_RENDERED = ',"RenderingInfo":'
_USER = ',"UserData":'
_Group = tuple[list[str], list[int], list[str]]
"""Texts, record numbers and payloads of the records of one route."""


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
            data = text.find(DATA, channel)
            more = text.find(_RENDERED, data) > 0 or text.find(_USER, data) > 0
            payload = text[data + len(DATA) : -2]
            if payload == "null":  # an event without fields
                payload = "{}"
            if middle < 0 or channel < 0 or data < 0 or more or payload[:1] != "{":
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
            group[2].append(payload)
        return groups

    def _learn(self, key: str, text: str) -> Route | None:
        """Decode one record whole; its route holds for all with the same texts."""
        if len(self._routes) > MAX_ROUTES:
            self._routes.clear()
        record = decode_one(text.encode("utf-8", "surrogatepass"))
        event = record.Event if record is not None else None
        header = header_of(record) if record and event and event.UserData == NOTHING else None
        route = (header.channel, header.event_id, header.provider) if header else None
        self._routes[key] = route
        return route
