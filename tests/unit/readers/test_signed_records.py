from __future__ import annotations

import json

from trailhound.model.limits import Budget
from trailhound.readers.signatures import head_signature
from trailhound.readers.signed_records import members_of, signature_of, signed_records

OKTA = {"uuid": "o1", "published": "2026-11-04T08:13:00Z", "eventType": "x", "outcome": {}}
SIGNATURE = head_signature(json.dumps(OKTA).encode())


def divided(*records, expected=None):
    raws = [r if isinstance(r, bytes) else json.dumps(r).encode() for r in records]
    budget = Budget()
    groups = signed_records(raws, list(range(len(raws))), expected, budget)
    found = {
        signature.kind if signature else "": [(o, json.loads(bytes(p))) for o, p in zip(
            part.offsets, part.payloads, strict=True)]
        for signature, part in groups.items()
    }  # fmt: skip
    return found, budget


def test_bare_and_wrapped_records():
    found, budget = divided(OKTA, {"n": 1, "log": OKTA}, {"message": json.dumps(OKTA)})
    assert found == {"okta.system": [(0, OKTA), (1, OKTA), (2, OKTA)]}
    assert budget.parsed_bytes > 3 * 80


def test_a_list_of_records_in_one_line():
    found, _ = divided({"records": [OKTA, {"colour": "red"}, OKTA]})
    assert found == {"okta.system": [(0, OKTA), (0, OKTA)], "": [(0, {"colour": "red"})]}


def test_what_has_no_kind_comes_out_of_its_wrapper():
    found, _ = divided({"log": {"colour": "red"}}, {"timestamp": 1, "message": '{"colour":1}'})
    assert found == {"": [(0, {"colour": "red"}), (1, {"timestamp": 1, "message": '{"colour":1}'})]}


def test_part_of_the_expected_kind_is_of_it():
    found, _ = divided({"eventType": "y"}, {"log": {"eventType": "z"}}, expected=SIGNATURE)
    assert found == {"okta.system": [(0, {"eventType": "y"}), (1, {"eventType": "z"})]}


def test_damage_is_said():
    found, budget = divided(OKTA, b'{"eventType":')
    assert list(found) == ["okta.system"]
    assert budget.oddities.counts == {"json.syntax": 1}


def test_what_is_inside_may_be_an_object_quoted_or_listed():
    for inner in ({"IntuneAccountId": 1}, '{"IntuneAccountId":1}', [{"IntuneAccountId": 1}]):
        record = {"operationName": "x", "category": "y", "properties": inner}
        found = signature_of(members_of(json.dumps(record).encode()) or {})
        assert found is not None
        assert found.kind == "m365.intune"


def test_members_of_lenient_json():
    assert set(members_of(b'{"a":NaN}') or {}) == {"a"}
    assert members_of(b"broken") is None
    assert members_of(b"[1]") is None
