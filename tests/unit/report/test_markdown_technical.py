from __future__ import annotations

from datetime import UTC

from tests.results import finding, result
from trailhound.report.markdown_technical import FINDINGS, POINTERS, technical
from trailhound.report.phrases import Moments


def lines(made, shown=()):
    return technical(made, Moments(UTC, made.stats.first, made.stats.last), list(shown))


def test_a_finding_is_told_with_its_reasons_rule_and_records():
    page = "\n".join(lines(result([finding(pointers=POINTERS + 2)])))
    assert "#### LSASS memory read fin-pc07" in page
    assert "CommandLine contains '-u'" in page
    assert "T1003.001 OS Credential Dumping: LSASS Memory" in page
    assert "by J. Roe, DRL-1.1" in page
    assert "Security.evtx \\@ 4096" in page
    assert "2 more events are not shown here." in page
    assert "ip: 203.0.113\\[.\\]20 (source)" in page
    assert "domain: acrne\\[.\\]example (related)" in page


def test_every_chapter_is_there():
    page = lines(result())
    heads = [line for line in page if line.startswith("## ")]
    assert heads == [
        "## What asks for a person", "## The incidents", "## Weak signals", "## Usual here",
        "## What could not be judged", "## Assumed", "## What was read", "## Not read",
        "## Rules that could not be used",
    ]  # fmt: skip


def test_pictures_have_a_chapter_when_there_are_some():
    assert "## When, how and where" in lines(result(), ["x"])


def test_a_long_incident_is_cut_and_it_is_said():
    made = result([finding(f"Rule {n}", number=n) for n in range(FINDINGS + 5)])
    page = lines(made)
    assert len([line for line in page if line.startswith("#### ")]) == FINDINGS
    assert "5 more findings are not shown." in page


def test_calm_is_said():
    assert "Nothing asks for a person in what could be judged." in lines(result([]))
