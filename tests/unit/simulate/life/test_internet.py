from __future__ import annotations

from ipaddress import ip_address, ip_network

from trailhound.simulate.clock import chance
from trailhound.simulate.life.internet import Internet, stranger


def test_strangers_guess_and_never_get_in(live):
    written = live(lambda world, _: Internet(world))
    text = written.text("linux/*/var/log/auth.log*")
    assert text.count("Failed password") > 20
    assert "Accepted" not in text


def test_bots_ask_for_what_is_not_there(live):
    lines = live(lambda world, _: Internet(world)).lines("linux/web1/**/access.log*")
    assert sum('" 404 ' in line for line in lines) > 20


def test_sprayed_passwords_are_all_refused(live):
    records = live(lambda world, _: Internet(world)).entra("insights-logs-signinlogs")
    assert {record["resultType"] for record in records} <= {"50126"}


def test_strangers_come_from_a_documentation_range():
    assert ip_address(stranger(chance("x"))) in ip_network("203.0.113.0/24")
