from __future__ import annotations

import pytest

from trailhound.model.errors import MappingError
from trailhound.readers.user_mapping import parse_user_mapping

DOOR = """
kind = "json.door"
time = ["opened_at"]
uid = "record"
[match]
fields = ["door", "badge.number"]
[[table]]
table = "log_activity"
[table.columns]
actor_user_name = "badge.owner"
"""


def test_all_parts():
    made = parse_user_mapping(DOOR, "door.toml")
    assert (made.kind, made.time, made.uid) == ("json.door", ("opened_at",), ("record",))
    assert made.match == {"door", "badge.number"}
    assert made.mapping.blocks[0].table == "log_activity"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"json.door"', '"door"'),
        ('"json.door"', '["json.a", "json.b"]'),
        ('["door", "badge.number"]', "[1]"),
        ('["opened_at"]', "7"),
        ("actor_user_name", "no_such_column"),
    ],
)
def test_mistakes_are_named(before, after):
    with pytest.raises(MappingError, match=r"door\.toml"):
        parse_user_mapping(DOOR.replace(before, after), "door.toml")
