from __future__ import annotations

from typing import TYPE_CHECKING

from tests.unit.rules.sigma.small_rules import SYSMON, rule
from trailhound.rules.sigma import plan as plan_module
from trailhound.rules.sigma.scope import Scope

if TYPE_CHECKING:
    from trailhound.rules.sigma.rule import SigmaRule

ROUTE = {name: str(value) for name, value in SYSMON.items()}
SECURITY = {"Channel": "Security", "EventID": "4688", "Provider_Name": "P"}


def scope(*rules: SigmaRule) -> Scope:
    return Scope(rules, "windows", None)


def test_triggers_choose_candidates():
    live = scope(rule("s: {Image: a}", "1"), rule("s: {Image: b}\ncondition: not s", "2")).plan(
        ROUTE
    )
    assert live
    (name, matcher), *_ = live.columns
    assert name == "Image"
    assert live.evaluate(live.hits((matcher["a"],))) == (0, 1)
    assert live.evaluate(live.hits((matcher["b"],))) == ()
    assert live.evaluate(live.hits((matcher["c"],))) == (1,)


def test_the_memo_is_bounded(monkeypatch):
    monkeypatch.setattr(plan_module, "MAX_MEMO", 5)
    live = scope(rule("s: {Image|contains: a}")).plan(ROUTE)
    assert live
    matcher = live.columns[0][1]
    memo = live.memo((None,))
    assert [hit for hit, _ in memo[matcher["a"],]] == [0]
    assert memo[matcher["b"],] == ()
    assert len(memo) == 2
    for _ in range(20):
        live.make_room()
    assert len(memo) == 0
    assert [hit for hit, _ in memo[matcher["a"],]] == [0]
    assert live.memo((None,)) is not memo


def test_a_memo_knows_the_columns_that_do_not_vary():
    live = scope(rule("s: {Image: a, CommandLine: b}")).plan(ROUTE)
    assert live
    (_, image), (_, line) = live.columns
    assert (
        live.memo((image["a"], None))[line["b"],] == live.memo((None, None))[image["a"], line["b"]]
    )
    assert live.memo((image["x"], None))[line["b"],] == ()
    ((hit, why),) = live.memo((image["a"], line["b"]))[()]
    assert (hit, [p.field for p in why]) == (0, ["Image", "CommandLine"])


def test_because_names_the_route_too():
    found = scope(rule("s: {EventID: 1, Image: a}"))
    live = found.plan(ROUTE)
    assert live
    numbers = live.because(0, (live.columns[0][1]["a"],))
    assert [found.predicates[n].field for n in numbers] == ["Image", "EventID"]
