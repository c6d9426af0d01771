from __future__ import annotations

import json
import os
import resource
import signal
import sys
from pathlib import Path

import pytest

from tests.pages import Page
from tests.results import finding, result
from tests.schemas import mistakes
from trailhound.cli.scan import exit_code
from trailhound.model.finding import Severity
from trailhound.model.result import InputReport


def test_findings_are_told_and_give_1(called, case):
    code, out, err = called("scan", *case)
    assert code == 1
    assert "[1] HIGH 45  Password log-in from outside on web1 (a.meyer)" in out
    assert "Wed 4 Nov 08:12 . a.meyer, web1 . from 203.0.113[.]20" in out
    assert "Could be wrong if: a person on a journey" in out.replace("A person", "a person")
    assert not err


def test_nothing_at_or_above_the_limit_gives_0(called, case):
    assert called("scan", *case, "--fail-on", "critical")[0] == 0
    assert called("scan", *case, "--fail-on", "high")[0] == 1


def test_lost_evidence_gives_3_when_nothing_was_found(called, case, tmp_path):
    (tmp_path / "evidence/cut.evtx").write_bytes(b"ElfFile\x00" + b"\x00" * 100)
    code, out, _ = called("scan", *case, "--fail-on", "critical")
    assert code == 3
    assert "incomplete" in out
    assert called("scan", *case)[0] == 1


def test_unknown_formats_are_said_and_are_evidence_only_when_strict(called, case, tmp_path):
    (tmp_path / "evidence/notes.txt").write_text("just words\n")
    code, out, _ = called("scan", *case, "--fail-on", "critical")
    assert code == 0
    assert "1 of unknown format" in out
    assert called("scan", *case, "--fail-on", "critical", "--strict")[0] == 3


def test_an_empty_folder_is_no_clean_result(called, tmp_path):
    (tmp_path / "empty").mkdir()
    code, out, _ = called("scan", "empty", "--jobs", "1", "-q")
    assert code == 0
    assert "no evidence here: nothing was judged" in out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nowhere"], "nowhere: no such file or folder"),
        (["evidence", "--bogus"], "--bogus"),
        (["evidence", "--job", "1"], "--jobs"),
        (["evidence", "--format", "pdf"], "'pdf' is not one of"),
        (["evidence", "--fail-on", "bad"], "'bad' is not one of"),
        (["evidence", "--tz", "Mars/Base"], "unknown zone 'Mars/Base'"),
        (["evidence", "--since", "lately"], "--since: 'lately' is no time"),
        (["evidence", "--zone", "Berlin"], "has no '='"),
        ([""], "the path is empty"),
        (["evidence", "--rules", ""], "the path is empty"),
        (["evidence", "--rules", "ru\udcffles"], "the name is not text"),
        (["evidence", "--since", "2026-11-05", "--until", "2026-11-04"], "is after --until"),
        (["evidence", "--only", "behaviours"], "'behaviours' is not 'rules'"),
        (["evidence", "--redact-key", "k"], "--redact-key without --redact"),
        (["evidence", "--redact", "people", "--redact-key", "k"], "cannot read the key k"),
        (["evidence", "-o", "nowhere/out.txt"], "cannot write nowhere/out.txt"),
        ([], "Missing argument"),
    ],
)
def test_wrong_usage_gives_2_and_says_what_is_wrong(called, case, arguments, told):
    code, out, err = called("scan", *arguments)
    assert code == 2
    assert told in err
    assert not out


def test_json_is_what_the_schema_says(called, case, tmp_path):
    hostile = (
        b"2026-11-04T08:14:00Z web1 sshd[9]: Accepted password for x\xff\x1b[31m from 203.0.113.9\n"
    )
    (tmp_path / "evidence/auth.log").write_bytes(hostile)
    (tmp_path / os.fsdecode(b"evidence/na\xffme.log")).write_bytes(hostile)
    document = json.loads(called("scan", *case, "--format", "json")[1])
    assert not mistakes("result-1", document)
    assert [one["source"] for one in document["inputs"]] == [
        "evidence/auth.log", r"evidence/na\xffme.log"
    ]  # fmt: skip
    lines = called("scan", *case, "--format", "jsonl")[1].splitlines()
    assert not [m for line in lines for m in mistakes("record-1", json.loads(line))]
    assert json.loads(lines[-1])["record"] == "stats"


def test_html_goes_to_a_file_that_appears_whole(called, case, tmp_path):
    code, out, err = called("scan", *case, "--format", "html", "-o", "report.html")
    assert (code, out) == (1, "")
    assert "written: report.html" in err
    assert "Password log-in from outside" in Page((tmp_path / "report.html").read_text()).text
    assert not list(tmp_path.glob(".*.part"))


@pytest.mark.parametrize("error", [RuntimeError("x"), OSError(28, "No space left on device")])
def test_a_report_that_fails_leaves_the_old_file(called, case, tmp_path, monkeypatch, error):
    def failing(*_, **__):
        yield b"half"
        raise error

    monkeypatch.setattr("trailhound.report.html.html_report", failing)
    (tmp_path / "report.html").write_text("old")
    code, _, err = called("scan", *case, "--format", "html", "-o", "report.html")
    assert code == (2 if isinstance(error, OSError) else 4)
    assert "Traceback" not in err
    assert (tmp_path / "report.html").read_text() == "old"
    assert not list(tmp_path.glob(".*.part"))


def test_text_to_a_file_has_no_colour(called, case, tmp_path):
    called("scan", *case, "-o", "report.txt")
    assert "\x1b" not in (tmp_path / "report.txt").read_text()


def test_a_terminal_gets_colour_unless_it_asks_for_none(called, case, monkeypatch):
    monkeypatch.setattr(type(sys.stdout), "isatty", lambda _: True, raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[31m[1] HIGH" in called("scan", *case)[1]
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in called("scan", *case)[1]


def test_all_and_the_zone_change_what_is_shown(called, case):
    assert "09:12" in called("scan", *case, "--tz", "Europe/Berlin")[1]
    assert "log" in called("scan", *case, "--all")[1].partition("Not judged: ")[2]


def test_since_and_until_limit_what_is_judged(called, case):
    assert called("scan", *case, "--since", "2026-11-04T08:12:30")[0] == 0
    assert called("scan", *case, "--until", "2026-11-04")[0] == 0
    assert called("scan", *case, "--since", "2026-11-04", "--until", "2026-11-05")[0] == 1


def test_what_org_toml_explains_is_lower_and_said(called, case, tmp_path):
    rule = tmp_path / "rules/login.yml"
    rule.write_text(rule.read_text().replace("initial-access", "discovery"))
    org = tmp_path / "org.toml"
    org.write_text("[accounts]\nadministrators = ['a.meyer']\n")
    assert called("scan", *case, "--org", "org.toml", "--fail-on", "high")[0] == 0
    made = json.loads(called("scan", *case, "--org", "org.toml", "--format", "json")[1])
    assert made["findings"][0]["severity"] == "medium"
    assert made["assumed"] == [
        {
            "what": "administrator",
            "value": "a.meyer",
            "why": "org.toml, accounts.administrators: 1 finding lowered",
        }
    ]


def test_a_mistake_in_org_toml_is_told_before_the_work(called, case, tmp_path, monkeypatch):
    def worked(*_args, **_more):
        raise AssertionError

    monkeypatch.setattr("trailhound.pipeline.scan.scan", worked)
    (tmp_path / "org.toml").write_text("[accounts]\nadmins = []\n")
    code, _, err = called("scan", *case, "--org", "org.toml")
    assert code == 2
    assert "org.toml:2" in err


def test_a_key_makes_the_same_pseudonyms_again(called, case, tmp_path):
    (tmp_path / "key").write_bytes(b"k" * 32)
    keyed = [*case, "--redact", "people", "--redact-key", "key"]
    first, again = (called("scan", *keyed)[1] for _ in range(2))
    assert first == again
    assert "a.meyer" not in first
    assert "web1" not in first
    other = called("scan", *case, "--redact", "people")[1]
    assert other != first
    assert "a.meyer" not in other


def test_what_was_found_beats_what_was_lost():
    lost = InputReport("x", "", 0, incomplete=True)
    assert exit_code(result([finding(severity=Severity.HIGH)], inputs=[lost]), "medium") == 1
    assert exit_code(result([], inputs=[lost]), "medium") == 3
    assert exit_code(result([], inputs=[]), "medium") == 0
    assert exit_code(result([], inputs=[], interrupted=True), "medium") == 130
    assert exit_code(result([], inputs=[], tables_lost="full"), "medium") == 3
    assert exit_code(result([], inputs=[], not_read=["x"]), "medium", strict=True) == 3


def test_a_finding_that_only_supports_counts_as_low_at_most():
    made = result([finding(severity=Severity.CRITICAL, supporting=True)], inputs=[])
    assert exit_code(made, "medium") == 0
    assert exit_code(made, "low") == 1
    hint = result([finding(severity=Severity.INFORMATIONAL, supporting=True)], inputs=[])
    assert exit_code(hint, "low") == 0
    assert exit_code(hint, "informational") == 1


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_path_that_cannot_be_looked_at_is_refused_evidence_and_the_rest_is_read(
    called, case, jobs
):
    hidden = "x" * 300
    code, out, _ = called("scan", hidden, *case, "--jobs", jobs, "--format", "json")
    assert code == 1
    named = {one["source"]: one for one in json.loads(out)["inputs"]}
    assert named[hidden]["status"] == "refused"
    assert named["evidence/auth.log"]["events"] == 2
    assert called("scan", hidden, *case, "--fail-on", "critical")[0] == 3


def test_an_interrupted_scan_says_that_it_is_a_part(called, case, monkeypatch):
    part = result([], inputs=[], interrupted=True)
    monkeypatch.setattr("trailhound.pipeline.scan.scan", lambda *_: part)
    code, out, err = called("scan", *case)
    assert code == 130
    assert "INTERRUPTED, this is a part" in out
    assert "no evidence here" not in out
    assert err.startswith("interrupted: ")


@pytest.mark.skipif(os.name == "nt", reason="no named pipes in folders")
def test_output_to_a_link_or_a_pipe_leaves_it_what_it_is(called, case, tmp_path):
    (tmp_path / "link.txt").symlink_to(tmp_path / "real.txt")
    called("scan", *case, "-o", "link.txt")
    assert (tmp_path / "link.txt").is_symlink()
    assert "Password log-in" in (tmp_path / "real.txt").read_text()
    os.mkfifo(tmp_path / "pipe")
    reading = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    called("scan", *case, "-o", "pipe")
    assert "Password log-in" in os.read(reading, 65_536).decode()
    os.close(reading)
    assert (tmp_path / "pipe").is_fifo()


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.skipif(not hasattr(signal, "SIGXFSZ"), reason="no limit of file sizes")
def test_a_full_temporary_folder_costs_tables_only_and_is_said(program, case, tmp_path, jobs):
    (tmp_path / "evidence/b.log").write_text((tmp_path / "evidence/auth.log").read_text() * 2)

    def small() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024))

    quiet = program("scan", *case, "--fail-on", "critical", "--jobs", jobs, preexec_fn=small)
    assert quiet.returncode == 3
    assert "Password log-in from outside" in quiet.stdout
    assert "Not read: tables of events: no room to write them" in quiet.stdout
    assert "no room for the tables of events: File too large (make room there" in quiet.stderr
    assert "Traceback" not in quiet.stderr
    assert program("sql", "select 1", "evidence", preexec_fn=small).returncode == 3


@pytest.mark.parametrize("form", ["text", "json", "html"])
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_full_standard_output_is_said(program, case, form):
    with Path("/dev/full").open("wb") as full:
        ended = program("scan", *case, "--format", form, stdout=full)
    assert ended.returncode == 2
    assert ended.stderr == "trailhound: standard output: No space left on device\n"


def test_any_command_says_that_its_output_takes_no_more(program):
    with Path("/dev/full").open("wb") as full:
        ended = program("rules", "list", stdout=full)
    assert ended.returncode == 2
    assert ended.stderr == "trailhound: cannot write: No space left on device\n"


@pytest.mark.skipif(not Path("/proc/1/task/1/children").exists(), reason="no list of children")
def test_ctrl_c_while_workers_start_is_said_and_gives_130(program, case, tmp_path):
    lines = (tmp_path / "evidence/auth.log").read_text() * 100_000
    for number in range(2):
        (tmp_path / f"evidence/{number}.log").write_text(lines.replace("web1", f"web{number}"))
    ended = program("scan", *case, "--jobs", "2", interrupt=True)
    assert ended.returncode == 130
    assert "interrupted" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "INTERRUPTED" in ended.stdout or not ended.stdout
