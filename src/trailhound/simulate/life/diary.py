"""Who works when, and from where: office, home over the VPN, or on the road."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from trailhound.simulate.clock import HOUR, MINUTE, chance, day_of, is_weekend, local_midnight
from trailhound.simulate.company import OFFICE_EGRESS, VPN_EGRESS, Host
from trailhound.simulate.products.entra import HOME, VIENNA

if TYPE_CHECKING:
    from random import Random

    from trailhound.simulate.company import Company, Person
    from trailhound.simulate.products.entra import Place
    from trailhound.simulate.settings import Settings

TRAVEL_ADDRESS = "198.51.100.60"
WEEKEND_SHARE = 0.06
ABSENT_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class Workday:
    """One person's day: from, to (microseconds UTC), the computer as the network sees it."""

    person: Person
    starts: int
    ends: int
    computer: Host
    egress: tuple[str, ...]
    place: Place

    def covers(self, hour: int) -> bool:
        """Say whether the hour that begins at `hour` touches the day."""
        return self.starts < hour + HOUR and hour < self.ends


class Diary:
    """Remembers one day at a time."""

    def __init__(self, settings: Settings, company: Company) -> None:
        self._seed = settings.seed
        self._start = settings.start
        self._people = company.people
        self._day = date.min
        self._today: tuple[Workday, ...] = ()
        self.traveller = next((p for p in company.of("SAL")), company.people[0])

    def at_work(self, hour: int) -> tuple[Workday, ...]:
        """Return the days of all who work in the hour that begins at `hour`."""
        day = day_of(hour)
        if day != self._day:
            self._day = day
            self._today = tuple(w for p in self._people if (w := self._workday(p, day)))
        return tuple(workday for workday in self._today if workday.covers(hour))

    def _workday(self, person: Person, day: date) -> Workday | None:
        random = chance(self._seed, "diary", person.number, day)
        attendance = random.random()
        wanted = WEEKEND_SHARE if is_weekend(day) else 1 - ABSENT_SHARE
        travels = person is self.traveller and self._travels(day)
        if attendance > wanted and not travels:
            return None
        begin = (
            local_midnight(day) + round(person.starts * 60) * MINUTE + random.randrange(40) * MINUTE
        )
        length = 90 if is_weekend(day) else round((person.ends - person.starts) * 60)
        computer, egress, place = self._where(person, random, away=travels, weekend=is_weekend(day))
        return Workday(person, begin, begin + length * MINUTE, computer, egress, place)

    def _where(
        self, person: Person, random: Random, *, away: bool, weekend: bool
    ) -> tuple[Host, tuple[str, ...], Place]:
        remote = Host(person.computer, person.vpn_address)
        if away:
            return remote, (TRAVEL_ADDRESS, VPN_EGRESS), VIENNA
        if weekend or random.random() < person.remote_share:
            return remote, (person.home, person.home, VPN_EGRESS), HOME
        return Host(person.computer, person.address), (OFFICE_EGRESS,), HOME

    def _travels(self, day: date) -> bool:
        return timedelta(days=1) <= day - self._start <= timedelta(days=2)
