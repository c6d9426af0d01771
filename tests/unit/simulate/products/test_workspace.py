from __future__ import annotations

import json

from trailhound.simulate.products.workspace import parameter


def test_activities_are_listed_backwards(world, at, finished):
    for n in range(2):
        world.workspace.activity(
            at + n, "login", ("a@acme-design.example", "192.0.2.1"), ("login", "login_success"),
            parameter("is_suspicious", value=False), parameter("methods", ["password"]),
        )  # fmt: skip
    (file,) = finished().files("cloud/google/*.json")
    page = json.loads(file.read_bytes())
    assert page["kind"] == "admin#reports#activities"
    times = [item["id"]["time"] for item in page["items"]]
    assert times == sorted(times, reverse=True)
    (event,) = page["items"][0]["events"]
    assert event["parameters"] == [
        {"name": "is_suspicious", "boolValue": False},
        {"name": "methods", "multiValue": ["password"]},
    ]
