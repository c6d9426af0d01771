"""Findings of the community's rules in real attacks, and of the demo: every document is valid."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from tests.standards import ocsf_mistakes, sarif_mistakes, stix_mistakes
from trailhound.cli import cli


def run(*arguments):
    done = CliRunner().invoke(cli, list(map(str, arguments)), standalone_mode=False)
    assert done.exception is None, arguments
    return done.stdout


def check(place):
    """Validate what a workspace tells; gives the numbers of findings and of objects of STIX."""
    events = [json.loads(line) for line in told(place, "ocsf").splitlines()]
    assert [m for one in events for m in ocsf_mistakes(one)] == []
    bundle = json.loads(told(place, "stix"))
    assert stix_mistakes(bundle) == []
    assert sarif_mistakes(json.loads(told(place, "sarif"))) == []
    return sum(one["class_uid"] == 2004 for one in events), len(bundle["objects"])


def told(place, form):
    return run("workspace", "report", place, "--format", form)


def scanned(place, *arguments):
    run("workspace", "init", place)
    run("scan", *arguments, "--workspace", place, "-q", "--format", "json", "-o", f"{place}.json")
    return place


@pytest.mark.real
def test_documents_of_real_attacks_are_valid(real_data, tmp_path):
    evidence, rules = real_data / "evtx/attack-samples", real_data / "rules/sigmahq"
    findings, objects = check(scanned(tmp_path / "case", evidence, "--rules", rules))
    assert findings > 300
    assert objects > findings


@pytest.mark.slow
def test_documents_of_the_demo_are_valid(tmp_path):
    run("simulate", "--seed", 1, "--people", 12, "--days", 4, "--out", tmp_path / "week")
    findings, objects = check(scanned(tmp_path / "case", tmp_path / "week/evidence"))
    assert findings > 20
    assert objects > findings
