from __future__ import annotations

import json

import pytest

from tests.unit.readers.evidence import cells, lines_of, only, read
from trailhound.readers.m365_audit import READER
from trailhound.readers.m365_fields import logon_status, named_values


def one(**members):
    record = {"Operation": "x", "RecordType": 1, "UserId": "a@example.com", "Id": "1"} | members
    return only(read(READER, lines_of(record)))


PAIRS = [
    {"Name": "ForwardTo", "Value": "d@example.net"},
    {"Name": "DeleteMessage", "Value": "True"},
]


@pytest.mark.parametrize(
    ("parameters", "forward", "delete"),
    [
        (PAIRS, "d@example.net", "True"),
        (json.dumps(PAIRS), "d@example.net", "True"),
        ('-ForwardTo "d@example.net" -DeleteMessage:$true', "d@example.net", ""),
        ("-ForwardTo d@example.net -DeleteMessage True", "d@example.net", "True"),
        (None, None, None),
        ("", None, None),
        ([1, "x", {"Name": 5}], None, None),
        ("[broken", None, None),
    ],
)
def test_parameters_in_all_their_forms(parameters, forward, delete):
    batch = one(Parameters=parameters)
    assert cells(batch, "Parameters.ForwardTo") == [forward]
    assert cells(batch, "Parameters.DeleteMessage") == [delete]


def test_modified_properties_before_and_after():
    batch = one(
        ModifiedProperties=[
            {"Name": "Role.DisplayName", "NewValue": "Admin", "OldValue": ""},
            {"Name": "List", "NewValue": ["a", 1], "OldValue": None},
        ]
    )
    assert cells(batch, "ModifiedProperties.Role.DisplayName.NewValue") == ["Admin"]
    assert cells(batch, "ModifiedProperties.Role.DisplayName.OldValue") == [""]
    assert cells(batch, "ModifiedProperties.Role.DisplayName") == ["Admin"]
    assert cells(batch, "ModifiedProperties.List.NewValue") == ['["a",1]']
    assert cells(batch, "ModifiedProperties.Other.NewValue") == [None]


def test_other_lists_and_fields_that_fall_back_on_them():
    batch = one(
        ExtendedProperties=[
            {"Name": "UserAgent", "Value": "axios"}, {"Name": "RequestType", "Value": "Cmsi:Cmsi"},
        ],
        DeviceProperties=[{"Name": "OS", "Value": "Windows"}],
        OperationProperties=[{"Name": "MailAccessType", "Value": "Sync"}],
    )  # fmt: skip
    assert cells(batch, "ExtendedProperties.UserAgent") == ["axios"]
    assert cells(batch, "UserAgent") == ["axios"]
    assert cells(batch, "RequestType") == ["Cmsi:Cmsi"]
    assert cells(batch, "DeviceProperties.OS") == ["Windows"]
    assert cells(batch, "OperationProperties.MailAccessType") == ["Sync"]


def test_operation_names_are_trimmed_and_keep_their_dash():
    name = "Update application – Certificates and secrets management "
    assert cells(one(Operation=name), "Operation") == [name.strip()]


@pytest.mark.parametrize(
    ("operation", "result", "error", "number", "status"),
    [
        ("UserLoginFailed", "Success", "InvalidUserNameOrPassword", "50126", "Failure"),
        ("UserLoginFailed", "Success", "", "", "Failure"),
        ("UserLoginFailed", "Failed", "", "50072", "Interrupted"),
        ("UserLoginFailed", "Failed", "UserInformationNotProvided", "", "Interrupted"),
        ("UserLoginFailed", "Failed", "DelegationDoesNotExist", "", "Interrupted"),
        ("UserLoginFailed", "Failed", "", "500121", "Failure"),
        ("UserLoggedIn", "Success", "", "0", "Success"),
        ("UserLoggedIn", "Succeeded", "", "", "Success"),
        ("UserLoggedIn", "Failed", "", "", "Failure"),
    ],
)
def test_a_sign_in_is_judged_by_its_error(operation, result, error, number, status):
    assert logon_status(operation, result, error, number) == status


@pytest.mark.parametrize(
    ("user", "actor"),
    [
        ("NT AUTHORITY\\SYSTEM (w3wp)", "SYSTEM"),
        ("nt authority\\system (Microsoft.Exchange.ServiceHost)", "SYSTEM"),
        ("Anna@example.com", "Anna@example.com"),
        ("SYSTEM.hater@example.com", "SYSTEM.hater@example.com"),
    ],
)
def test_service_noise_is_marked(user, actor):
    assert cells(one(UserId=user), "@actor") == [actor]


def test_words_of_the_alert_feed():
    alert = one(
        Operation="AlertTriggered",
        Name="Impossible travel activity",
        Workload="SecurityComplianceCenter",
    )
    assert cells(alert, "eventName") == ["Impossible travel activity"]
    assert cells(alert, "eventSource") == ["SecurityComplianceCenter"]
    assert cells(alert, "status") == ["success"]
    other = one(Operation="Add-FederatedDomain", Name="x", Workload="Exchange", ResultStatus="True")
    assert cells(other, "eventName") == ["Add-FederatedDomain"]
    assert cells(other, "status") == ["success"]
    assert cells(one(ResultStatus="Failed"), "status") == ["failed"]
    assert cells(one(), "status") == [None]


def test_a_command_reads_as_it_was_typed():
    batch = one(Operation="New-ComplianceSearchAction", Parameters='-Export -Format "pst"')
    assert cells(batch, "Payload") == ['New-ComplianceSearchAction -Export -Format "pst"']


def test_log_analytics_names():
    batch = one(
        OfficeWorkload="Exchange",
        Client_IPAddress="203.0.113.20",
        TimeGenerated="2026-11-04T08:12:00Z",
    )
    assert cells(batch, "Workload") == ["Exchange"]
    assert cells(batch, "ClientIP") == ["203.0.113.20"]
    assert batch.times().tolist() == [1793779920000000]


@pytest.mark.parametrize(
    "own", ["::1", "[::1]:0", "127.0.0.1", "127.0.0.1:49152", "", "::ffff:127.0.0.1"]
)
def test_a_loopback_address_is_not_the_client(own):
    assert cells(one(ClientIP=own, ClientIPAddress="203.0.113.7"), "@address") == ["203.0.113.7"]


@pytest.mark.parametrize("own", ["198.51.100.1", "::12", "[::1234]:7", "128.0.0.1", "2001:db8::1"])
def test_any_other_address_is(own):
    assert cells(one(ClientIP=own, ClientIPAddress="203.0.113.7"), "@address") == [own]


def test_nothing_but_a_loopback_address():
    assert cells(one(ClientIP="::1"), "@address") == ["::1"]
    assert cells(one(ClientIP="::1", ActorIpAddress="203.0.113.8"), "ClientIP") == ["::1"]
    assert cells(one(), "@address") == [None]


def test_text_parameters_cost_linear_time():
    assert named_values("-" * 200_000) == {}
    assert len(named_values('-A "x" ' * 20_000)) == 1
