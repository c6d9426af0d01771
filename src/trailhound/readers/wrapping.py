"""What shippers put around a JSON record, taken off again, and the names that tell formats apart.

A record may sit as an object or as JSON text in a member of another object: `log` (test fixtures
and container logs), `event` and `body` (collectors), `message` and `@message` (CloudWatch), `_raw`
and `result` (Splunk), `_source` (Elasticsearch), `CloudTrailEvent` (look-ups of AWS), or in a list
that fills one line (`records` of an event hub). A record that shows one of the format's own names
is taken as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec

from trailhound.readers.json_records import bad_record, shape_of
from trailhound.readers.projection import json_text, lenient_object

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trailhound.model.limits import Budget

Raw = msgspec.Raw
Probe: TypeAlias = Any
"""A struct made at run time: the few fields a reader sorts records by."""
OBJECTS = (
    "log", "body", "event", "_raw", "message", "@message", "result", "_source", "original",
    "CloudTrailEvent",
)  # fmt: skip
LISTS = ("Records", "records", "logEvents", "value", "items", "activities")
DEPTH = 4
"""Wrappers within wrappers; more is nobody's shipper."""

_NAME = re.compile(rb'"([A-Za-z_@$][\w.@:$-]{0,79})\\{0,3}"\s*:')
_NOTHING = Raw(b"")


@lru_cache(maxsize=8)
def names_in(head: bytes) -> frozenset[str]:
    """Give the member names at any depth of a source's first bytes, also inside quoted JSON."""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = head.decode("utf-16", "replace").encode("utf-8", "replace")
    if shape_of(head) == "none":
        return frozenset()
    return frozenset(name.decode("ascii", "replace") for name in _NAME.findall(head))


def bid(head: bytes, *groups: str) -> float:
    """Bid 0.9 when each group, names separated by blanks, has a name in the head; else 0."""
    names = names_in(head)
    return 0.9 if names and all(not names.isdisjoint(group.split()) for group in groups) else 0.0


@dataclass(slots=True)
class Opened:
    """Records side by side: as read, their place, the part that is the event, and its probe."""

    raws: list[bytes] = field(default_factory=list)
    offsets: list[int] = field(default_factory=list)
    payloads: list[bytes | Raw] = field(default_factory=list)
    probes: list[Any] = field(default_factory=list)

    def add(self, raw: bytes, offset: int, payload: bytes | Raw, probe: Probe) -> None:
        """Append one record."""
        self.raws.append(raw)
        self.offsets.append(offset)
        self.payloads.append(payload)
        self.probes.append(probe)

    def grouped(self, keys: Sequence[Any]) -> dict[Any, Opened]:
        """Divide by one key per record, in order of first sight."""
        groups: dict[Any, Opened] = {}
        rows = zip(keys, self.raws, self.offsets, self.payloads, self.probes, strict=True)
        for key, raw, offset, payload, probe in rows:
            groups.setdefault(key, Opened()).add(raw, offset, payload, probe)
        return groups


class Opener:
    """Takes wrappers off and decodes the few fields a reader sorts records by.

    Args of the constructor:
        marks: names of which a bare record has at least one.
        fields: members to decode; a probe has them as attributes under `names[field]`.
        always: take the content of a wrapper for the record although it shows no mark either.
    """

    def __init__(self, marks: str, fields: str = "", *, always: bool = False) -> None:
        self._always = always
        wanted = dict.fromkeys([*marks.split(), *fields.split()])
        wrappers = [name for name in (*OBJECTS, *LISTS) if name not in wanted]
        self.names = {name: f"f{n}" for n, name in enumerate([*wanted, *wrappers])}
        self._wrappers = [self.names[name] for name in wrappers]
        members = [
            *((self.names[name], Any, None) for name in wanted),
            *((self.names[name], Raw, _NOTHING) for name in wrappers),
        ]
        probe = msgspec.defstruct(
            "Probe", members, rename={short: name for name, short in self.names.items()}, gc=False
        )
        self._many = msgspec.json.Decoder(list[probe])  # type: ignore[valid-type]
        self._one = msgspec.json.Decoder(probe)
        shown = [self.names[name] for name in marks.split()]
        self._marked = attrgetter(*shown)
        self._unmarked = self._marked(probe())

    def open(self, raws: Sequence[bytes], offsets: Sequence[int], budget: Budget) -> Opened:
        """Give the records found; what is not JSON is quarantined in `budget`."""
        probes = self._probes(raws)
        if None not in probes and self._all_bare(probes):
            budget.parsed_bytes += sum(map(len, raws))
            return Opened(list(raws), list(offsets), list(raws), probes)
        opened = Opened()
        for raw, offset, probe in zip(raws, offsets, probes, strict=True):
            if probe is None:
                bad_record(raw, offset, budget)
                continue
            budget.parsed_bytes += len(raw)
            for payload, inner in [(raw, probe)] if self._bare(probe) else self._inside(raw, probe):
                opened.add(raw, offset, payload, inner)
        return opened

    def probe(self, text: bytes) -> Probe:
        """Decode the sorting fields of one record; None when it is no JSON object."""
        return self._probe(text)

    def value(self, probe: Probe, name: str) -> object:
        """Give one decoded field of a probe."""
        return getattr(probe, self.names[name])

    def divided(self, opened: Opened) -> tuple[Opened, Opened]:
        """Divide records into those that show one of the format's own names, and strangers."""
        if self._all_bare(opened.probes):
            return opened, Opened()
        groups = opened.grouped([self._bare(probe) for probe in opened.probes])
        return groups.get(True, Opened()), groups.get(False, Opened())

    def _bare(self, probe: Probe) -> bool:
        return self._marked(probe) != self._unmarked

    def _all_bare(self, probes: list[Any]) -> bool:
        return self._unmarked not in map(self._marked, probes)

    def _probes(self, raws: Sequence[bytes]) -> list[Any]:
        try:
            probes = self._many.decode(b"[" + b",".join(raws) + b"]")
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            probes = []
        return probes if len(probes) == len(raws) else [self._probe(raw) for raw in raws]

    def _probe(self, raw: bytes | Raw) -> Probe:
        try:
            return self._one.decode(raw)
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            lenient = lenient_object(bytes(raw))
        try:
            return None if lenient is None else self._one.decode(json_text(lenient))
        except (msgspec.MsgspecError, RecursionError, UnicodeError):
            return None

    def _inside(self, raw: bytes, probe: Probe) -> list[tuple[bytes | Raw, Any]]:
        """Follow wrappers down; the record itself when no wrapper holds a marked one.

        Where a list holds marked records, its other elements are records too.
        """
        found: list[tuple[bytes | Raw, Any]] = []
        others: list[tuple[bytes | Raw, Any]] = []
        first = level = list(self._parts(probe))
        for _ in range(DEPTH):
            deeper: list[tuple[bytes | Raw, Any, bool]] = []
            for payload, inner, listed in level:
                parts = [] if self._bare(inner) else list(self._parts(inner))
                if self._bare(inner):
                    found.append((payload, inner))
                elif listed and not parts:
                    others.append((payload, inner))
                deeper += parts
            level = deeper
        if found:
            return found + others
        return [part[:2] for part in first] if first and self._always else [(raw, probe)]

    def _parts(self, probe: Probe) -> Iterator[tuple[bytes | Raw, Any, bool]]:
        """Give what the wrappers of a record hold, and whether a list held it."""
        for name in self._wrappers:
            content = getattr(probe, name)
            if content is not _NOTHING:
                payloads = unwrapped(content)
                for payload in payloads:
                    inner = self._probe(payload)
                    if inner is not None:
                        yield payload, inner, bytes(memoryview(content)[:1]) == b"["


def unwrapped(content: Raw) -> list[bytes | Raw]:
    """Give the objects a wrapper holds: itself, the JSON in its text, or its list's elements."""
    opening = bytes(memoryview(content)[:1])
    try:
        if opening == b"{":
            return [content]
        if opening == b'"':
            text = msgspec.json.decode(content, type=str).strip()
            return [text.encode()] if text[:1] == "{" else []
        if opening == b"[":
            elements = msgspec.json.decode(content, type=list[Raw])
            return [e for e in elements if bytes(memoryview(e)[:1]) == b"{"]
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        pass
    return []
