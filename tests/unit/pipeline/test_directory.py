from __future__ import annotations

import json
from datetime import date

import pytest

from trailhound.model.errors import ConfigError
from trailhound.model.organisation import Organisation, People
from trailhound.pipeline.directory import read_directory

CSV = """\
Name;Email;Role;Joined;Left
Anna Meyer;a.meyer@acme.example;CEO;2020-01-01;
Bo Lind;b.lind@acme.example;Domain Admin;;
;backup@acme.example;service;;
Max Weber;m.weber@acme.example;;;2026-10-01
Nobody;;;;
Odd Date;o.date@acme.example;;soon;
"""
GRAPH = {
    "value": [
        {
            "displayName": "Anna Meyer",
            "userPrincipalName": "a.meyer@acme.example",
            "mail": None,
            "jobTitle": "Chief Executive Officer",
            "accountEnabled": True,
        },
        {"displayName": "Gone", "userPrincipalName": "gone@acme.example", "accountEnabled": False},
        "rubbish",
    ]
}
GOOGLE = {
    "users": [
        {"primaryEmail": "x@acme.example", "name": {"fullName": "X Y"}, "isAdmin": True},
        {"primaryEmail": "z@acme.example", "suspended": True},
    ]
}
LDIF = """\
version: 1

# a comment
dn: CN=Anna,DC=acme,DC=example
displayName:: QW5uYSBNZXllcg==
mail: a.meyer@
 acme.example
title: CFO
userAccountControl: 512

dn: CN=Old
sAMAccountName: old
userAccountControl: 514

dn: CN=Printers
objectClass: group
"""


def load(tmp_path, name, text, into=None):
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return read_directory(path, into or Organisation())


def test_a_csv_of_people(tmp_path):
    found = load(tmp_path, "p.csv", "\ufeff" + CSV)
    people, accounts = found.organisation.people, found.organisation.accounts
    assert people.vips == ("Anna Meyer <a.meyer@acme.example>",)
    assert accounts.administrators == ("b.lind@acme.example",)
    assert accounts.service == ("backup@acme.example",)
    assert "backup@acme.example" not in people.staff
    assert people.joiners == {"a.meyer@acme.example": date(2020, 1, 1)}
    assert people.leavers == {"m.weber@acme.example": date(2026, 10, 1)}
    assert (found.people, found.skipped) == (5, 1)


def test_graph_and_google_exports(tmp_path):
    graph = load(tmp_path, "g.json", json.dumps(GRAPH)).organisation
    assert graph.people.vips == ("Anna Meyer <a.meyer@acme.example>",)
    assert graph.people.staff == ("a.meyer@acme.example",)
    google = load(tmp_path, "w.json", json.dumps(GOOGLE)).organisation
    assert google.accounts.administrators == ("x@acme.example",)
    assert google.people.staff == ("x@acme.example",)


def test_ldif_with_folded_and_encoded_values(tmp_path):
    found = load(tmp_path, "d.ldif", LDIF)
    assert found.organisation.people.vips == ("Anna Meyer <a.meyer@acme.example>",)
    assert found.organisation.people.staff == ("a.meyer@acme.example",)
    assert (found.people, found.skipped) == (2, 2)


def test_what_was_there_stays_and_nobody_is_doubled(tmp_path):
    into = Organisation(people=People(staff=("old@acme.example", "b.lind@acme.example")))
    staff = load(tmp_path, "p.csv", CSV, into).organisation.people.staff
    assert staff[:2] == ("old@acme.example", "b.lind@acme.example")
    assert len(staff) == len(set(staff))


@pytest.mark.parametrize(
    ("name", "text"),
    [("p.csv", "a,b\n1,2\n"), ("p.json", "[" * 100_000), ("p.json", "{"), ("p.csv", "")],
)
def test_what_is_no_directory_is_said(tmp_path, name, text):
    with pytest.raises(ConfigError, match=name):
        load(tmp_path, name, text)
