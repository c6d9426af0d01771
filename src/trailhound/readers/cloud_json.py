"""JSON logs of cloud services that need no more than a table of names: see `signatures.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trailhound.model.identity import source_digest
from trailhound.readers.json_records import json_records
from trailhound.readers.native_batch import NativeBatch
from trailhound.readers.signatures import head_signature, is_export
from trailhound.readers.signed_records import signed_records
from trailhound.readers.unknown_json import stranger_batch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trailhound.model.batch import Batch
    from trailhound.model.limits import Budget
    from trailhound.model.source import Source


class CloudJson:
    """Reads records of the kinds in the table of signatures."""

    name = "cloud.json"
    splittable = True

    def sniff(self, head: bytes, path: str) -> float:
        """Bid when the names of a record in the head show a kind."""
        del path
        signature = head_signature(head)
        if signature is None:
            return 0.0
        return 0.92 if is_export(signature) else 0.85

    def read(self, source: Source, budget: Budget) -> Iterator[Batch]:
        """Yield batches by kind, records in order within each."""
        digest = source_digest(source.head)
        expected = head_signature(source.head)
        for raws, offsets in json_records(source, budget):
            for signature, part in signed_records(raws, offsets, expected, budget).items():
                if signature is None:
                    yield stranger_batch(part, source, budget, digest)
                else:
                    yield NativeBatch(
                        signature.kind, {}, source.name, part, signature.names, budget, digest
                    )


READER = CloudJson()
