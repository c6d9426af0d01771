from __future__ import annotations

from datetime import UTC

import msgspec

from tests.pages import Page
from tests.results import finding, result
from trailhound.model.finding import Severity
from trailhound.model.result import InputReport, Judged, NotJudged
from trailhound.report.html_coverage import coverage
from trailhound.report.phrases import Moments


def told(made):
    return Page("".join(coverage(made, Moments(UTC)))).text


def test_weak_ones_are_rows():
    text = told(result([finding("Odd name", severity=Severity.LOW)]))
    assert "1 weak signal, the strongest first" in text
    assert "\nOdd name" in text


def test_every_list_of_a_result_is_there():
    text = told(result())
    for part in (
        "Scanner seen",
        "allow 7f3a",
        "log DNS queries",
        "thin (3 days of history)",
        "Could be judged: sign-ins.",
        "97 % of 1,204",
        "read, incomplete",
        "evtx.chunk at byte 65536, lost: bad checksum: <b>x</b>",
        "unknown modifier",
        "a.pst: the extra `pst` is not installed",
    ):
        assert part in text


def test_what_cannot_be_judged_is_not_counted_as_judged():
    blind = NotJudged(1, "unusual DNS", Judged.BLIND, "DNS look-ups", "log DNS queries")
    text = told(msgspec.structs.replace(result(), not_judged=[blind]))
    assert "Could be judged: nothing." in text


def test_sources_with_something_odd_are_open_and_the_others_folded():
    whole = [InputReport(f"fine{n}", "evtx", 1) for n in range(3)]
    text = told(result(inputs=[*whole, InputReport("odd", "", 0, status="unknown")]))
    assert "3 sources read whole" in text
    assert text.index("odd\n") < text.index("fine0")


def test_nothing_read_is_said():
    assert "Nothing was read." in told(result([], inputs=[]))
