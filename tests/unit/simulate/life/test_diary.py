from __future__ import annotations

import pytest

from trailhound.simulate.clock import DAY, HOUR, midnight
from trailhound.simulate.company import found
from trailhound.simulate.life.diary import TRAVEL_ADDRESS, Diary
from trailhound.simulate.settings import Settings

SETTINGS = Settings(people=60)
MONDAY = midnight(SETTINGS.start)


@pytest.fixture
def diary():
    return Diary(SETTINGS, found(SETTINGS))


def test_people_work_by_day_and_hardly_at_night_or_on_sunday(diary):
    noon = len(diary.at_work(MONDAY + 10 * HOUR))
    night = len(diary.at_work(MONDAY + 2 * HOUR))
    sunday = max(len(diary.at_work(MONDAY + 6 * DAY + hour * HOUR)) for hour in range(24))
    assert noon > 50
    assert night == 0
    assert sunday < 10


def test_a_day_is_the_same_whenever_it_is_asked_for(diary):
    before = diary.at_work(MONDAY + 10 * HOUR)
    diary.at_work(MONDAY + DAY + 10 * HOUR)
    assert diary.at_work(MONDAY + 10 * HOUR) == before


def test_home_is_behind_the_vpn(diary):
    working = diary.at_work(MONDAY + 10 * HOUR)
    remote = [w for w in working if w.computer.address == w.person.vpn_address]
    office = [w for w in working if w.computer.address == w.person.address]
    assert remote
    assert office
    assert all(w.person.home in w.egress for w in remote)


def test_somebody_travels_on_tuesday(diary):
    tuesday = diary.at_work(MONDAY + DAY + 10 * HOUR)
    assert [w.person for w in tuesday if TRAVEL_ADDRESS in w.egress] == [diary.traveller]
    assert diary.traveller.computer.startswith("SAL")
