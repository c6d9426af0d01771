from __future__ import annotations

import pytest

from trailhound.simulate.company import APP, DC, FILES, Account, admin_account
from trailhound.simulate.products.windows import NO_SUCH_USER

USER = Account("a.meyer", "S-1-5-21-1-2-3-1200")


@pytest.fixture
def events(world, finished):
    def read():
        return [
            (e["winlog"]["event_id"], e["winlog"].get("event_data", {}))
            for e in finished().windows()
        ]

    return read


def test_a_privileged_logon_is_two_events_with_one_id(world, at, events):
    logon = world.windows.logon(at, FILES, USER, 3, source="10.10.1.1", privileged=True)
    (code, data), (special, rights) = events()
    assert (code, special) == ("4624", "4672")
    assert data["TargetLogonId"] == rights["SubjectLogonId"] == logon
    assert data["IpAddress"] == "10.10.1.1"


def test_a_logoff_names_the_session(world, at, events):
    logon = world.windows.logon(at, FILES, USER, 3, source="10.10.1.1")
    world.windows.logoff(at + 9, FILES, USER, logon, 3)
    assert events()[1] == ("4634", events_data(logon))


def events_data(logon):
    return {
        "TargetUserSid": USER.sid,
        "TargetUserName": "a.meyer",
        "TargetDomainName": "ACME",
        "TargetLogonId": logon,
        "LogonType": "3",
    }


def test_a_wrong_password_is_noted_on_both_sides(world, at, events):
    world.windows.refuse(at, FILES, "guest", kind=3, source="10.0.9.4", why=NO_SUCH_USER)
    (checked, validation), (failed, data) = events()
    assert (checked, failed) == ("4776", "4625")
    assert validation["Status"] == data["SubStatus"] == "0xc0000064"


def test_tickets(world, at, events):
    world.windows.ticket(at, USER, "10.10.1.1")
    world.windows.ticket(at + 1, USER, "10.10.1.1", FILES)
    (first, tgt), (second, service) = events()
    assert (first, second) == ("4768", "4769")
    assert tgt["ServiceName"] == "krbtgt"
    assert service["ServiceName"] == "FS01$"
    assert service["TargetUserName"] == "a.meyer@CORP.ACME.EXAMPLE"


def test_shares(world, at, events):
    world.windows.share(at, FILES, USER, "10.10.1.1", share=("HR", "D:\\HR"), files=("a", "b"))
    found = events()
    assert [code for code, _ in found] == ["5140", "5145", "5145"]
    assert found[1][1]["ShareName"] == "\\\\*\\HR"
    assert found[2][1]["RelativeTargetName"] == "b"


def test_accounts_and_groups(world, at, events):
    by = admin_account(world.company.administrators[0])
    world.windows.account(at, 4720, by, USER)
    world.windows.join(at + 1, by, USER, ("Domain Admins", 512))
    world.windows.join(at + 2, by, USER, ("Administrators", 544), host=FILES)
    found = events()
    assert [code for code, _ in found] == ["4720", "4728", "4732"]
    assert found[1][1]["TargetSid"].endswith("-512")
    assert found[2][1]["TargetSid"] == "S-1-5-32-544"


def test_services_tasks_and_scripts(world, at, events):
    world.windows.install_service(at, DC, "PSEXESVC", "%SystemRoot%\\PSEXESVC.exe")
    world.windows.task(at + 1, DC, USER, "\\x", "cmd.exe /c dir")
    world.windows.script(at + 2, DC, USER, "whoami")
    found = dict(events())
    assert found["7045"]["ImagePath"].endswith("PSEXESVC.exe")
    assert "<Command>cmd.exe</Command>" in found["4698"]["TaskContent"]
    assert found["4104"]["ScriptBlockText"] == "whoami"
    assert found["106"]["TaskName"] == "\\x"


def test_defender_names_what_it_found(world, at, events):
    world.windows.detect(at, FILES, "PUA:Win32/X", "C:\\x.exe")
    ((code, data),) = events()
    assert (code, data["Threat Name"], data["Path"]) == ("1116", "PUA:Win32/X", "file:_C:\\x.exe")


def test_the_application_server_is_shipped_by_another_agent(world, at, events, finished):
    world.windows.validate(at, "a.meyer", "PC")
    world.windows.refuse(at, APP, "a.meyer", kind=3, source="-")
    assert [code for code, _ in events()] == ["4776", "4776"]
