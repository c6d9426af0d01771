from __future__ import annotations

from datetime import date

from tests.unit.pipeline.small import event, options, write
from trailhound.model.allow import AllowList
from trailhound.pipeline.scan import scan
from trailhound.pipeline.view import assume, tolerate


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
