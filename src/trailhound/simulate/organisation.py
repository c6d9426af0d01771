"""Writes a whole simulation: evidence as raw logs, the organisation's facts, the truth apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from trailhound.simulate.facts import organisation_file
from trailhound.simulate.life.browsing import Browsing, Customers
from trailhound.simulate.life.cloud_work import CloudWork, Designers
from trailhound.simulate.life.desk import Desks
from trailhound.simulate.life.diary import Diary
from trailhound.simulate.life.internet import Internet
from trailhound.simulate.life.linux import LinuxServers, MailFlow, ShopDatabase
from trailhound.simulate.life.machines_in_cloud import MachinesInCloud
from trailhound.simulate.life.oddities import Incidents, Scanner
from trailhound.simulate.life.servers import Administrators, Servers
from trailhound.simulate.stories import demo, linux_cloud, mailbox_takeover, ransomware
from trailhound.simulate.stories.stage import Stage
from trailhound.simulate.world import World

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from trailhound.simulate.settings import Settings
    from trailhound.simulate.truth import Truth

STORIES: dict[str, Callable[[Stage], None]] = {
    "mailbox-takeover": mailbox_takeover.play,
    "ransomware": ransomware.play,
    "linux-cloud": linux_cloud.play,
    "demo": demo.play,
}
CHOICES = ("none", "all", *STORIES)


class Life(Protocol):
    """One kind of ordinary activity."""

    def hour(self, at: int) -> None:
        """Schedule what happens in the hour that begins at `at` (microseconds UTC)."""


def write(out: Path, settings: Settings) -> Truth:
    """Write `evidence/`, `org.toml` and `truth/truth.json` below `out`, and return the truth."""
    world = World(settings, out / "evidence")
    diary = Diary(settings, world.company)
    for name in _chosen(settings.story):
        STORIES[name](Stage(world, diary, name))
    lives = _lives(world, diary)
    for hour in world.hours():
        for life in lives:
            life.hour(hour)
        world.turn(hour)
    truth = world.finish()
    (out / "org.toml").write_bytes(organisation_file(world.company, settings).encode())
    truth.write(out / "truth" / "truth.json")
    return truth


def _chosen(story: str) -> tuple[str, ...]:
    if story not in CHOICES:
        raise ValueError(f"unknown story {story!r}: use one of {', '.join(CHOICES)}")
    if story == "none":
        return ()
    return tuple(name for name in STORIES if name != "demo") if story == "all" else (story,)


def _lives(world: World, diary: Diary) -> tuple[Life, ...]:
    return (
        Desks(world, diary),
        Browsing(world, diary),
        Customers(world),
        CloudWork(world, diary),
        Designers(world, diary),
        Servers(world),
        Administrators(world, diary),
        LinuxServers(world, diary),
        MailFlow(world, diary),
        ShopDatabase(world),
        MachinesInCloud(world, diary),
        Internet(world),
        Scanner(world),
        Incidents(world, diary),
    )
