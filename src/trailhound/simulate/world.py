"""What an activity needs at hand: the company, the products that log it, and the truth book."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trailhound.simulate.clock import DAY, HOUR, chance, midnight
from trailhound.simulate.company import found
from trailhound.simulate.evidence import Schedule
from trailhound.simulate.products.access_log import AccessLogs
from trailhound.simulate.products.cloudtrail import CloudTrail
from trailhound.simulate.products.entra import Entra
from trailhound.simulate.products.m365 import UnifiedAudit
from trailhound.simulate.products.mail_log import MailLog
from trailhound.simulate.products.pgaudit import Database
from trailhound.simulate.products.syslog import Syslog
from trailhound.simulate.products.windows import Windows
from trailhound.simulate.products.workspace import Workspace
from trailhound.simulate.products.zeek import Zeek
from trailhound.simulate.truth import Innocent, Truth, plain_name

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random

    from trailhound.simulate.company import Company
    from trailhound.simulate.evidence import Pointer, Product
    from trailhound.simulate.settings import Settings
    from trailhound.simulate.truth import Plan, Step


@dataclass(frozen=True, slots=True)
class Span:
    """The simulated time, in microseconds UTC: `[start, end)`."""

    start: int
    end: int


class World:
    """The synthetic organisation while it is being written."""

    def __init__(self, settings: Settings, evidence: Path) -> None:
        start = midnight(settings.start)
        self.settings = settings
        self.span = Span(start, start + settings.days * DAY)
        self.company: Company = found(settings)
        self.schedule = Schedule(self._planted)
        seed, days = settings.seed, settings.days
        self.windows = Windows(self.schedule, evidence, seed, start, days)
        self.zeek = Zeek(self.schedule, evidence, seed)
        self.syslog = Syslog(self.schedule, evidence, start, days)
        self.mail = MailLog(self.syslog, chance(seed, "mail"))
        self.web = AccessLogs(self.schedule, evidence, start, days)
        self.database = Database(self.schedule, evidence, seed)
        self.aws = CloudTrail(self.schedule, evidence, seed)
        self.m365 = UnifiedAudit(self.schedule, evidence, seed)
        self.entra = Entra(self.schedule, evidence, seed)
        self.workspace = Workspace(self.schedule, evidence, seed)
        self._plans: dict[str, Plan] = {}
        self._steps: list[Step] = []
        self._innocent: dict[str, Innocent] = {}

    def chance(self, *purpose: object) -> Random:
        """Return a stream of chance of this simulation for one purpose."""
        return chance(self.settings.seed, *purpose)

    def noisy(self, count: float) -> int:
        """Scale a number of oddities: `count` is meant for normal noise (0.5)."""
        return round(count * 2 * self.settings.noise)

    def plan(self, plan: Plan) -> str:
        """Note a step before its evidence is written, and return its id."""
        self._plans[plan.id] = plan
        return plan.id

    def innocent(self, name: str, reason: str) -> None:
        """Note somebody, or some host, that will look odd and did nothing wrong."""
        self._innocent.setdefault(name, Innocent(name, reason))

    def turn(self, at: int) -> None:
        """Write the hours before `at`, and let the products finish what is over."""
        self.schedule.flush(at)
        for product in self._products():
            product.tick(at)

    def finish(self) -> Truth:
        """Close all files and tell what was planted."""
        self.turn(self.span.end)
        for product in self._products():
            product.close()
        steps = sorted(self._steps, key=lambda step: (step.time, step.id))
        involved = {name for step in steps for name in step.names}
        innocent = [i for i in self._innocent.values() if plain_name(i.name) not in involved]
        return Truth(tuple(steps), tuple(innocent), self.schedule.written)

    def hours(self) -> range:
        """Return the beginning of every simulated hour."""
        return range(self.span.start, self.span.end, HOUR)

    def _planted(self, step: str, pointer: Pointer) -> None:
        if step in self._plans:
            self._steps.append(self._plans.pop(step).at(pointer.source, pointer.record))

    def _products(self) -> tuple[Product, ...]:
        groups: tuple[tuple[Product, ...], ...] = (
            self.windows.products,
            self.zeek.products,
            self.syslog.products,
            self.web.products,
            self.database.products,
            self.aws.products,
            self.m365.products,
            self.entra.products,
            self.workspace.products,
        )
        return tuple(product for group in groups for product in group)
