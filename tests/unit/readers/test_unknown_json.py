from __future__ import annotations

from dataclasses import replace

from tests.unit.readers.evidence import source_of
from trailhound.model.limits import Budget
from trailhound.readers.unknown_json import UNKNOWN_NAMES, generic_batch, stranger_batch
from trailhound.readers.wrapping import Opened


def batch(zone, *records: bytes):
    opened = Opened()
    for number, raw in enumerate(records):
        opened.add(raw, number, raw, None)
    source = replace(source_of(b"{}"), zone=zone)
    return generic_batch("json.unknown", UNKNOWN_NAMES, opened, source, Budget(), b"d")


LOCAL = b'{"time":"2026-11-04 08:12:00"}'


def test_local_times_are_read_in_the_zone_given():
    assert batch("", LOCAL).time_basis == "zone_assumed"
    made = batch("Europe/Berlin", LOCAL)
    assert made.time_basis == "exact"
    assert made.times().tolist() == [1793776320000000]


def test_joined_sources_keep_their_zones():
    joined = batch("Europe/Berlin", LOCAL).joined([batch("Asia/Tokyo", LOCAL)])
    assert joined.times().tolist() == [1793776320000000, 1793747520000000]


def test_any_usual_name_carries_the_time():
    made = batch("", b'{"ts":1793779920}', b'{"created_at":"2026-11-04T08:12:00Z","time":""}')
    assert made.times().tolist() == [1793779920000000] * 2


def test_strangers_are_of_the_unknown_kind():
    opened = Opened([LOCAL], [0], [LOCAL], [None])
    assert stranger_batch(opened, source_of(LOCAL), Budget(), b"d").kind == "json.unknown"
