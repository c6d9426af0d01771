from __future__ import annotations

from trailhound.simulate.products.entra import AMSTERDAM, HOME, Attempt, change


def test_a_sign_in_is_wrapped_as_the_diagnostic_export_does(world, at, finished):
    person = world.company.people[0]
    world.entra.sign_in(at, person, Attempt("203.0.113.20", AMSTERDAM, "Edge", error=500121))
    written = finished()
    (record,) = written.entra("insights-logs-signinlogs")
    (file,) = written.files("cloud/entra/**/PT1H.json")
    assert "/y=2026/m=11/d=02/h=09/m=00/" in file.as_posix()
    assert record["time"] == "2026-11-02T09:00:00.0000000Z"
    assert record["resultType"] == "500121"
    assert record["location"] == "NL"
    properties = record["properties"]
    assert properties["status"]["errorCode"] == 500121
    assert properties["authenticationDetails"][1]["succeeded"] is False


def test_a_success_knows_its_device(world, at, finished):
    person = world.company.people[0]
    world.entra.sign_in(at, person, Attempt("192.0.2.10", HOME, "Edge"))
    world.entra.sign_in(at, person, Attempt("192.0.2.10", HOME, "Edge", managed=False))
    records = finished().entra("insights-logs-signinlogs")
    assert [r["properties"]["deviceDetail"].get("isManaged") for r in records] == [True, None]


def test_a_change_in_the_directory_has_json_inside_text(world, at, finished):
    person = world.company.people[0]
    target = {"displayName": "x", "modifiedProperties": [change("Enabled", None, "False")]}
    world.entra.audit(at, person, "Update user", address="192.0.2.10", target=target)
    (record,) = finished().entra("insights-logs-auditlogs")
    (resource,) = record["properties"]["targetResources"]
    assert resource["modifiedProperties"][0]["newValue"] == '"False"'
