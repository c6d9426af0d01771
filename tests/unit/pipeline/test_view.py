from __future__ import annotations

from datetime import date

import msgspec
import pytest

from tests.unit.pipeline.small import event, options, write
from trailhound.model.allow import AllowList
from trailhound.model.finding import Severity
from trailhound.pipeline.scan import scan
from trailhound.pipeline.view import FEW, assume, tolerate, viewed


class Hides(AllowList):
    def __init__(self, hidden):
        super().__init__((), date(2026, 11, 4))
        self.hidden = hidden

    def match(self, finding):
        return "entry" if finding.id in self.hidden else None


def result_of(tmp_path):
    write(tmp_path / "logs" / "a.json", [event(1), event(2, host="PC2")])
    return scan([tmp_path / "logs"], options(tmp_path))


def test_what_is_tolerated_is_hidden_and_counted(tmp_path):
    result = result_of(tmp_path)
    seen = tolerate(result, Hides({result.findings[0].id}))
    assert len(seen.findings) == len(result.findings) - 1
    assert seen.stats.hidden == 1
    assert len(result.findings) == 2


def test_nothing_hidden_changes_nothing(tmp_path):
    result = result_of(tmp_path)
    assert tolerate(result, Hides(set())) is result


def test_without_tables_nothing_is_assumed(tmp_path):
    result = result_of(tmp_path)
    assume(result, tmp_path / "rules")
    assert result.assumed == []


def test_incidents_do_not_hold_what_is_hidden(tmp_path):
    result = result_of(tmp_path)
    seen = tolerate(result, Hides({one.id for one in result.findings}))
    assert result.incidents
    assert (seen.findings, seen.incidents) == ([], [])


@pytest.fixture
def tabled(tmp_path):
    """Eight commands by the service account of a backup, in tables."""
    many = [event(n, minute=n) | {"SubjectUserName": "svc-backup@acme.example"} for n in range(8)]
    write(tmp_path / "logs" / "a.json", many)
    (tmp_path / "tables").mkdir()
    asked = options(tmp_path, segments=str(tmp_path / "tables"))
    return scan([tmp_path / "logs"], msgspec.structs.replace(asked, tables=True))


def test_what_the_tables_show_is_assumed_with_its_reason(tabled, tmp_path):
    assume(tabled, tmp_path / "tables")
    told = {one.what: one for one in tabled.assumed}
    assert told["own domain"].value == "acme.example"
    assert told["own domain"].why == "100% of 8 account names"
    assert told["service account"].value == "svc-backup@acme.example"
    assert len(tabled.assumed) <= FEW


def test_tables_that_cannot_be_asked_assume_nothing(tabled, tmp_path):
    for path in (tmp_path / "tables").iterdir():
        path.write_bytes(b"PAR1 not really")
    assume(tabled, tmp_path / "tables")
    assert tabled.assumed == []


def test_what_org_toml_and_allow_toml_say_is_applied(tmp_path):
    result = result_of(tmp_path)
    org, allow = tmp_path / "org.toml", tmp_path / "allow.toml"
    assert viewed(result, None, None) is result
    assert viewed(result, org, allow) is result
    org.write_text("[accounts]\nadministrators = ['a.meyer']\n")
    seen = viewed(result, org, None)
    assert {one.severity for one in seen.findings} == {Severity.MEDIUM}
    allow.write_text(
        "[[allow]]\nauthor = 'a'\nreason = 'r'\ncreated = 2026-11-04\nexpires = 2027-11-01\n"
        "entity = 'PC2'\n"
    )
    assert len(viewed(result, org, allow).findings) == 1
    assert {one.severity for one in result.findings} == {Severity.HIGH}
