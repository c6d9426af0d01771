from __future__ import annotations

import json

import pytest


@pytest.fixture
def found(called, case):
    return json.loads(called("scan", *case, "--format", "json")[1])


def test_an_incident_is_shown_by_the_start_of_its_id(called, case, found):
    code, out, _ = called("show", found["incidents"][0]["id"][:6], *case)
    assert code == 0
    assert out.startswith("Incident ")
    assert "Password log-in from outside" in out


def test_a_finding_is_shown_with_the_raw_record(called, case, found):
    code, out, _ = called("show", found["findings"][0]["id"], *case)
    assert code == 0
    assert "raw: 2026-11-04T08:12:00.000000+00:00 web1 sshd[101]" in out
    assert "by J. Roe" in out
    assert "raw: " not in called("show", found["findings"][0]["id"], *case, "--records", "0")[1]


def test_a_record_is_shown_by_the_id_of_its_event(called, case, found):
    pointer = found["findings"][0]["evidence"]["pointers"][0]
    out = called("show", pointer["event_uid"], *case)[1]
    assert f"{pointer['source']} @ {pointer['offset']}" in out


@pytest.mark.parametrize(
    ("identity", "told"), [("ffffzz", "nothing here is called"), ("", "too short"), ("a", "short")]
)
def test_an_unknown_id_says_what_to_do(called, case, identity, told):
    code, out, err = called("show", identity, *case)
    assert (code, out) == (2, "")
    assert told in err


def test_paths_are_needed(called):
    code, _, err = called("show", "abcdef")
    assert code == 2
    assert "show needs the paths that were scanned" in err


def test_a_workspace_answers_too(called, case, tmp_path):
    called("workspace", "init", "kept")
    scanned = called("scan", *case, "--workspace", "kept", "--format", "json")[1]
    identity = json.loads(scanned)["findings"][0]["id"]
    code, out, _ = called("show", identity, "--workspace", "kept")
    assert code == 0
    assert "Password log-in from outside" in out
