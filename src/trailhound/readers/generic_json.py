"""JSON nobody described: by the operator's mappings, else kept searchable by well-known names.

Records of a kind that another reader knows (a mixed export, whose head did not show it) still
become rows of that kind where the table of signatures tells it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from trailhound.model.identity import source_digest
from trailhound.readers.json_records import json_records, shape_of
from trailhound.readers.native_batch import Names, NativeBatch
from trailhound.readers.projection import as_bytes, lenient_object
from trailhound.readers.signed_records import members_of, signed_records
from trailhound.readers.unknown_json import UNKNOWN, UNKNOWN_NAMES, generic_batch
from trailhound.readers.well_known import TIMES
from trailhound.readers.wrapping import names_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import msgspec

    from trailhound.model.batch import Batch
    from trailhound.model.limits import Budget
    from trailhound.model.source import Source
    from trailhound.readers.signature import Signature
    from trailhound.readers.user_mapping import UserMapping

BID = 0.35
_MATCHED_BID = 0.97
_STARTS = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*(?:\[\s*)?\{\s*(?:\"|\}|\Z)")
_MEMBER = re.compile(rb'"\s*:')


class GenericJson:
    """Reads any JSON records."""

    name = "generic.json"
    splittable = True

    def __init__(self, mappings: Sequence[UserMapping] = ()) -> None:
        self._mappings = [m for m in mappings if m.kind.startswith("json.")]

    def sniff(self, head: bytes, path: str) -> float:
        """Bid low on anything that looks like JSON objects, high on the operator's own."""
        del path
        if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
            head = head.decode("utf-16", "replace").encode("utf-8", "replace")
        if shape_of(head) == "none" or not _STARTS.match(head) or not _MEMBER.search(head):
            return 0.0
        matched = any(m.match and leaves_in(m, head) for m in self._mappings)
        return _MATCHED_BID if matched else BID

    def read(self, source: Source, budget: Budget) -> Iterator[Batch]:
        """Yield batches by kind, records in order within each."""
        digest = source_digest(source.head)
        kinds = _Kinds(self._mappings)
        for raws, offsets in json_records(source, budget):
            for signature, part in signed_records(raws, offsets, None, budget).items():
                groups = part.grouped([kinds.of(p, signature) for p in part.payloads])
                for (kind, names), rows in groups.items():
                    if names.times == TIMES or kind.startswith("json."):
                        yield generic_batch(kind, names, rows, source, budget, digest)
                    else:
                        yield NativeBatch(kind, {}, source.name, rows, names, budget, digest)


def with_mappings(mappings: Sequence[UserMapping]) -> GenericJson:
    """Give a reader that knows the operator's mappings."""
    return GenericJson(mappings)


def leaves_in(mapping: UserMapping, head: bytes) -> bool:
    """Tell whether the last parts of all names a mapping wants are in the head."""
    return {path.rpartition(".")[2] for path in mapping.match} <= names_in(head)


class _Kinds:
    """Tells the kind of a record by its names, each shape once."""

    def __init__(self, mappings: Sequence[UserMapping]) -> None:
        self._mappings = mappings
        self._known: dict[tuple[frozenset[str], tuple[str, Names]], tuple[str, Names]] = {}

    def of(self, payload: bytes | msgspec.Raw, signature: Signature | None) -> tuple[str, Names]:
        if not self._mappings:
            return _own(signature)
        keys = frozenset(members_of(payload) or ())
        known = self._known.get((keys, _own(signature)))
        if known is None:
            known = self._judge(payload, signature)
            if len(self._known) < 10_000:
                self._known[keys, _own(signature)] = known
        return known

    def _judge(
        self, payload: bytes | msgspec.Raw, signature: Signature | None
    ) -> tuple[str, Names]:
        record = lenient_object(as_bytes(payload)) or {}
        for one in self._mappings:
            if one.match and all(has_path(record, path) for path in one.match):
                return one.kind, Names(one.time or TIMES, one.uid)
        if signature is not None:
            return _own(signature)
        if len(self._mappings) == 1 and not self._mappings[0].match:
            only = self._mappings[0]
            return only.kind, Names(only.time or TIMES, only.uid)
        return _own(None)


def _own(signature: Signature | None) -> tuple[str, Names]:
    """Give kind and names of a record that no mapping of the operator claims."""
    return (signature.kind, signature.names) if signature else (UNKNOWN, UNKNOWN_NAMES)


def has_path(record: dict[str, Any], path: str) -> bool:
    """Tell whether a record has a field, by its dotted name."""
    if path in record:
        return True
    value: Any = record
    for key in path.split("."):
        value = value[0] if isinstance(value, list) and value else value
        if not isinstance(value, dict) or key not in value:
            return False
        value = value[key]
    return True


READER = GenericJson()
