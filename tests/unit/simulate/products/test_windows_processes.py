from __future__ import annotations

import base64

import pytest

from trailhound.simulate.company import FILES, account_of
from trailhound.simulate.products.windows_processes import encoded, hashes, image_of


@pytest.fixture
def desk(world):
    person = world.company.people[0]
    host = world.company.computer(person)
    return host, world.windows.root(host, r"C:\Windows\explorer.exe", account_of(person))


def test_a_child_names_its_parent(world, at, finished, desk):
    host, shell = desk
    child = world.windows.start(at, host, '"C:\\Program Files\\A\\a.exe" /x', parent=shell)
    (event,) = finished().windows()
    data = event["winlog"]["event_data"]
    assert data["Image"] == "C:\\Program Files\\A\\a.exe"
    assert data["CommandLine"].endswith("/x")
    assert data["ParentProcessGuid"] == shell.guid
    assert data["ProcessGuid"] == child.guid
    assert len(child.guid) == 38


def test_servers_audit_processes_as_well(world, at, finished):
    services = world.windows.root(FILES, r"C:\Windows\System32\services.exe")
    world.windows.start(at, FILES, r"C:\Windows\System32\cmd.exe /c dir", parent=services)
    events = finished().windows()
    assert [event["winlog"]["event_id"] for event in events] == ["1", "4688"]
    assert events[1]["winlog"]["event_data"]["SubjectUserName"] == "FS01$"


def test_what_a_program_does_is_told_under_its_guid(world, at, finished, desk):
    host, shell = desk
    windows = world.windows
    port = windows.connect(at, host, shell, ("198.51.100.9", 443))
    windows.resolve(at, host, shell, "site.example", "198.51.100.9")
    windows.create_file(at, host, shell, "C:\\a.txt")
    windows.set_value(at, host, shell, ("HKLM\\a", "1"))
    windows.load(at, host, shell, r"C:\Windows\System32\amsi.dll")
    windows.open_process(at, host, shell, shell, access="0x1010")
    events = {
        event["winlog"]["event_id"]: event["winlog"]["event_data"] for event in finished().windows()
    }
    assert set(events) == {"3", "22", "11", "13", "7", "10"}
    assert events["3"]["SourcePort"] == str(port)
    assert all(events[code]["ProcessGuid"] == shell.guid for code in ("3", "22", "11", "13", "7"))
    assert events["7"]["Description"] == "Anti-Malware Scan Interface"


def test_a_running_program_stays_the_same(world, desk):
    host, shell = desk
    assert world.windows.root(host, shell.image, shell.user) is shell


@pytest.mark.parametrize(
    ("command", "image"),
    [
        ('"C:\\A B\\c.exe" /x', "C:\\A B\\c.exe"),
        ("C:\\A\\c.exe /x", "C:\\A\\c.exe"),
        ("cmd /c dir", "C:\\Windows\\System32\\cmd"),
    ],
)
def test_the_image_is_the_front_of_the_command_line(command, image):
    assert image_of(command) == image


def test_scripts_are_encoded_as_powershell_wants():
    assert base64.b64decode(encoded("whoami")).decode("utf-16-le") == "whoami"


def test_hashes_depend_on_the_name_without_its_case():
    assert hashes("C:\\A.EXE") == hashes("c:\\a.exe")
    assert hashes("C:\\A.EXE").startswith("MD5=")
