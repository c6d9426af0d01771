from __future__ import annotations

import orjson
import pytest

from trailhound.model.entity import Entity, EntityType, Role
from trailhound.report.machine import (
    BEGINNING,
    json_line,
    json_text,
    millis,
    moment,
    named,
    well_formed,
    without_empty,
)


def test_a_line_is_one_line_and_a_text_is_indented():
    assert json_line({"a": "x\ny"}) == b'{"a":"x\\ny"}\n'
    assert json_text({"a": 1}) == b'{\n  "a": 1\n}\n'


@pytest.mark.parametrize(
    ("value", "read"),
    [("a\ud800b", r"a\ud800b"), ("\udc80", r"\udc80"), (2**70, str(2**70)), (-(2**63), -(2**63)),
     (True, True), (["\udcff", None], [r"\udcff", None]), (("x\ud800",), [r"x\ud800"])],
)  # fmt: skip
def test_every_parser_takes_it(value, read):
    assert orjson.loads(json_line({"\udcff": 1, "a": value})) == {r"\udcff": 1, "a": read}


def test_well_formed_text_stays():
    assert well_formed("C:\\x \u202e \u6f22 \x00") == "C:\\x \u202e \u6f22 \x00"


def test_no_time_is_visibly_none():
    assert moment(None) == moment(2**63) == BEGINNING
    assert moment(1_500_000) == "1970-01-01T00:00:01.500000Z"
    assert (millis(None), millis(1_500_999)) == (0, 1_500)


def test_names_are_given_once_in_order():
    entities = [
        Entity(EntityType.IP, "b", Role.SOURCE),
        Entity(EntityType.HOST, "h"),
        Entity(EntityType.IP, "a", Role.TARGET),
        Entity(EntityType.IP, "b", Role.TARGET),
        Entity(EntityType.IP, ""),
    ]
    assert named(entities, EntityType.IP) == ["b", "a"]
    assert named(entities, EntityType.IP, role=Role.TARGET) == ["a", "b"]
    assert named(entities, EntityType.IP, EntityType.HOST) == ["b", "h", "a"]


def test_zero_and_false_are_values():
    assert without_empty({"a": 0, "b": False, "c": "", "d": [], "e": None, "f": {}}) == {
        "a": 0,
        "b": False,
    }
