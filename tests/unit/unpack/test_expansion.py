from __future__ import annotations

from trailhound.model.limits import Limits
from trailhound.unpack.expansion import Expansion, Meter

LIMITS = Limits(
    expansion_floor_bytes=100,
    expansion_ratio=2,
    archive_member_bytes=80,
    archive_total_bytes=120,
)


def run(meter: Meter, *sizes: int) -> int:
    return sum(len(chunk) for chunk in meter.limited(bytes(size) for size in sizes))


def test_the_floor_and_the_ratio_make_the_allowance():
    account = Expansion(LIMITS, 50)
    said: list = []
    assert run(Meter(account, said.append), 150, 49) == 199
    assert said == []
    assert run(Meter(account, said.append), 10) == 1
    assert [(o.kind, o.offset, o.lost) for o in said] == [("limit.ratio", 1, True)]
    assert account.exhausted


def test_reading_again_is_free_and_reading_further_is_not():
    account = Expansion(LIMITS, 0)
    meter = Meter(account, lambda _: None)
    assert [run(meter, 30, 30), run(meter, 60), run(meter, 60, 60)] == [60, 60, 100]
    assert account.spent == 100


def test_members_have_limits_of_their_own_and_together():
    account = Expansion(LIMITS, 1000)
    said: list = []
    first, second = (Meter(account, said.append, member=True) for _ in range(2))
    assert (run(first, 100), run(second, 100)) == (80, 40)
    assert [o.kind for o in said] == ["limit.member_bytes", "limit.archive_bytes"]
    assert run(Meter(account, said.append), 500) == 500


def test_a_private_account_is_worth_the_same_and_spends_alone():
    account = Expansion(LIMITS, 50)
    run(Meter(account.private(), lambda _: None), 150)
    assert account.spent == 0
