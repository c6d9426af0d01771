"""What a workspace keeps, in every form."""

from __future__ import annotations

import json

import pytest

from tests.standards import ocsf_mistakes, stix_mistakes
from trailhound.report.forms import FORMS


@pytest.fixture
def kept(called, case):
    called("workspace", "init", "kept")
    assert called("scan", *case, "--workspace", "kept")[0] == 1
    return "kept"


def test_every_form_tells_the_stored_findings(called, kept):
    for form in FORMS:
        code, out, err = called("workspace", "report", kept, "--format", form)
        assert (code, err) == (0, "")
        assert ("T1078" if form == "navigator" else "Password log-in from outside") in out


def test_documents_are_valid_and_those_of_the_scan(called, case, kept):
    def scanned(form):
        return called("scan", *case, "--format", form)[1]

    def stored(form):
        return called("workspace", "report", kept, "--format", form)[1]

    assert stored("csv") == scanned("csv")
    assert stored("stix") == scanned("stix")
    assert [
        m for line in stored("ocsf").splitlines() for m in ocsf_mistakes(json.loads(line))
    ] == []
    assert stix_mistakes(json.loads(stored("stix"))) == []


def test_the_period_and_the_number_of_events_are_those_of_the_workspace(called, kept):
    _, out, _ = called("workspace", "report", kept, "--format", "md", "--audience", "executive")
    assert "- Period: 4 Nov 2026 (UTC)" in out
    assert "- Evidence: 1 source, 2 events" in out


def test_no_form_tells_what_is_redacted(called, kept, tmp_path):
    for form in FORMS:
        out = called("workspace", "report", kept, "--format", form, "--redact", "people")[1]
        assert "meyer" not in out
    _, _, err = called("workspace", "report", kept, "--format", "md", "-o", "r.md")
    assert "written: r-hosts.svg" in err
    assert "meyer" in (tmp_path / "r.md").read_text("utf-8")


def test_no_workspace_is_said(called, tmp_path):
    (tmp_path / "empty").mkdir()
    code, out, err = called("workspace", "report", "empty")
    assert (code, out) == (2, "")
    assert "empty" in err
