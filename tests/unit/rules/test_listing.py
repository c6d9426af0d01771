from __future__ import annotations

import msgspec
import pytest

from tests.unit.rules.sigma.small_rules import compiled
from trailhound.model.errors import UsageError
from trailhound.model.finding import Severity
from trailhound.rules.library import Library
from trailhound.rules.listing import Wanted, as_data, find, listed, listing_lines
from trailhound.rules.sigma.rule import Correlation, SigmaRule

TEXT = """title: Beta
id: abc-1
level: high
tags: [attack.t1059.001]
logsource: {product: windows}
detection: {s: {a: b}, condition: s}
---
title: alpha
id: abc-2
level: low
tags: [attack.t10590]
logsource: {product: linux}
detection: {s: {a: b}, condition: s}
---
title: Gamma
id: xyz
name: gamma_name
level: critical
correlation: {type: temporal, rules: [abc-1], timespan: 1h}
"""


@pytest.fixture
def library():
    made = compiled(TEXT)
    rules = [one for one in made if isinstance(one, SigmaRule)]
    return Library(rules, [one for one in made if isinstance(one, Correlation)], [], [])


@pytest.mark.parametrize(
    ("wanted", "titles"),
    [
        (Wanted(), ["Gamma", "Beta", "alpha"]),
        (Wanted(level=Severity.HIGH), ["Gamma", "Beta"]),
        (Wanted(tag="attack.T1059"), ["Beta"]),
        (Wanted(tag="attack.t1059.001"), ["Beta"]),
        (Wanted(product="Linux"), ["alpha"]),
        (Wanted(tag="attack.t9"), []),
    ],
)
def test_listed(library, wanted, titles):
    assert [rule.info.title for rule in listed(library, wanted)] == titles


def test_narrow_lines_fit_a_terminal(library):
    every = listed(library, Wanted())
    infos = [
        msgspec.structs.replace(one.info, title="title " * 20, id="12345678-aaaa") for one in every
    ]
    pairs = zip(every, infos, strict=True)
    long = [msgspec.structs.replace(one, info=info) for one, info in pairs]
    lines = list(listing_lines([*every, *long], narrow=True))
    assert max(map(len, lines)) == 80
    assert any("Gamma" in line and "xyz" in line for line in lines)
    assert lines[-2].endswith("...")
    assert " 12345678  " in lines[-2]


@pytest.mark.parametrize(
    ("identity", "title"),
    [("abc-1", "Beta"), ("x", "Gamma"), ("gamma_name", "Gamma"), ("alpha", "alpha")],
)
def test_find(library, identity, title):
    assert find(library, identity).info.title == title


def test_what_is_not_found_or_not_one(library):
    with pytest.raises(UsageError, match="no rule here"):
        find(library, "nobody")
    with pytest.raises(UsageError, match=r"2 rules begin.*abc-1, abc-2"):
        find(library, "abc")


def test_lines_and_data(library):
    found = listed(library, Wanted())
    lines = list(listing_lines(found))
    assert lines[0].split() == ["critical", "xyz", "correlation", "temporal", "Gamma"]
    assert lines[-1] == "3 rules"
    data = as_data(found[1])
    assert (data["id"], data["where"], data["techniques"]) == ("abc-1", "windows", ["T1059.001"])
