from __future__ import annotations

from datetime import UTC

import msgspec

from tests.results import COMMAND, finding, result
from trailhound.model.finding import Severity
from trailhound.report.executive import FEW, TOLD, executive
from trailhound.report.phrases import Moments


def page(made):
    return executive(made, Moments(UTC, made.stats.first, made.stats.last))


def above(number):
    made = [
        finding(f"Rule {n}", number=n, minute=n * 10_000, host=f"h{n}", user=f"u{n}",
                severity=Severity.CRITICAL)
        for n in range(number)
    ]  # fmt: skip
    return result(made)


def test_it_says_what_happened_and_what_to_do():
    (told,) = page(result()).told
    assert told.heading.startswith("1. LSASS memory read")
    assert told.state == "High, 45 of 100: worth a look, may go on"
    assert told.when == "Wed 4 Nov 08:12"
    assert ("Hosts", "fin-pc07.acme.example") in told.about
    assert told.actions
    assert len(told.actions) <= FEW


def test_facts_count_sources_hosts_and_accounts():
    assert page(result()).facts == (
        "Period: 4 Nov 2026 (UTC)",
        "Evidence: 2 sources, 120 events",
        "Findings: 1, about 1 host and 1 account",
    )
    nothing = msgspec.structs.replace(result([]), stats=type(result().stats)())
    assert page(nothing).facts[0] == "Period: no time known"
    assert page(nothing).facts[-1] == "Findings: 0"


def test_no_command_line_reaches_those_who_decide():
    assert COMMAND not in str(page(result()))


def test_gaps_and_limits_are_told():
    told = page(msgspec.structs.replace(result(), interrupted=True, redacted="people"))
    assert told.gaps[0] == "Unusual DNS: DNS look-ups; log DNS queries"
    assert len(told.gaps) == 2  # what was judged is no gap
    assert told.limits[0] == "The scan was interrupted: this is a part."
    assert "1 source could not be read whole." in told.limits
    assert "1 source could not be read at all." in told.limits
    assert "Assumed: own domain is acme.example (97 % of 1,204)." in told.limits
    assert told.limits[-1].endswith("(people).")


def test_many_incidents_are_cut_and_it_is_said():
    made = above(TOLD + 3)
    told = page(made)
    assert len(told.told) == TOLD
    assert told.more == "3 more incidents of less weight."


def test_calm_is_said_and_never_clean():
    told = page(result([]))
    assert told.told == ()
    assert told.verdict == "Nothing asks for a person in what could be judged"
