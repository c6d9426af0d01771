from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.readers.windows_samples import (
    ASKED,
    DATA,
    SYSTEM,
    event,
    text_of,
)
from trailhound.model.limits import Budget
from trailhound.readers.evtx_router import EvtxRouter
from trailhound.readers.windows import windows_batches

if TYPE_CHECKING:
    from trailhound.readers.windows import WindowsBatch


def seen(found: list[WindowsBatch]) -> dict[int, dict[str, Any]]:
    """Give everything that can be asked of each record, by its number."""
    rows: dict[int, dict[str, Any]] = {}
    for batch in found:
        names = sorted(batch.native_names() | set(ASKED))
        columns = batch.columns(names)
        for at, number in enumerate(batch.offsets.tolist()):
            rows[number] = {name: columns[name][at] for name in names} | {
                "route": batch.route,
                "uid": batch.uids([at]),
                "time": batch.times()[at],
                "raw": batch.raw(at),
            }
    return rows


def both_ways(texts: list[str]) -> tuple[Budget, Budget]:
    numbers = list(range(len(texts)))
    fast, slow = Budget(), Budget()
    router = EvtxRouter()
    routed = seen(list(router.batches("s", texts, numbers, fast, b"d")))
    again = seen(list(router.batches("s", texts, numbers, Budget(), b"d")))
    whole = seen(list(windows_batches("s", texts, numbers, slow, b"d")))
    names = {name for one in (*routed.values(), *whole.values()) for name in one}
    for number in range(len(texts)):
        wanted = whole.get(number, {})
        for found in (routed.get(number, {}), again.get(number, {})):
            assert {n: found.get(n) for n in names} == {n: wanted.get(n) for n in names}
    assert fast.oddities.counts == slow.oddities.counts
    return fast, slow


TWISTED = [
    pytest.param(event(), id="plain"),
    pytest.param(event({}), id="no fields"),
    pytest.param({"Event": {"System": SYSTEM}}, id="no data"),
    pytest.param({"Event": {"System": SYSTEM, "EventData": None}}, id="null data"),
    pytest.param({"Event": {"System": SYSTEM, "EventData": "text"}}, id="text data"),
    pytest.param({"Event": {"EventData": DATA, "System": SYSTEM}}, id="data first"),
    pytest.param({"System": SYSTEM, "EventData": DATA}, id="no Event"),
    pytest.param({"Event": {"System": SYSTEM, "UserData": {"X": DATA}}}, id="user data"),
    pytest.param({"Event": {"System": SYSTEM, "UserData": {"EventData": DATA}}}, id="inner data"),
    pytest.param(
        {"Event": {"System": SYSTEM, "EventData": DATA, "UserData": {"X": {"a": 1}}}}, id="both"
    ),
    pytest.param(
        {"Event": {"System": SYSTEM, "EventData": DATA, "RenderingInfo": {"Message": "Hi"}}},
        id="forwarded",
    ),
    pytest.param(event({"a": 'say "EventData":{"b":1}}'}), id="quoted"),
    pytest.param(event({"a": '","Channel":"Other","Computer":"x'}), id="quoted channel"),
    pytest.param(event(Computer='x","Channel":"Other'), id="odd computer"),
    pytest.param(event(Computer='x","EventData":{"a":"1'), id="data in the computer"),
    pytest.param(event(Channel='Sec"urity\\'), id="odd channel"),
    pytest.param(event(Channel=None), id="null channel"),
    pytest.param(event(drop=["Channel"]), id="no channel"),
    pytest.param(event(drop=["Computer"]), id="no computer"),
    pytest.param(event(drop=["Security"]), id="no security"),
    pytest.param(event(drop=["EventID"]), id="no event id"),
    pytest.param(event(EventID={"#attributes": {"Qualifiers": 1}, "#text": 7}), id="qualifiers"),
    pytest.param(event(Provider={"#attributes": {"Name": "P" * 2_000}}), id="long provider"),
    pytest.param(event(Security={"#attributes": {"UserID": "S" * 2_000}}), id="long security"),
    pytest.param(event({"a": "\u0000\u2028 é"}), id="odd characters"),
    pytest.param(
        {"Event": {"System": dict(reversed(SYSTEM.items())), "EventData": DATA}}, id="rev"
    ),
    pytest.param({"Event": {"System": None, "EventData": DATA}}, id="no system"),
    pytest.param({"Event": []}, id="a list"),
]


@pytest.mark.parametrize("record", TWISTED)
def test_the_fast_path_reads_what_the_slow_one_reads(record):
    plain = text_of(event(EventRecordID=1))
    both_ways([plain, text_of(record), plain.replace(":77", ":78")])


def test_the_fast_path_reads_them_all_together():
    both_ways([text_of(one.values[0]) for one in TWISTED])


def test_damage_is_said_by_both():
    fast, _ = both_ways([text_of(event()), '{"Event":{"System":{"Provider":{"#attrib'])
    assert fast.oddities.counts == {"json.syntax": 1}


def test_a_route_learned_from_one_record_does_not_hide_another():
    """Equal heads, other data: what was learned from the first must hold for the second."""
    both_ways(
        [
            text_of({"Event": {"System": SYSTEM, "UserData": {"X": DATA}}}),
            text_of(event()),
            text_of({"Event": {"System": SYSTEM, "UserData": {"EventData": DATA}}}),
        ]
    )


def test_a_router_forgets_before_it_grows_without_end(monkeypatch):
    monkeypatch.setattr("trailhound.readers.evtx_router.MAX_ROUTES", 3)
    texts = [text_of(event(EventID=number)) for number in range(50)]
    router = EvtxRouter()
    found = list(router.batches("s", texts, list(range(50)), Budget(), b""))
    assert sorted(int(batch.route["EventID"]) for batch in found) == list(range(50))
    assert len(router._routes) <= 4
