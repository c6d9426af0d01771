from __future__ import annotations

import io
import tomllib
from pathlib import Path

import pytest

from trailhound.model.limits import Budget
from trailhound.model.source import HEAD_BYTES, Source, Span
from trailhound.readers.evtx_chunks import (
    CHUNK_BYTES,
    HEADER_BYTES,
    MAGIC,
    check_chunks,
    check_layout,
    layout_of,
)
from trailhound.readers.windows_evtx import READER

GOLDEN = Path(__file__).parents[2] / "golden" / "readers" / "windows_evtx"
CASES = tomllib.loads((GOLDEN / "expect.toml").read_text("utf-8"))["file"]


def source(data, **options):
    return Source("x.evtx", lambda: io.BytesIO(data), data[:HEAD_BYTES], size=len(data), **options)


def read(data, **options):
    budget = Budget()
    return sum(batch.rows for batch in READER.read(source(data, **options), budget)), budget


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_damage_is_said(case):
    rows, budget = read((GOLDEN / case["name"]).read_bytes())
    assert rows == 0
    assert budget.oddities.counts == case["oddities"]
    assert budget.oddities.lost


def test_magic_bytes_decide():
    assert READER.sniff(MAGIC, "x.txt") == 1.0
    assert READER.sniff(b"{}", "x.evtx") == 0.0


def test_a_file_shorter_than_its_header():
    rows, budget = read(MAGIC + b"\0" * 100)
    assert rows == 0
    assert budget.oddities.counts["evtx.truncated"] == 1


def test_every_byte_is_accounted_for_by_one_of_the_spans():
    data = MAGIC + bytes(HEADER_BYTES - len(MAGIC) + 3 * CHUNK_BYTES)
    middle = HEADER_BYTES + CHUNK_BYTES + 5
    spans = (Span(0, middle), Span(middle, len(data)))
    assert sum(read(data, span=span)[1].parsed_bytes for span in spans) == len(data)


@pytest.mark.real
def test_spans_cover_every_record_once(real_data):
    path = max(
        (real_data / "evtx" / "attack-samples").rglob("*.evtx"), key=lambda p: p.stat().st_size
    )
    data = path.read_bytes()
    whole, _ = read(data)
    middle = HEADER_BYTES + 5 * CHUNK_BYTES + 17
    parts = [read(data, span=Span(*ends))[0] for ends in ((0, middle), (middle, len(data)))]
    assert sum(parts) == whole > 0


@pytest.mark.real
def test_whole_files_raise_no_false_alarm(real_data):
    paths = sorted((real_data / "evtx").rglob("*.evtx"))
    assert len(paths) > 100
    for path in paths:
        budget = Budget()
        layout = layout_of(io.BytesIO(path.read_bytes()))
        check_layout(layout, budget)
        check_chunks(layout, layout.chunks, budget)
        assert not budget.oddities.counts, path.name
        assert layout.counted


@pytest.mark.real
def test_what_is_cut_from_a_real_file_is_said(real_data):
    path = max((real_data / "evtx").rglob("*.evtx"), key=lambda p: p.stat().st_size)
    whole = path.read_bytes()
    second = HEADER_BYTES + CHUNK_BYTES
    for data in (
        whole[:second],
        whole[:HEADER_BYTES],
        whole[:second] + bytes(CHUNK_BYTES) + whole[second + CHUNK_BYTES :],
        whole[:second] + whole[second + CHUNK_BYTES :],
    ):
        assert read(data)[1].oddities.lost
