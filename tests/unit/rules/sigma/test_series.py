from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from trailhound.rules.sigma.series import merged, whole_documents

if TYPE_CHECKING:
    from trailhound.model.errors import RuleError


def whole(text: str) -> tuple[list[dict[str, Any]], list[RuleError]]:
    errors: list[RuleError] = []
    return [made for made, _ in whole_documents(text.encode(), "f", errors)], errors


def test_merged_keeps_what_only_one_has():
    under = {"a": 1, "m": {"x": 1, "y": {"p": 1}}, "l": [1]}
    over = {"b": 2, "m": {"y": {"q": 2}, "z": 3}, "l": [2]}
    assert merged(under, over) == {
        "a": 1, "b": 2, "m": {"x": 1, "y": {"p": 1, "q": 2}, "z": 3}, "l": [2]
    }  # fmt: skip
    assert under["m"] == {"x": 1, "y": {"p": 1}}
    assert merged({"a": {"b": 1}}, {"a": 2}) == {"a": 2}
    assert merged({"a": 2}, {"a": {"b": 1}}) == {"a": {"b": 1}}


def test_global_until_reset():
    made, errors = whole(
        "action: global\nlevel: low\nd: {condition: s}\n---\n"
        "id: 1\nlevel: high\nd: {s: 1}\n---\nid: 2\nd: {s: 2}\n---\n"
        "action: global\ntags: [t]\n---\nid: 3\n---\naction: reset\n---\nid: 4\n"
    )
    assert not errors
    shared = {"level": "low", "d": {"condition": "s"}}
    assert made == [
        {"id": 1, "level": "low", "d": {"s": 1, "condition": "s"}},
        {"id": 2, "level": "low", "d": {"s": 2, "condition": "s"}},
        {"id": 3, "tags": ["t"], **shared},
        {"id": 4},
    ]


def test_repeat_changes_the_rule_before_it():
    made, errors = whole(
        "id: a\nx: {p: 1, q: 1}\n---\naction: repeat\nx: {q: 2}\n---\n"
        "action: repeat\nid: b\nx: {p: 3}\n"
    )
    assert not errors
    assert made == [
        {"id": "a", "x": {"p": 1, "q": 1}},
        {"id": "a-2", "x": {"p": 1, "q": 2}},
        {"id": "b", "x": {"p": 3, "q": 2}},
    ]


def test_a_shared_id_is_numbered_and_an_own_one_stays():
    made, _ = whole("action: global\nid: g\n---\na: 1\n---\na: 2\n---\na: 3\n")
    assert [one["id"] for one in made] == ["g", "g-2", "g-3"]
    made, _ = whole("id: g\n---\nid: g\n")
    assert [one["id"] for one in made] == ["g", "g"]


def test_correlations_share_nothing():
    made, _ = whole("action: global\nlevel: low\n---\ncorrelation: {}\n")
    assert made == [{"correlation": {}}]


def test_an_unknown_action_costs_its_document():
    made, errors = whole("a: 1\n---\naction: dance\n---\na: 2\n")
    assert made == [{"a": 1}, {"a": 2}]
    assert [(e.what, e.where and e.where.line) for e in errors] == [("unknown action 'dance'", 3)]


@pytest.mark.parametrize("action", ["repeat", ""])
def test_sharing_much_often_is_bounded(action):
    shared = "action: global\nx: [" + "1, " * 5_000 + "1]\n"
    each = f"---\naction: {action}\n" if action else "---\ny: 1\n"
    start = time.monotonic()
    made, errors = whole(shared + each * 20_000)
    assert time.monotonic() - start < 5
    assert 5 < len(made) < 15
    (error,) = errors
    assert "shared content" in error.what
