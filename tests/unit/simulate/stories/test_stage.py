from __future__ import annotations

from datetime import date

from trailhound.simulate.clock import HOUR, midnight
from trailhound.simulate.life.diary import Diary
from trailhound.simulate.settings import Settings
from trailhound.simulate.stories.stage import Stage
from trailhound.simulate.world import World


def test_days_are_working_days_and_the_last_serves_when_there_are_too_few(stage):
    assert stage.day(1) == date(2026, 11, 3)
    assert stage.day(9) == date(2026, 11, 4)


def test_a_weekend_has_to_do_when_there_is_nothing_else(tmp_path):
    settings = Settings(people=5, days=1, start=date(2026, 11, 7))
    world = World(settings, tmp_path)
    assert Stage(world, Diary(settings, world.company), "x").day(2) == date(2026, 11, 7)


def test_times_are_local(stage):
    assert stage.at(date(2026, 11, 3), 9, 30) == midnight(date(2026, 11, 3)) + 8.5 * HOUR


def test_the_last_day_has_no_night_after_it(stage):
    assert stage.night_after(date(2026, 11, 3), 2, 30) == stage.at(date(2026, 11, 4), 2, 30)
    assert stage.night_after(date(2026, 11, 4), 2, 30) == stage.at(date(2026, 11, 4), 21, 30)


def test_victims_are_different_people(stage):
    day = stage.day(1)
    first = stage.victim("SAL", day)
    assert first.computer.startswith("SAL")
    assert stage.victim("FIN", day) != first


def test_steps_are_numbered(stage, at):
    assert [stage.step(at, "T1", "a"), stage.step(at, "T2", "b")] == ["test-01", "test-02"]
    assert stage.chance("x").random() == stage.chance("x").random()
