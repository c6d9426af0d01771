"""Mutated samples of every format, for as long as `TRAILHOUND_FUZZ_SECONDS` says for each reader.

A reader may call anything an oddity; it may not raise, hang, crash, or lose bytes without a word.
The last input is kept in pytest's temporary folder when something went wrong.
"""

from __future__ import annotations

import io
import os
import random
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.fuzz.mutations import mutated
from trailhound.model.limits import Budget, Limits
from trailhound.model.source import HEAD_BYTES, Source
from trailhound.readers import choose, readers
from trailhound.readers.mapping import row_entities, table_rows

if TYPE_CHECKING:
    from trailhound.readers.reader import Reader

pytestmark = pytest.mark.fuzz

SECONDS = float(os.environ.get("TRAILHOUND_FUZZ_SECONDS", "1"))
SEED = int(os.environ.get("TRAILHOUND_FUZZ_SEED", "1"))
SLOW = 10.0
"""Seconds that one small input may never take."""

SAMPLES = Path(__file__).parents[1] / "golden" / "readers"
LIMITS = Limits()


def source_of(data: bytes, name: str) -> Source:
    return Source(name, lambda: io.BytesIO(data), data[:HEAD_BYTES], size=len(data))


def samples() -> dict[str, list[bytes]]:
    """Give the golden samples by the reader that takes them."""
    found: dict[str, list[bytes]] = {}
    for path in sorted(SAMPLES.rglob("*")):
        if not path.is_file() or path.name == "expect.toml":
            continue
        data = path.read_bytes()
        reader = choose(source_of(data, path.name)) if data else None
        if reader is not None:
            found.setdefault(reader.name, []).append(data[:200_000])
    return found


SAMPLES_OF = samples()


@pytest.mark.parametrize("reader", list(readers()), ids=lambda reader: reader.name)
def test_mutated_samples_are_read_or_said(reader, tmp_path):
    known = SAMPLES_OF.get(reader.name)
    if not known:
        pytest.skip("no golden sample that this reader takes")
    chance = random.Random(f"{SEED} {reader.name}")
    others = [data for name in sorted(SAMPLES_OF) for data in SAMPLES_OF[name][:1]]
    kept = tmp_path / f"input-{SEED}"
    end = time.monotonic() + SECONDS
    number = 0
    while time.monotonic() < end:
        data = mutated(chance, known, others)
        kept.write_bytes(data)  # before it is read: a crash would leave nothing
        start = time.monotonic()
        read(reader, data)
        taken = time.monotonic() - start
        assert taken < SLOW, f"took {taken:.0f} s for {len(data)} bytes, see {kept}"
        number += 1
    assert number
    kept.unlink()


def read(reader: Reader, data: bytes) -> None:
    """Read all, as a scan does: columns, tables, entities, identities, raw records."""
    reader.sniff(data[:HEAD_BYTES], "x")
    budget = Budget(LIMITS)
    rows = 0
    for batch in reader.read(source_of(data, "x"), budget):
        rows += batch.rows
        batch.columns(tuple(sorted(batch.native_names()))[:200])
        assert len(batch.times()) == len(batch.uids(range(batch.rows))) == batch.rows
        assert sum(part.num_rows for _, part in table_rows(batch)) <= batch.rows
        assert len(row_entities(batch, range(batch.rows))) == batch.rows
        for row in range(min(batch.rows, 3)):
            batch.raw(row)
            batch.record(row)
    assert rows or budget.oddities.counts or budget.parsed_bytes or not data.strip()
