from __future__ import annotations

import json
import shutil

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


@pytest.fixture
def kept(called, case):
    """Scan into a workspace; gives the finding of the case."""
    called("workspace", "init", "kept")
    out = called("scan", *case, "--workspace", "kept", "--format", "json")[1]
    return json.loads(out)["findings"][0]


def test_a_workspace_shows_the_record_of_the_evidence_while_it_is_there(called, kept):
    out = called("show", kept["id"], "evidence", "--workspace", "kept")[1]
    assert "raw, from the evidence: 2026-11-04T08:12:00" in " ".join(out.split())
    assert "kept in the workspace" not in out


@pytest.mark.parametrize("paths", [["evidence"], []])
def test_a_workspace_shows_the_kept_record_when_the_evidence_has_gone(called, kept, paths):
    shutil.rmtree("evidence")
    code, out, _ = called("show", kept["id"], *paths, "--workspace", "kept")
    assert code == 0
    assert "raw, kept in the workspace: 2026-11-04T08:12:00" in " ".join(out.split())
    event = kept["evidence"]["pointers"][0]["event_uid"]
    out = called("show", event, *paths, "--workspace", "kept")[1]
    assert "raw, kept in the workspace: 2026-11-04T08:12:00" in " ".join(out.split())


def test_a_record_that_was_changed_since_comes_from_the_workspace(called, kept, tmp_path):
    (tmp_path / "evidence/auth.log").write_text("nothing here any more\n")
    out = called("show", kept["id"], "evidence", "--workspace", "kept")[1]
    assert "raw, kept in the workspace: 2026-11-04T08:12:00" in " ".join(out.split())


def test_a_record_that_was_cut_is_said_to_be(called, case, tmp_path):
    log = tmp_path / "evidence/auth.log"
    log.write_text(log.read_text().replace("ssh2", "ssh2 " + "x" * 6000, 1))
    called("workspace", "init", "kept")
    out = called("scan", *case, "--workspace", "kept", "--format", "json")[1]
    shown = called("show", json.loads(out)["findings"][0]["id"], "--workspace", "kept")[1]
    assert "raw, kept in the workspace, cut from 6,1" in " ".join(shown.split())


def test_what_is_hidden_or_lowered_is_shown_too(called, kept, case, tmp_path):
    allow = tmp_path / "allow.toml"
    allow.write_text(
        "[[allow]]\nauthor = 'a'\nreason = 'r'\ncreated = 2026-11-04\nexpires = 2027-11-01\n"
        "entity = 'a.meyer'\n"
    )
    assert called("show", kept["id"], *case, "--allow", "allow.toml")[0] == 0
    (tmp_path / "org.toml").write_text(
        "[changes]\nwindows = ['2026-11-01T00:00Z/2026-11-09T00:00Z']"
    )
    out = called("show", kept["id"], *case, "--org", "org.toml")[1]
    assert f"Finding {kept['id']}  HIGH" in out


def test_missing_paths_are_wrong_usage_without_a_workspace(called):
    code, _, err = called("show", "abcdef", "gone")
    assert code == 2
    assert "no such file or folder" in err
