from __future__ import annotations

import msgspec
import pytest

from tests.unit.rules.sigma.small_rules import matched, rule
from trailhound.rules.sigma.condition import frozen
from trailhound.rules.sigma.rule import LogSource, SigmaRule


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (LogSource("process_creation", "windows"), "windows/process_creation"),
        (LogSource("", "aws", "cloudtrail"), "aws/cloudtrail"),
        (LogSource("webserver"), "webserver"),
    ],
)
def test_log_sources_in_a_word(source, text):
    assert str(source) == text


def test_rules_travel_as_plain_data():
    made = rule("s: {A|contains|all: [a, b]}\nk: {B: c}\ncondition: s and not k")
    again = msgspec.msgpack.decode(msgspec.msgpack.encode(made), type=SigmaRule)
    assert frozen(again.tree) == made.tree
    assert again.predicates == made.predicates
    assert matched(again, {"A": "ba"}, {"A": "ab", "B": "C"}) == [0]
