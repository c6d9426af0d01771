from __future__ import annotations

from trailhound.simulate.clock import HOUR
from trailhound.simulate.company import APP
from trailhound.simulate.life.diary import Diary, Workday
from trailhound.simulate.life.servers import Administrators, Servers
from trailhound.simulate.products.entra import HOME


def commands(written):
    events = [e["winlog"] for e in written.windows() if e["winlog"]["event_id"] == "1"]
    return [event["event_data"]["CommandLine"] for event in events]


def test_the_night_makes_archives_and_moves_gigabytes(live):
    written = live(lambda world, _: Servers(world))
    assert sum("7z.exe" in command for command in commands(written)) == 5
    assert (
        sum(int(r["resp_bytes"]) for r in written.zeek("conn") if r["id.resp_p"] == "445") > 10**10
    )
    assert {"svc-backup", "svc-print"} <= {person.name for person in written.truth.innocent}


def test_the_agent_runs_the_same_encoded_script_every_hour(live):
    encoded = [c for c in commands(live(lambda world, _: Servers(world))) if "-EncodedCommand" in c]
    assert len(encoded) == 24 * 4
    assert len(set(encoded)) == 1


def test_the_stale_service_fails_for_ever(live):
    written = live(lambda world, _: Servers(world))
    failures = [line for line in written.lines("windows/nxlog-*") if '"EventID":4625' in line]
    assert len(failures) == 24 * 4


def test_administrators_use_their_second_account(live):
    written = live(Administrators)
    logons = [
        e["winlog"]["event_data"] for e in written.windows() if e["winlog"]["event_id"] == "4624"
    ]
    assert all(data["TargetUserName"].startswith("adm-") for data in logons)


def test_psexec_leaves_its_traces_and_its_user_is_innocent(world, at, finished):
    person = world.company.administrators[0]
    day = Workday(person, at, at + HOUR, world.company.computer(person), ("192.0.2.10",), HOME)
    life = Administrators(world, Diary(world.settings, world.company))
    life._psexec(at, day)
    written = finished()
    assert '"ServiceName":"PSEXESVC"' in written.text("windows/nxlog-*")
    assert any("\\\\APP01" in command for command in commands(written))
    assert any(innocent.name.startswith("adm-") for innocent in written.truth.innocent)
    assert APP.collector == "nxlog"
