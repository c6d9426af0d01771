from __future__ import annotations

import re
from datetime import UTC

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.results import COMMAND, finding, result
from trailhound.model.entity import Entity, EntityType
from trailhound.model.finding import Evidence, Pointer, Reason
from trailhound.report.html import html_report
from trailhound.report.json_output import json_document, json_lines
from trailhound.report.redact import redacted
from trailhound.report.text import TextReport

KEY = b"k" * 32
NAMES = ("a.meyer", "fin-pc07", "10.1.2.3")


def outputs(made):
    yield b"".join(json_document(made)).decode()
    yield b"".join(json_lines(made)).decode()
    yield b"".join(html_report(made, zone=UTC)).decode()
    yield "\n".join(TextReport(made, everything=True).lines())


def test_nobody_is_named_in_any_output():
    made = redacted(result(), "people", key=KEY)
    for output in outputs(made):
        assert not [name for name in NAMES if name in output.lower()]
        assert "203.0.113" in output


def test_contents_stay_unless_they_are_to_go():
    people, bodies, both = (redacted(result(), w, key=KEY) for w in ("people", "bodies", "all"))
    fields = [one.findings[0].evidence.pointers[0].fields for one in (people, bodies, both)]
    assert fields[0]["CommandLine"].startswith(r"C:\Users\user-")
    assert fields[1]["CommandLine"] == f"[{len(COMMAND)} characters left out]"
    assert fields[1]["SubjectUserName"] == "a.meyer"
    assert fields[2]["CommandLine"] == f"[{len(COMMAND)} characters left out]"
    assert fields[2]["SubjectUserName"].startswith("user-")


def test_bodies_leave_out_reasons_and_quotes():
    output = "".join(outputs(redacted(result(), "bodies", key=KEY)))
    assert "acrne.example/s" not in output
    assert "<b>x</b>" not in output
    assert "bad checksum" in output


def test_all_hides_the_organisation():
    made = redacted(result(tenant="acme", title="ACME case"), "all", key=KEY)
    assert not [out for out in outputs(made) if re.search(r"\bacme\b", out, re.IGNORECASE)]


def test_one_key_gives_one_result_and_another_key_another():
    one = list(outputs(redacted(result(), "people", key=KEY)))
    assert one == list(outputs(redacted(result(), "people", key=KEY)))
    assert one != list(outputs(redacted(result(), "people", key=b"z" * 32)))


def test_identifiers_made_of_names_are_replaced_and_still_agree():
    before, after = result(), redacted(result(), "people", key=KEY)
    assert after.findings[0].id != before.findings[0].id
    assert after.incidents[0].id != before.incidents[0].id
    assert after.incidents[0].findings == (after.findings[0].id,)
    assert after.incidents[0].steps[0].finding == after.findings[0].id
    uids = [one.findings[0].evidence.pointers[0].event_uid for one in (before, after)]
    assert uids[0] != uids[1]


def test_words_of_the_form_stay_whatever_somebody_is_called():
    called = [Entity(EntityType.USER, name) for name in ("high", "evtx", "sigma", "t1003.001")]
    made = redacted(result([finding(entities=tuple(called))]), "people", key=KEY)
    assert made.findings[0].rule is not None
    rule = made.findings[0].rule
    assert rule is not None
    assert rule.level == "high"
    assert made.inputs[0].reader == "evtx"
    assert made.findings[0].techniques == ("T1003.001",)


def test_a_number_that_is_somebody_is_replaced():
    who = (Entity(EntityType.USER, "104233"),)
    one = finding(
        entities=who, because=(Reason("uid", 104233), Reason("rows", 104233, unit="rows"))
    )
    values = [r.value for r in redacted(result([one]), "people", key=KEY).findings[0].because]
    assert str(values[0]).startswith("user-")
    assert values[1] == 104233


def test_the_result_says_that_it_is_redacted_and_the_first_one_is_untouched():
    before = result()
    assert redacted(before, "people", key=KEY).redacted == "people"
    assert before == result()


LETTERS = "bdfgjkqvxz\u00e9\u00f1"
PERSON = st.builds(
    lambda first, mark, last: f"{first}{mark}{last}",
    st.text(LETTERS, min_size=4, max_size=8),
    st.sampled_from([".", "-", "_", " ", ""]),
    st.text(LETTERS, min_size=4, max_size=8),
)

SEPARATOR = st.text("\x1b\n\\/ _.,;:'\"<>@()%-{}\u202e\ud800", min_size=1, max_size=5)


@settings(max_examples=60)
@given(st.lists(PERSON, min_size=1, max_size=4), SEPARATOR, st.booleans())
def test_no_known_name_survives_anywhere(people, noise, upper):
    kinds = (EntityType.USER, EntityType.HOST, EntityType.MAILBOX, EntityType.DEVICE)
    entities = tuple(Entity(kinds[n], name) for n, name in enumerate(people))
    told = noise.join(["", *(name.upper() if upper else name for name in people), ""])
    one = finding(
        title=f"Seen: {told}",
        entities=entities,
        because=(Reason(told, told, "equals", told, text=told),),
        evidence=Evidence(1, 1, 1, (Pointer(f"{told}/x", told, 1, 1, {told: told}),)),
    )
    made = msgspec.structs.replace(result([one]), title=told, not_read=[told])
    for output in outputs(redacted(made, "people", key=KEY)):
        low = output.lower()
        escaped = [name.encode("ascii", "backslashreplace").decode() for name in people]
        assert not [name for name in [*people, *escaped] if name in low]


@pytest.mark.parametrize("text", ["\ud800a.meyer", "a.meyer\x00", "\u202ea.meyer"])
def test_hostile_characters_hide_no_name(text):
    one = finding(title=text)
    for output in outputs(redacted(result([one]), "people", key=KEY)):
        assert "a.meyer" not in output
