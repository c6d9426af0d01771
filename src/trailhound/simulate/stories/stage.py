"""What every story stands on: its days, its victims, its intruder, and its notes for the truth."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from trailhound.simulate.clock import DAY, MINUTE, day_of, is_weekend, local_midnight
from trailhound.simulate.truth import Plan

if TYPE_CHECKING:
    from datetime import date
    from random import Random

    from trailhound.simulate.company import Person
    from trailhound.simulate.life.diary import Diary
    from trailhound.simulate.world import World


@dataclass(frozen=True, slots=True)
class Intruder:
    """Somebody's rented machines: where they sign in from, what they call home to, their domain."""

    address: str = "203.0.113.20"
    control: str = "203.0.113.77"
    control_name: str = "telemetry-edge.example"
    storage: str = "203.0.113.66"
    domain: str = "acrne.example"


class Stage:
    """One story while it is played."""

    def __init__(self, world: World, diary: Diary, story: str) -> None:
        self.world = world
        self.story = story
        self.intruder = Intruder()
        self._diary = diary
        self._count = 0

    def chance(self, purpose: str) -> Random:
        """Return a stream of chance of this story."""
        return self.world.chance("story", self.story, purpose)

    def day(self, number: int) -> date:
        """Return the working day with this number, from 0; the last one when there are fewer."""
        span = self.world.span
        days = [day_of(at) for at in range(span.start, span.end, DAY)]
        working = [day for day in days if not is_weekend(day)] or days
        return working[min(number, len(working) - 1)]

    def at(self, day: date, hour: int, minute: int = 0) -> int:
        """Return an instant of the company's local time."""
        return local_midnight(day) + (hour * 60 + minute) * MINUTE

    def night_after(self, day: date, hour: int, minute: int) -> int:
        """Return an instant of the night that follows, or of the evening where no day is left."""
        if day < day_of(self.world.span.end - 1):
            return self.at(day + timedelta(days=1), hour, minute)
        return self.at(day, 20 + hour // 2, minute)

    def victim(self, department: str, day: date, *, other_than: Person | None = None) -> Person:
        """Return somebody of the department who is in the office that morning."""
        working = self._diary.at_work(self.at(day, 10))
        present = [w.person for w in working if w.computer.address == w.person.address]
        staff = self.world.company.of(department)
        wanted = [p for p in staff if p in present and p != other_than]
        return (wanted or [p for p in staff if p != other_than] or list(staff))[0]

    def step(
        self,
        at: int,
        technique: str,
        title: str,
        *,
        hosts: tuple[str, ...] = (),
        users: tuple[str, ...] = (),
        addresses: tuple[str, ...] = (),
    ) -> str:
        """Note what is about to be planted and return the id that its record carries."""
        self._count += 1
        identity = f"{self.story}-{self._count:02d}"
        plan = Plan(identity, at, self.story, technique, title, hosts, users, addresses)
        return self.world.plan(plan)
