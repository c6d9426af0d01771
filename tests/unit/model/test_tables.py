from __future__ import annotations

import re

import pytest

from trailhound.model.entity import EntityType, Role
from trailhound.model.tables import tables

EACH = pytest.mark.parametrize("table", tables().values(), ids=lambda table: table.name)


def test_every_table_begins_with_what_all_share():
    starts = [list(one.columns)[:5] for one in tables().values()]
    assert all(start == starts[0] for start in starts)
    assert {"metadata_uid", "time"} <= set(starts[0])


def test_tables_are_found_by_their_name():
    assert all(name == one.name for name, one in tables().items())
    assert {"authentication", "process_activity"} <= set(tables())


@EACH
def test_columns_are_described(table):
    for column in table.columns.values():
        assert column.type in ("string", "int64", "bool", "timestamp")
        assert re.fullmatch(r"[a-z][a-z0-9_]*", column.name)
        assert column.ocsf, f"{column.name} has no OCSF path"
        assert column.entity is not None or column.role is Role.RELATED


@EACH
def test_addresses_name_entities(table):
    addresses = [one for one in table.columns.values() if one.name.endswith("_ip")]
    assert not [one.name for one in addresses if one.entity is not EntityType.IP]
