from __future__ import annotations

from trailhound.model.limits import Budget, Limits


def test_what_lost_nothing_leaves_a_source_complete():
    budget = Budget()
    budget.note("json.nan", 5, 2, "NaN")
    assert not budget.oddities.lost
    kept = budget.oddities.kept[0]
    assert (kept.kind, kept.offset, kept.length, kept.detail, kept.lost) == (
        "json.nan", 5, 2, "NaN", False,
    )  # fmt: skip


def test_what_was_lost_is_said():
    budget = Budget()
    budget.lose("json.syntax", 5, 2, "torn")
    budget.note("json.nan", 9)
    assert budget.oddities.lost
    assert budget.oddities.kept[0].lost
    assert not budget.oddities.kept[1].lost


def test_budgets_share_nothing():
    one, two = Budget(), Budget()
    one.lose("json.syntax", 0)
    one.parsed_bytes += 7
    assert (two.oddities.total, two.parsed_bytes) == (0, 0)
    assert one.limits == two.limits == Limits()
