from __future__ import annotations

from tests.drawings import drawn, parsed
from tests.results import finding
from trailhound.model.finding import Severity
from trailhound.report.picture_hosts import BARS, ROWS, hosts


def test_the_gravest_come_first():
    made = [
        finding(number=1, host="many", severity=Severity.LOW),
        finding(number=2, host="many", severity=Severity.LOW),
        finding(number=3, host="grave", severity=Severity.CRITICAL),
        finding(number=4, host="many", severity=Severity.MEDIUM),
    ]
    picture = drawn(hosts(made))
    assert [row[0] for row in picture.rows] == ["grave", "many"]
    assert picture.heads == ("Host", "critical", "high", "medium", "low", "informational", "all")
    assert picture.rows[1] == ("many", "", "", 1, 2, "", 3)
    told = [one.text for one in parsed(picture.drawing).iter("text")]
    assert told == ["grave", "1 critical", "many", "1 medium, 2 low"]


def test_bars_are_in_proportion():
    made = [finding(number=n, host="a") for n in range(4)] + [finding(number=9, host="b")]
    widths = [float(r.get("width")) for r in parsed(drawn(hosts(made)).drawing).iter("rect")]
    assert widths[0] == 4 * widths[1]


def test_many_hosts_are_cut_and_it_is_said():
    picture = drawn(hosts([finding(number=n, host=f"h{n:03}") for n in range(ROWS + 20)]))
    assert len(list(parsed(picture.drawing).iter("rect"))) == BARS
    assert len(picture.rows) == ROWS
    assert f"{ROWS + 20} hosts" in picture.told


def test_no_host_no_picture():
    assert hosts([finding(entities=())]) is None
