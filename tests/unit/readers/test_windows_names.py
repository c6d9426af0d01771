from __future__ import annotations

import pytest

from trailhound.readers.windows_names import channel_of, value_names

AUDITING = "Microsoft-Windows-Security-Auditing"


@pytest.mark.parametrize(
    ("provider", "event_id", "channel"),
    [
        (AUDITING, "4688", "Security"),
        ("Microsoft-Windows-Sysmon", "1", "Microsoft-Windows-Sysmon/Operational"),
        ("Service Control Manager", "7045", "System"),
        ("PowerShell", "400", "Windows PowerShell"),
        ("Microsoft-Windows-PowerShell", "4104", "Microsoft-Windows-PowerShell/Operational"),
        ("Microsoft-Windows-Eventlog", "1102", "Security"),
        ("Microsoft-Windows-Eventlog", "104", "System"),
        ("Microsoft-Windows-Eventlog", "1", ""),
        ("Microsoft-Windows-Security-auditing", "4688", ""),
        ("Contoso", "1", ""),
        ("", "4688", ""),
    ],
)
def test_the_channel_is_found_where_it_is_unambiguous(provider, event_id, channel):
    assert channel_of(provider, event_id) == channel


def test_values_have_names_in_their_order():
    names = value_names(AUDITING, "4688")
    assert names[:2] == ["SubjectUserSid", "SubjectUserName"]
    assert names[5] == "NewProcessName"
    assert names[8] == "CommandLine"
    assert value_names(AUDITING, "1") == []
    assert value_names("Contoso", "4688") == []


def test_no_name_is_there_twice():
    for event_id in ("4624", "4625", "4663", "4688", "4769", "5145"):
        names = value_names(AUDITING, event_id)
        assert len(set(names)) == len(names) > 5
