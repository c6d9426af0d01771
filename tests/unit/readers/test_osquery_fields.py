from __future__ import annotations

import pytest

from tests.unit.readers.evidence import cells, lines_of, read
from trailhound.readers.cloud_json import READER


def row(**columns):
    return {"name": "q", "action": "added", "hostIdentifier": "h", "columns": columns}


@pytest.mark.parametrize(
    ("columns", "about"),
    [
        ({"pid": "1", "cmdline": "x"}, "process"),
        ({"pid": "1", "cmdline": "", "path": "/x"}, "other"),
        ({"pid": "1", "remote_address": "::1", "remote_port": "80"}, "network"),
        ({"pid": "1", "remote_address": "::1"}, "other"),
        ({"action": "CREATED", "target_path": "/x"}, "file"),
        ({"username": "a", "host": "::1", "type": "7"}, "logon"),
        ({"user": "a", "host": "::1", "type": "user"}, "logon"),
        ({"username": "a", "host": "", "type": "7"}, "other"),
        ({}, "other"),
    ],
)
def test_columns_show_what_a_row_is_about(columns, about):
    (batch,) = read(READER, lines_of(row(**columns)))
    assert (batch.kind, cells(batch, "@about")) == ("osquery.result", [about])


@pytest.mark.parametrize(
    ("record", "kind"),
    [
        ({"snapshot": [{"a": "1"}], "action": "snapshot", "name": "q", "unixTime": 1}, "result"),
        ({"diffResults": {}, "name": "q", "hostIdentifier": "h"}, "result"),
        ({"filename": "a", "line": "1", "severity": "0", "hostIdentifier": "h"}, "status"),
    ],
)
def test_other_shapes(record, kind):
    (batch,) = read(READER, lines_of(record))
    assert batch.kind == f"osquery.{kind}"


def test_any_row_of_a_snapshot_is_reached():
    record = {"snapshot": [{"a": "1"}, {"a": "2"}], "name": "q", "hostIdentifier": "h"}
    (batch,) = read(READER, lines_of(record))
    assert cells(batch, "snapshot.a") == [["1", "2"]]


def test_a_record_of_something_else_is_none():
    assert READER.sniff(lines_of({"action": "added", "name": "q", "rows": {}}), "x") == 0
