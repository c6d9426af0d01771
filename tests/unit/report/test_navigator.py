from __future__ import annotations

import orjson

from tests.results import finding, result
from trailhound.model.finding import Severity
from trailhound.report.navigator import TITLES, navigator_layer


def layer(findings):
    return orjson.loads(b"".join(navigator_layer(result(findings))))


def test_it_has_what_the_format_asks_for():
    told = layer([finding()])
    assert set(told) >= {"name", "versions", "domain", "techniques", "gradient"}
    assert told["versions"]["layer"] == "4.5"
    assert told["domain"] == "enterprise-attack"
    assert told["gradient"]["maxValue"] > told["gradient"]["minValue"]


def test_techniques_are_counted():
    made = [
        finding(),
        finding("Log cleared", number=2, techniques=("T1003.001", "T1070"), host="h2"),
        finding("Odd", number=3, techniques=("no technique",), severity=Severity.CRITICAL),
    ]
    lsass, logs = layer(made)["techniques"]
    assert (lsass["techniqueID"], lsass["score"]) == ("T1003.001", 2)
    assert lsass["comment"] == "LSASS memory read; Log cleared"
    assert {"name": "seen on", "value": "2 hosts"} in lsass["metadata"]
    assert (logs["techniqueID"], logs["score"], logs["showSubtechniques"]) == ("T1070", 1, True)


def test_a_comment_stays_short():
    many = [finding(f"Title {n}", number=n) for n in range(1, TITLES + 4)]
    (told,) = layer(many)["techniques"]
    assert told["comment"].endswith("; and 3 more")


def test_nothing_found_is_a_layer_too():
    assert layer([])["techniques"] == []
