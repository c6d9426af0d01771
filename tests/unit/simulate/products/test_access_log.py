from __future__ import annotations

import re

from trailhound.simulate.products.access_log import SHOP, Hit

COMBINED = re.compile(
    r'^(\S+) - (\S+) \[(\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d \+0000)\] "([^"]*)" (\d{3}) (\d+) '
    r'"([^"]*)" "([^"]*)"$'
)


def test_a_hit_is_one_combined_line(world, at, finished):
    world.web.hit(at, SHOP, Hit("203.0.113.9", "GET /.env HTTP/1.1", 404, 146, "zgrab"))
    (line,) = finished().lines("linux/web1/**/access.log*")
    match = COMBINED.match(line)
    assert match
    assert match.groups() == (
        "203.0.113.9", "-", "02/Nov/2026:09:00:00 +0000", "GET /.env HTTP/1.1",
        "404", "146", "-", "zgrab",
    )  # fmt: skip


def test_all_lines_of_a_simulation_have_the_form(small):
    lines = small.lines("linux/*/var/log/*/access.log*")
    assert len(lines) > 500
    assert all(COMBINED.match(line) for line in lines)
