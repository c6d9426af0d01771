from __future__ import annotations

from datetime import date

import pytest

from trailhound.model.entity import EntityType
from trailhound.model.errors import ConfigError, UsageError
from trailhound.pipeline.allow import (
    add_entry,
    allow_list,
    new_entry,
    read_allow,
    would_hide,
)

DAY = date(2026, 11, 24)
ENTRY = """
[[allow]]
detector = "sigma:*"
author = "a"
reason = "r"
created = 2026-11-24
expires = 2027-11-24
"""


def entry(days=30, **conditions):
    given = conditions or {"detector": "sigma:scan", "source": "10.0.9.4"}
    return new_entry(given, author="b.lind", reason="our\nscanner", created=DAY, days=days)


def test_an_entry_reads_back_and_is_written_once(tmp_path):
    path = tmp_path / "allow.toml"
    assert add_entry(path, entry())
    assert not add_entry(path, entry())
    other = entry(entity="10.*", entity_type="ip", scope='"x\\')
    assert add_entry(path, other)
    assert read_allow(path) == [entry(), other]
    assert read_allow(path)[1].entity_type is EntityType.IP


def test_what_people_wrote_stays(tmp_path):
    path = tmp_path / "allow.toml"
    path.write_text(f"# ours\n{ENTRY}")
    add_entry(path, entry())
    assert path.read_text().startswith(f"# ours\n{ENTRY}\n[[allow]]\n")
    assert len(read_allow(path)) == 2


def test_an_expired_entry_may_be_added_again(tmp_path):
    path = tmp_path / "allow.toml"
    old = new_entry({"entity": "x"}, author="a", reason="r", created=date(2020, 1, 1))
    assert add_entry(path, old)
    assert add_entry(path, entry(entity="x"))
    allowed = allow_list(path, DAY)
    assert [len(allowed.entries), len(allowed.expired)] == [1, 1]


@pytest.mark.parametrize(
    ("change", "line", "words"),
    [
        (("detector", "detektor"), 3, "did you mean 'detector'"),
        (("[[allow]]", "[[alow]]"), 2, "did you mean 'allow'"),
        (("[[allow]]", "[allow]"), 2, r"write \[\[allow\]\]"),
        (('detector = "sigma:*"\n', ""), 2, "without a condition"),
        (("expires = 2027-11-24", "expires = 2028-11-24"), 7, "at most 365 days"),
        (("expires = 2027-11-24", "expires = 'never'"), 7, "expires"),
        (('author = "a"\n', ""), 2, "author"),
    ],
)
def test_a_mistake_is_placed(tmp_path, change, line, words):
    path = tmp_path / "allow.toml"
    path.write_text(ENTRY.replace(*change))
    with pytest.raises(ConfigError, match=words) as caught:
        read_allow(path)
    assert caught.value.where is not None
    assert caught.value.where.line == line


def test_a_mistake_in_the_second_entry_is_placed_there(tmp_path):
    path = tmp_path / "allow.toml"
    path.write_text(ENTRY + ENTRY.replace("author", "autor"))
    with pytest.raises(ConfigError) as caught:
        read_allow(path)
    assert caught.value.where is not None
    assert caught.value.where.line == 11


@pytest.mark.parametrize(
    "wrong",
    [
        {"conditions": {}},
        {"conditions": {"entity_type": "ip"}},
        {"days": 0},
        {"days": 366},
        {"reason": " "},
        {"author": ""},
    ],
)
def test_an_entry_must_be_narrow_mortal_and_explained(wrong):
    given = {
        "conditions": {"entity": "x"},
        "author": "a",
        "reason": "r",
        "created": DAY,
        "days": 1,
    } | wrong
    with pytest.raises(UsageError):
        new_entry(given.pop("conditions"), **given)


def test_a_missing_file_has_no_entries(tmp_path):
    assert read_allow(tmp_path / "allow.toml") == []
    assert allow_list(tmp_path / "allow.toml").entries == ()


def test_what_would_be_hidden_is_told():
    assert [hidden.findings for hidden in would_hide([entry()], [])] == [()]
