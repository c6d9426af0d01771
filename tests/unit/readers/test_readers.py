from __future__ import annotations

import io

import pytest

from trailhound.model.limits import Budget
from trailhound.model.source import Source
from trailhound.readers import choose, install
from trailhound.readers.mapping import table_rows
from trailhound.readers.user_mapping import parse_user_mapping

DOORS = """kind = "json.doors"
time = ["opened_at"]
[match]
fields = ["door", "badge"]
[[table]]
table = "log_activity"
[table.columns]
actor_user_name = "badge"
"""
LINE = b'{"opened_at": "2026-11-04T08:00:00Z", "door": "7", "badge": "a.meyer"}\n'


def source(data):
    return Source("x", lambda: io.BytesIO(data), data[:4096], size=len(data))


@pytest.fixture(autouse=True)
def _forget():
    yield
    install([])


def test_magic_bytes_win_and_the_unknown_is_nobodys():
    found = choose(source(b"ElfFile\x00" + bytes(100)))
    assert found is not None
    assert found.name == "windows.evtx"
    assert choose(source(b"\x00\x01\x02\x03 what is this")) is None


def test_an_operators_mapping_names_the_kind_and_fills_a_table():
    install([parse_user_mapping(DOORS, "doors.toml")])
    reader = choose(source(LINE))
    assert reader is not None
    (batch,) = reader.read(source(LINE), Budget())
    assert batch.kind == "json.doors"
    ((table, rows),) = table_rows(batch)
    assert (table, rows.column("actor_user_name").to_pylist()) == ("log_activity", ["a.meyer"])


def test_mappings_of_before_are_forgotten():
    install([parse_user_mapping(DOORS, "doors.toml")])
    install([])
    reader = choose(source(LINE))
    assert reader is not None
    assert [batch.kind for batch in reader.read(source(LINE), Budget())] == ["json.unknown"]


def test_a_zeek_log_nobody_knows_still_reaches_a_table():
    head = (
        b"#separator \\x09\n#path\tnewthing\n#fields\tts\tuid\tnote\n#types\ttime\tstring\tstring\n"
    )
    data = head + b"1762243200.0\tC1\thello\n"
    reader = choose(source(data))
    assert reader is not None
    (batch,) = reader.read(source(data), Budget())
    assert batch.kind == "zeek.newthing"
    ((table, rows),) = table_rows(batch)
    assert (table, rows.num_rows) == ("log_activity", 1)
