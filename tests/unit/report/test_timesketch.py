from __future__ import annotations

from datetime import datetime

import msgspec
import orjson

from tests.results import finding, result
from trailhound.model.finding import Evidence, Pointer
from trailhound.report.timesketch import timesketch_lines


def events(findings):
    return [orjson.loads(line) for line in timesketch_lines(result(findings))]


def test_each_record_is_a_line_with_what_timesketch_asks_for():
    told = events([finding(pointers=2), finding("Log cleared", number=2, minute=-5)])
    assert [one["title"] for one in told] == ["Log cleared", *["LSASS memory read"] * 2]
    for one in told:
        assert one["message"]
        assert one["timestamp_desc"]
        stamp = datetime.fromisoformat(one["datetime"])
        assert round(stamp.timestamp() * 1_000_000) == one["timestamp"]
    assert told[1]["tag"] == ["high", "ioa", "T1003.001"]
    assert told[1]["field_SubjectUserName"] == "a.meyer"
    assert told[1]["hostname"] == "fin-pc07.acme.example"


def test_a_field_nests_nothing_and_hides_nothing():
    pointer = Pointer("s", "u", 1, None, {"a.b": "1", "message": "2", "x-y z": "3"})
    (told,) = events([finding(evidence=Evidence(1, None, None, (pointer,)))])
    assert (told["field_a_b"], told["field_message"], told["field_x_y_z"]) == ("1", "2", "3")
    assert told["message"].startswith("LSASS")


def test_a_record_without_time_is_there_and_says_so():
    pointer = Pointer("s", "u", 1, None, {})
    made = msgspec.structs.replace(finding(), evidence=Evidence(1, None, None, (pointer,)))
    (told,) = events([made])
    assert (told["timestamp"], told["timestamp_desc"]) == (0, "Time unknown")
