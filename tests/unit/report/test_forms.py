from __future__ import annotations

from zoneinfo import ZoneInfo

import orjson
import pytest

from tests.results import result
from trailhound.report.forms import (
    AUDIENCES,
    FOR_AN_AUDIENCE,
    FOR_PROGRAMS,
    FORMS,
    Look,
    beside,
    rendered,
)


def written(form, **look):
    return b"".join(rendered(form, result(), Look(**look)))


@pytest.mark.parametrize("form", FORMS)
def test_every_form_writes_valid_text_and_the_same_each_time(form):
    assert written(form).decode("utf-8")
    assert written(form) == written(form)


@pytest.mark.parametrize("form", FOR_PROGRAMS)
def test_forms_for_programs_do_not_depend_on_how_somebody_looks(form):
    other = Look(zone=ZoneInfo("Asia/Tokyo"), colour=True, everything=True, audience="executive")
    assert b"".join(rendered(form, result(), other)) == written(form)


@pytest.mark.parametrize("form", [form for form in FOR_PROGRAMS if form != "csv"])
def test_forms_for_programs_are_json(form):
    text = written(form)
    documents = [text] if text.startswith(b"{\n") else text.splitlines()
    assert all(isinstance(orjson.loads(one), dict) for one in documents)


@pytest.mark.parametrize("form", FOR_AN_AUDIENCE)
def test_audiences_read_different_things(form):
    technical, executive = (written(form, audience=one) for one in AUDIENCES)
    assert len(executive) < len(technical)
    assert b"CommandLine" in technical
    assert b"CommandLine" not in executive


def test_only_markdown_in_a_file_has_files_beside_it():
    assert [name for name, _ in beside("md", result(), Look(stem="r"))] == [
        "r-timeline.svg", "r-hours.svg", "r-attack.svg", "r-hosts.svg"
    ]  # fmt: skip
    assert list(beside("md", result(), Look())) == []
    assert list(beside("html", result(), Look(stem="r"))) == []
