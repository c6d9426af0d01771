from __future__ import annotations

import json

import pytest

from tests.unit.cli.conftest import RULE
from trailhound.rules.library import builtin_set

EXAMPLE = """rule: 11111111-1111-4111-8111-111111111111
match:
- {Channel: Security, EventID: 4688, CommandLine: whoami /all}
near_miss:
- {Channel: Security, EventID: 4688, CommandLine: dir}
"""
EVENT = {
    "Channel": "Security",
    "EventID": 4688,
    "SourceName": "Microsoft-Windows-Security-Auditing",
    "Hostname": "pc",
    "EventTime": "2026-01-05T10:00:00Z",
    "CommandLine": "whoami",
}


@pytest.fixture(autouse=True)
def _folders(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def rules(tmp_path):
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "a.yml").write_text(RULE)
    return folder


def test_list(called, rules):
    code, out, _ = called("rules", "list", "--no-default-rules", "--rules", rules)
    assert code == 0
    assert out.splitlines()[-1] == "1 rules"
    assert "Who am I" in out
    empty = called("rules", "list", "--no-default-rules", "--rules", rules, "--product", "aws")
    assert empty[1] == "0 rules\n"


def test_list_as_json(called, rules):
    _, out, _ = called("rules", "list", "--no-default-rules", "--rules", rules, "--format", "json")
    (one,) = json.loads(out)
    assert (one["title"], one["level"], one["where"]) == (
        "Who am I",
        "high",
        "windows/process_creation",
    )


def test_list_ours(called):
    code, out, _ = called("rules", "list", "--level", "critical")
    assert code == 0
    assert all(line.startswith("critical") for line in out.splitlines()[:-1])


def test_check(called, rules):
    code, out, err = called("rules", "check", rules)
    assert (code, out) == (0, "")
    assert err == "1 file, 1 usable rule, 0 errors, 0 warnings\n"
    (rules / "b.yml").write_text("title: 'x\\e[31m'\n")
    code, out, err = called("rules", "check", rules)
    assert code == 2
    assert out.startswith(f"{rules}/b.yml:1: ")
    assert "1 error," in err


def test_check_of_one_file_and_without_warnings(called, rules):
    (rules / "b.yml").write_text(RULE.replace("windows", "abacus").replace("1111", "2222"))
    code, out, _ = called("rules", "check", rules / "b.yml")
    assert code == 0
    assert "warning" in out
    assert called("rules", "check", "--quiet", rules / "b.yml")[1] == ""


def test_our_rules_pass_the_check(called):
    code, out, _ = called("rules", "check", builtin_set().path)
    assert (code, out) == (0, "")


def test_check_of_yara(called, rules):
    (rules / "deep").mkdir()
    (rules / "deep" / "b.yar").write_text("rule a { condition: true }\nrule b { condition: no }\n")
    code, out, err = called("rules", "check", rules)
    assert (code, out) == (2, f"{rules}/deep/b.yar:2: unknown identifier `no`\n")
    assert err == "2 files, 2 usable rules, 1 error, 0 warnings\n"
    assert called("rules", "check", rules / "deep" / "b.yar")[:2] == (code, out)
    assert called("rules", "check", rules / "a.yml")[0] == 0


def test_check_of_all_that_scans_use(called, rules):
    code, out, err = called("rules", "check")
    assert (code, out) == (0, "")
    assert int(err.split()[0]) > 390
    called("rules", "add", rules, "--name", "mine")
    assert int(called("rules", "check")[2].split()[0]) == int(err.split()[0]) + 1


def test_test_of_nothing_is_no_success(called, rules):
    for arguments in ((), (rules,), (rules / "a.yml",)):
        code, out, err = called("rules", "test", *arguments)
        assert (code, out) == (2, "")
        assert "no examples here" in err
        assert "NAME.test.yml" in err


def test_test_with_examples_beside(called, rules):
    (rules / "a.test.yml").write_text(EXAMPLE)
    assert called("rules", "test", rules) == (0, "", "2 examples tried, 0 failed\n")
    assert called("rules", "test", rules / "a.yml")[0] == 0
    (rules / "a.test.yml").write_text(EXAMPLE.replace("dir", "whoami"))
    code, out, _ = called("rules", "test", rules)
    assert code == 1
    assert out == f"{rules}/a.test.yml:1: Who am I: near_miss 1 matches but must not\n"


def test_test_with_a_folder_of_examples(called, rules, tmp_path):
    (tmp_path / "e.yml").write_text(EXAMPLE)
    arguments = ("--no-default-rules", "--rules", rules, "--examples", tmp_path / "e.yml")
    assert called("rules", "test", *arguments)[0] == 0


def test_stats(called, rules, tmp_path):
    (tmp_path / "log.json").write_text(json.dumps(EVENT) + "\n")
    arguments = ("--no-default-rules", "--rules", rules)
    code, out, _ = called("rules", "stats", *arguments, tmp_path / "log.json")
    assert code == 0
    assert "1 of 1 rules (100.0%)" in out
    assert "1 rules match 1 times" in out
    _, out, _ = called("rules", "stats", *arguments, "--format", "json", tmp_path / "log.json")
    data = json.loads(out)
    assert data["rules"] == 1
    assert data["hits"] == {"11111111-1111-4111-8111-111111111111": 1}


def test_explain(called, rules):
    code, out, _ = called("rules", "explain", "--no-default-rules", "--rules", rules, "1111")
    assert code == 0
    assert "CommandLine contains 'whoami'" in out
    code, _, err = called("rules", "explain", "nobody")
    assert code == 2
    assert "no rule here is called" in err


def test_text_of_rules_never_reaches_the_terminal_raw(called, rules):
    (rules / "a.yml").write_text(RULE.replace("Who am I", '"a\\e[31m\\nb"'))
    for command in (["list"], ["explain", "1111"]):
        _, out, _ = called("rules", *command, "--no-default-rules", "--rules", rules)
        assert "\x1b" not in out


def test_add_use_update_and_remove(called, rules):
    code, out, _ = called("rules", "add", rules, "--name", "mine")
    assert code == 0
    assert out.startswith("added: mine, 1 rules, from ")
    assert "Who am I" in called("rules", "list")[1]
    assert called("rules", "update")[1].startswith("updated: mine")
    assert called("rules", "remove", "mine")[0] == 0
    assert "Who am I" not in called("rules", "list")[1]
    code, _, err = called("rules", "remove", "mine")
    assert code == 2
    assert "no rule set is called 'mine'" in err


def test_update_of_nothing(called):
    assert "rules add sigmahq" in called("rules", "update")[1]


def test_plain_http_is_refused(called):
    code, _, err = called("rules", "add", "http://feeds.example/rules.zip")
    assert code == 2
    assert "only https" in err


def test_a_folder_that_cannot_be_made_is_said(called, rules, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "file" / "data"))
    code, _, err = called("rules", "add", rules)
    assert code == 2
    assert "incoming: cannot be made: Not a directory (name a place" in err
