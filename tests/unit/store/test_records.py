from __future__ import annotations

from trailhound.model.finding import Pointer
from trailhound.store.records import RAW_BYTES, RawRecord

POINTER = Pointer("a.log", "uid", 7, None, {})


def test_a_record_is_kept_with_its_place():
    assert RawRecord.of(POINTER, b"line") == RawRecord("a.log", "uid", 7, b"line", 4)


def test_a_long_record_is_cut_and_its_length_is_known():
    one = RawRecord.of(POINTER, b"x" * (RAW_BYTES + 1))
    assert (one.raw, one.whole_bytes) == (b"x" * RAW_BYTES, RAW_BYTES + 1)
