from __future__ import annotations

import shlex

import pytest

from tests.results import finding, result
from trailhound.model.entity import Entity, EntityType, Role
from trailhound.model.errors import ConfigError, UsageError
from trailhound.model.finding import (
    Detector,
    DetectorKind,
    Evidence,
    Finding,
    Nature,
    Severity,
)
from trailhound.store.workspace import Workspace


@pytest.fixture
def judged(filled):
    def finding(number):
        return Finding(
            id=f"f{number}",
            time=1,
            title="Port scan\x1b[31m",
            severity=Severity.HIGH,
            nature=Nature.IOA,
            confidence=0.5,
            detector=Detector(DetectorKind.RULE, f"scan:{number % 2}"),
            entities=(Entity(EntityType.IP, "203.0.113.20", Role.SOURCE),),
            evidence=Evidence(1, 1, 1, ()),
            because=(),
        )

    with Workspace.open(filled, write=True) as workspace, workspace.transaction() as tx:
        tx.upsert_findings([finding(n) for n in range(14)], run=1)
    return filled


def test_add_list_and_test(run, judged):
    given = ["--workspace", judged, "--reason", "our scanner", "--author", "b.lind"]
    added = run("allow", "add", "--source", "203.0.113.*", "--detector", "scan:1", *given)
    assert added.exit_code == 0, added.exception
    again = run("allow", "add", "--source", "203.0.113.*", "--detector", "scan:1", *given)
    assert "is there" in again.stdout
    shown = run("allow", "list", "--workspace", judged).stdout
    assert "detector scan:1, source 203.0.113.*" in shown
    assert "b.lind: our scanner" in shown
    tried = run("allow", "test", "--workspace", judged).stdout.splitlines()
    assert tried[0].endswith("hides 7 of 14 findings")
    assert tried[1] == r"  high     f1  Port scan\x1b[31m"
    assert tried[-1] == "  and 2 more"


def test_expired_entries_are_listed(run, tmp_path):
    assert "nothing is tolerated" in run("allow", "list").stdout
    (tmp_path / "allow.toml").write_text(
        '[[allow]]\nentity = "x"\nauthor = "a"\nreason = "r"\n'
        "created = 2020-01-01\nexpires = 2020-12-01\n"
    )
    assert run("allow", "list").stdout.startswith("EXPIRED ")


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        (["add", "--reason", "r"], UsageError),
        (["add", "--reason", "r", "--entity", "x", "--days", "366"], UsageError),
        (["test"], UsageError),
        (["list", "--file", "a.toml", "--workspace", "case"], UsageError),
    ],
)
def test_what_is_not_narrow_or_mortal_is_refused(run, arguments, kind):
    assert isinstance(run("allow", *arguments).exception, kind)


def test_a_mistake_in_the_file_is_said(run, tmp_path):
    (tmp_path / "allow.toml").write_text("[[alow]]\n")
    assert isinstance(run("allow", "list").exception, ConfigError)


def test_without_entries_nothing_would_be_hidden(run, judged):
    assert "nothing would be hidden" in run("allow", "test", "--workspace", judged).stdout


def test_the_command_that_a_report_proposes_works(run, tmp_path):
    wide = [
        finding("Odd", number=n, severity=Severity.LOW, host=f"h{n}", user=f"u{n}")
        for n in range(1, 9)
    ]
    proposed = shlex.split(result(wide).folded[0].allow)
    added = run(*proposed[1:], "--file", tmp_path / "allow.toml")
    assert added.exit_code == 0, added.output
    assert "rule-Odd" in (tmp_path / "allow.toml").read_text()
