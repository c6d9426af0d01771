from __future__ import annotations

import pytest

from trailhound.readers import readers
from trailhound.readers.formats import formats, matching


def test_every_reader_says_what_it_reads():
    told = {one.reader for one in formats()}
    assert {reader.name for reader in readers()} == told


@pytest.mark.parametrize("one", formats(), ids=lambda one: one.reader)
def test_what_is_said_is_whole(one):
    assert all((one.formats, one.kinds, one.samples, one.settings))
    ours = {"json.*", "csv.*"}
    assert one.tables() or ours & set(one.kinds), "no kind has a mapping"


def test_words_are_looked_for_everywhere():
    assert [one.reader for one in matching("PGAUDIT")] == ["postgresql.log"]
    assert {"zeek.tsv", "zeek.json"} <= {one.reader for one in matching("zeek.")}
    assert matching("no such product") == []
