from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.rules.sigma.small_rules import SYSMON, rule
from trailhound.rules.sigma.scope import Scope, event_ids, leaves

if TYPE_CHECKING:
    from trailhound.rules.sigma.rule import SigmaRule

ROUTE = {name: str(value) for name, value in SYSMON.items()}
SECURITY = {"Channel": "Security", "EventID": "4688", "Provider_Name": "P"}


def scope(*rules: SigmaRule) -> Scope:
    return Scope(rules, "windows", None)


def test_a_route_without_rules_has_no_plan():
    found = scope(rule("s: {Image: a}"))
    assert found.plan(ROUTE | {"EventID": "3"}) is None
    assert found.plan(ROUTE | {"Channel": "Other"}) is None
    assert Scope([rule("s: {Image: a}")], "aws.cloudtrail", None).plan({}) is None


def test_plans_are_made_once():
    found = scope(rule("s: {Image: a}"))
    assert found.plan(ROUTE) is found.plan(dict(reversed(ROUTE.items())))


def test_routed_fields_are_decided_before_any_row():
    live = scope(rule("s: {EventID: 1, Image: a}")).plan(ROUTE)
    assert live
    assert [name for name, _ in live.columns] == ["Image"]
    assert scope(rule("s: {EventID: 2, Image: a}")).plan(ROUTE) is None
    assert scope(rule("s: {Channel|contains: SYSMON}")).plan(ROUTE)
    assert scope(rule("s: {Image: a}\nk: {EventID: 1}\ncondition: s and not k")).plan(ROUTE) is None


def test_columns_are_those_the_route_needs():
    rules = rule("s: {Image: a}", "1"), rule("s: {EventID: 9, CommandLine: b}", "2")
    live = scope(*rules).plan(ROUTE)
    assert live
    assert [name for name, _ in live.columns] == ["Image"]


def test_renamed_fields():
    live = scope(rule("s: {Image: a, Image|fieldref: ParentImage}")).plan(SECURITY)
    assert live
    assert [name for name, _ in live.columns] == ["NewProcessName"]
    assert [(p.field, p.value) for _, p in live.comparisons] == [
        ("NewProcessName", "ParentProcessName")
    ]


def test_equal_comparisons_of_different_rules_are_one():
    found = scope(rule("s: {Image: a}", "1"), rule("s: {Image: a, CommandLine: b}", "2"))
    assert len(found.predicates) == 3  # Image in the words of Sysmon and of Security, CommandLine
    assert found.rules_bound == {0, 1}


def test_leaves():
    assert leaves(("and", ("p", 1), ("not", ("or", ("p", 2), ("p", 3))))) == {1, 2, 3}


@pytest.mark.parametrize(
    ("detection", "expected"),
    [
        ("s: {EventID: [1, 4688], Image: a}", {"1", "4688"}),
        ("s: {EventID: 1}\nk: {EventID: 2}\ncondition: s or k", {"1", "2"}),
        ("s: {EventID: 1}\nk: {Image: a}\ncondition: s or k", None),
        ("s: {EventID: 1}\nk: {Image: a}\ncondition: k and not s", None),
        ("s: {EventID|contains: 1}", None),
    ],
)
def test_the_event_ids_a_rule_asks_for(detection, expected):
    assert event_ids(rule(detection)) == expected
