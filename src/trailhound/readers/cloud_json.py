"""JSON logs of cloud services that need no more than a table of names: see `signatures.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from trailhound.model.identity import source_digest
from trailhound.readers.json_records import json_records
from trailhound.readers.native_batch import NativeBatch
from trailhound.readers.projection import as_bytes, lenient_object
from trailhound.readers.signatures import EXPORTS, head_signature, kind_of, marks
from trailhound.readers.wrapping import Opener, names_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trailhound.model.batch import Batch
    from trailhound.model.limits import Budget
    from trailhound.model.source import Source
    from trailhound.readers.signatures import Signature
    from trailhound.readers.wrapping import Opened

_OPENER = Opener(marks() + " operationName properties category")
_KEYS = msgspec.json.Decoder(dict[str, msgspec.Raw])


class CloudJson:
    """Reads GCP, Okta, Kubernetes, Intune, Defender, OneLogin and GitHub records."""

    name = "cloud.json"
    splittable = True

    def sniff(self, head: bytes, path: str) -> float:
        """Bid when the names in the head show a kind."""
        del path
        signature = head_signature(names_in(head))
        if signature is None:
            return 0.0
        return 0.92 if signature in EXPORTS else 0.85

    def read(self, source: Source, budget: Budget) -> Iterator[Batch]:
        """Yield batches by kind, records in order within each."""
        digest = source_digest(source.head)
        expected = head_signature(names_in(source.head)) or EXPORTS[0]
        for raws, offsets in json_records(source, budget):
            opened = _OPENER.open(raws, offsets, budget)
            groups = opened.grouped([_signature(p, expected) for p in opened.payloads])
            for signature, part in groups.items():
                yield signed_batch(signature, part, source.name, budget, digest)


def signed_batch(
    signature: Signature, part: Opened, source: str, budget: Budget, digest: bytes
) -> NativeBatch:
    """Make the batch of a kind."""
    return NativeBatch(signature.kind, {}, source, part, signature.names, budget, digest)


def keys_of(payload: bytes | msgspec.Raw) -> frozenset[str]:
    """Give the names of a record's own members."""
    try:
        return frozenset(_KEYS.decode(payload))
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return frozenset(lenient_object(as_bytes(payload)) or ())


def _signature(payload: bytes | msgspec.Raw, expected: Signature) -> Signature:
    """Judge each record by itself; one that shows nothing is what its source is."""
    return kind_of(keys_of(payload)) or expected


READER = CloudJson()
