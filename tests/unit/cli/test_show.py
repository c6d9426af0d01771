from __future__ import annotations

import json


def shown(run, where, identity):
    rules = ("--rules", where / "rule.yml", "--no-default-rules", "--jobs", "1")
    return run("show", identity, where / "logs", *rules)


def test_from_an_incident_to_the_raw_record(run, scan, place):
    result = json.loads(scan("--format", "json").stdout)
    incident, finding = result["incidents"][0], result["findings"][0]
    assert "Do now:" in shown(run, place, incident["id"]).stdout
    text = shown(run, place, finding["id"][:8]).stdout
    assert "Because:" in text
    assert '"CommandLine": "whoami"' in text


def test_an_unknown_id_says_what_to_do(run, place):
    result = shown(run, place, "ffff0000")
    assert "nothing here is called" in str(result.exception or result.output)
