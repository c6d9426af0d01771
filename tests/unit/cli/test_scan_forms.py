"""Every form, written by the command as somebody would call it."""

from __future__ import annotations

import json

import pytest

from tests.drawings import parsed
from tests.standards import ocsf_mistakes, sarif_mistakes, stix_mistakes


@pytest.mark.parametrize("form", ["csv", "ecs", "timesketch"])
def test_a_form_is_written_whole(called, case, tmp_path, form):
    code, out, err = called("scan", *case, "--format", form, "-o", "out")
    assert (code, out) == (1, "")
    assert err.endswith("written: out\n")
    assert "Password log-in from outside" in (tmp_path / "out").read_text("utf-8")


def test_documents_of_a_scan_are_valid(called, case):
    lines = called("scan", *case, "--format", "ocsf")[1].splitlines()
    assert [m for line in lines for m in ocsf_mistakes(json.loads(line))] == []
    assert stix_mistakes(json.loads(called("scan", *case, "--format", "stix")[1])) == []
    assert sarif_mistakes(json.loads(called("scan", *case, "--format", "sarif")[1])) == []


def test_markdown_has_its_pictures_beside_it(called, case, tmp_path):
    (tmp_path / "out").mkdir()
    _, _, err = called("scan", *case, "--format", "md", "-o", "out/case.md")
    names = [path.name for path in sorted((tmp_path / "out").iterdir())]
    assert names == ["case-attack.svg", "case-hosts.svg", "case-hours.svg", "case-timeline.svg",
                     "case.md"]  # fmt: skip
    page = (tmp_path / "out/case.md").read_text("utf-8")
    for name in names[:-1]:
        assert f"]({name})" in page
        assert f"written: out/{name}" in err
        parsed((tmp_path / "out" / name).read_text("utf-8"))


def test_markdown_on_standard_output_writes_no_file(called, case, tmp_path):
    before = set(tmp_path.iterdir())
    _, out, _ = called("scan", *case, "--format", "md")
    assert out.startswith("# evidence\n")
    assert ".svg" not in out
    assert set(tmp_path.iterdir()) == before


@pytest.mark.parametrize("form", ["md", "html"])
def test_those_who_decide_get_a_short_form(called, case, form):
    whole = called("scan", *case, "--format", form)[1]
    short = called("scan", *case, "--format", form, "--audience", "executive")[1]
    assert "auth.log" in whole
    assert "auth.log" not in short
    assert "Password log-in from outside" in short


def test_an_audience_is_for_forms_that_have_one(called, case):
    code, out, err = called("scan", *case, "--format", "csv", "--audience", "executive")
    assert (code, out) == (2, "")
    assert "--audience is for --format md and html" in err
