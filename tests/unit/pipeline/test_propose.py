from __future__ import annotations

import pytest

from tests.unit.readers.evidence import lines_of, source_of
from trailhound.model.errors import UsageError
from trailhound.pipeline.propose import propose
from trailhound.readers.user_mapping import parse_user_mapping

RECORDS = [
    {
        "when": f"2026-11-04T08:{n:02}:00Z",
        "clientAddr": "203.0.113.20" if n else "gateway",
        "userName": "a.meyer",
        "userAgent": "Mozilla/5.0 (X11)",
        "serverHost": "srv1",
        "action": "open",
        "result": "ok",
        "bytes": 1_700_000_000,
    }
    for n in range(10)
]


def proposed(records=RECORDS):
    return propose(source_of(lines_of(*records)), "door")


def test_names_and_shapes_choose_the_columns():
    made = {one.column: one.native for one in proposed().taken}
    assert made == {
        "src_endpoint_ip": "clientAddr",
        "actor_user_name": "userName",
        "device_hostname": "serverHost",
        "activity_name": "action",
        "status": "result",
    }


def test_the_text_is_a_mapping():
    made = parse_user_mapping(proposed().text, "door.toml")
    assert made.kind == "json.door"
    assert made.time == ("when",)
    assert len(made.match) == 4


def test_what_would_be_refused_is_counted():
    proposal = proposed()
    address = next(one for one in proposal.taken if one.column == "src_endpoint_ip")
    assert (address.filled, address.refused) == (10, 1)
    assert (proposal.rows, proposal.times) == (10, 10)
    assert "userAgent" in proposal.left


def test_five_rows_as_they_would_land():
    preview = proposed().preview
    assert len(preview) == 5
    assert preview[1]["time"] == "2026-11-04T08:01:00.000000Z"
    assert preview[1]["actor_user_name"] == "a.meyer"


def test_damage_is_told():
    data = lines_of(*RECORDS) + b"{broken\n"
    assert propose(source_of(data), "door").oddities == {"json.syntax": 1}


def test_csv_with_a_local_time():
    text = "Date;Client IP;Benutzer;Action\n2026-11-04 08:12:00;203.0.113.20;x;open\n"
    made = propose(source_of(text), "door")
    assert 'kind = "csv.door"' in made.text
    assert made.times == 1


def test_hostile_names_cannot_forge_lines():
    made = proposed([{'time"\n[x]': "2026-11-04T08:12:00Z", "host\n\u202e": "h"}])
    assert parse_user_mapping(made.text, "x.toml").time == ('time"\n[x]',)
    assert "\u202e" not in made.text


@pytest.mark.parametrize("data", [b"plain text\n", b"", b"\x00\x01"])
def test_neither_json_nor_csv(data):
    with pytest.raises(UsageError):
        propose(source_of(data), "x")
