from __future__ import annotations

import copy

import msgspec
import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from tests.results import everywhere, finding, result, results
from tests.schemas import NAMES, mistakes, schema
from trailhound.model.finding import Reason, RuleInfo
from trailhound.report.document import document, records

HOSTILE = ("\ud800\udfff", "a\x00b\x1b[2J", "\u202egpj.exe", '"}{"', "x" * 5_000)


@pytest.mark.parametrize("name", NAMES)
def test_the_schema_is_one_and_describes_every_field(name):
    Draft202012Validator.check_schema(schema(name))
    assert not [path for path, part in properties(schema(name)) if not described(part)]


def properties(part, path=""):
    """Give every property of a schema with its place."""
    for name, inner in part.get("properties", {}).items():
        if name != "record":
            yield f"{path}/{name}", inner
        yield from properties(inner, f"{path}/{name}")
    for name, inner in part.get("$defs", {}).items():
        yield from properties(inner, name)
    if isinstance(part.get("items"), dict):
        yield from properties(part["items"], path)


def described(part):
    """Tell whether a property says what it is, itself or where it refers to."""
    return any(key in part for key in ("description", "$ref", "const"))


@pytest.mark.parametrize("made", [result(), result([]), result([finding(rule=None, time=None)])])
def test_a_result_is_what_the_schema_says(made):
    assert not mistakes("result-1", document(made))
    assert not [m for record in records(made) for m in mistakes("record-1", record)]


@settings(max_examples=40)
@given(results())
def test_any_result_is_what_the_schema_says(made):
    assert not mistakes("result-1", document(made))
    assert not [m for record in records(made) for m in mistakes("record-1", record)]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_changes_no_form(text):
    made = everywhere(text)
    made.inputs[0].status = "read"
    assert not mistakes("result-1", document(made))
    assert not [m for record in records(made) for m in mistakes("record-1", record)]


@pytest.mark.parametrize(
    "place", [(), ("findings", 0), ("incidents", 0), ("stats",), ("inputs", 0)]
)
def test_the_schema_notices_what_is_not_in_it_and_what_is_missing(place):
    for change in ("more", "less"):
        wrong = copy.deepcopy(document(result()))
        part = wrong
        for step in place:
            part = part[step]
        if change == "more":
            part["surprise"] = 1
        else:
            del part[next(iter(part))]
        assert mistakes("result-1", wrong)


def test_records_name_their_kind_and_the_last_one_says_it_is_whole():
    kinds = [record["record"] for record in records(result())]
    assert kinds[-1] == "stats"
    assert set(kinds) == {
        "input", "incident", "finding", "folded", "not_judged", "assumed", "not_read",
        "rule_skipped", "stats",
    }  # fmt: skip


def test_a_rule_has_every_field_also_the_empty_ones():
    bare = finding(rule=RuleInfo("sigma", "1", "t"))
    assert document(result([bare]))["findings"][0]["rule"]["author"] == ""


def test_a_number_that_json_cannot_write_is_null():
    odd = finding(because=(Reason("rate", float("nan"), expected=float("inf")),))
    reason = document(result([odd]))["findings"][0]["because"][0]
    assert reason["value"] is None
    assert reason["expected"] is None


def test_what_is_partial_or_redacted_says_so():
    made = msgspec.structs.replace(result(), interrupted=True, redacted="all")
    assert document(made)["interrupted"] is True
    assert document(made)["redacted"] == "all"
    assert document(result())["redacted"] is None
