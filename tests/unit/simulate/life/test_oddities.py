from __future__ import annotations

from trailhound.simulate.clock import DAY, HOUR
from trailhound.simulate.company import SCANNER
from trailhound.simulate.life.diary import Diary
from trailhound.simulate.life.oddities import Incidents, Scanner


def test_the_scanner_is_loud_once_a_week(world, finished):
    life = Scanner(world)
    for at in world.hours():
        life.hour(at)
        world.turn(at)
    written = finished()
    rows = written.zeek("conn")
    assert len(rows) > 200
    assert {row["id.orig_h"] for row in rows} == {SCANNER}
    assert {int(float(row["ts"]) * 1_000_000) // HOUR % 24 for row in rows} == {20}
    assert SCANNER in {person.name for person in written.truth.innocent}


def test_innocents_are_noted_with_their_reasons(world, finished):
    life = Incidents(world, Diary(world.settings, world.company))
    for at in world.hours():
        life.hour(at)
        world.turn(at)
    written = finished()
    reasons = {person.name: person.reason for person in written.truth.innocent}
    assert "forgot the password" in reasons[world.company.people[-1].account]
    assert "n.newcomer" in reasons
    codes = [event["winlog"]["event_id"] for event in written.windows()]
    assert codes.count("4625") == 7
    assert {"4720", "4724", "4728"} <= set(codes)


def test_a_migration_downloads_many_files_in_little_time(world, finished):
    life = Incidents(world, Diary(world.settings, world.company))
    life.hour(world.span.start + 2 * DAY + 12 * HOUR)
    downloads = [r for r in finished().audit() if r["Operation"] == "FileDownloaded"]
    assert len({record["Id"] for record in downloads}) == 180
