from __future__ import annotations

from trailhound.simulate.products.windows_kinds import KINDS, SECURITY, SERVICES, SYSMON


def test_a_message_takes_the_events_own_data():
    kind = KINDS[SERVICES, 7036]
    assert kind.render({"param1": "Spooler", "param2": "stopped"}) == (
        "The Spooler service entered the stopped state."
    )


def test_sysmon_renders_line_by_line():
    assert KINDS[SYSMON, 22].render({"A": "1", "B": "2"}) == "Dns query:\nA: 1\nB: 2"


def test_codes_are_unique_per_provider():
    assert len({(kind.provider, kind.channel, kind.code) for kind in KINDS.values()}) == len(KINDS)
    assert KINDS[SECURITY, 4624].channel == "Security"
