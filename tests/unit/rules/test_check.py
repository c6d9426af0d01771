from __future__ import annotations

import pytest

from trailhound.rules.check import check, is_mapped
from trailhound.rules.library import RuleSet
from trailhound.rules.sigma.rule import LogSource

RULE = """title: t
id: {id}
logsource: {{{source}}}
detection: {{{detection}}}
"""
SECURITY = "product: windows, service: security"
PROCESS = "category: process_creation, product: windows"


def problems(tmp_path, *rules: str) -> list[str]:
    for number, text in enumerate(rules):
        (tmp_path / f"{number}.yml").write_text(text)
    seen = check([RuleSet("set", str(tmp_path))], {})
    return [str(problem).removeprefix(f"{tmp_path.as_posix()}/") for problem in seen.problems]


def rule(detection: str, source: str = PROCESS, identity: object = 1) -> str:
    return RULE.format(id=identity, source=source, detection=detection)


@pytest.mark.parametrize(
    ("detection", "source"),
    [
        ("s: {Image: a}, condition: s", PROCESS),
        ("s: {EventID: 4625}, condition: s", SECURITY),
        ("s: {EventID: 1}, condition: not s", SECURITY),
        ("s: {Image: a}, k: {Image: a, B: c}, condition: s and not k", PROCESS),
        ("s: {EventID: 4688, Image: a}, condition: s", PROCESS),
        ("s: {a: b}, condition: s", "category: webserver"),
    ],
)
def test_good_rules(tmp_path, detection, source):
    assert problems(tmp_path, rule(detection, source)) == []


def test_a_list_of_fields_is_for_counting_only(tmp_path):
    text = "title: c\ncorrelation:\n  type: {}\n  rules: [a]\n  timespan: 1h\n  condition:\n"
    text += "    gte: 2\n    field: [x, y]\n"
    (said,) = problems(tmp_path, text.format("value_avg"))
    assert said == "0.yml:8: value_avg looks at one field, not at a list of them"
    assert not any("list" in said for said in problems(tmp_path, text.format("value_count")))


def test_a_key_twice_is_an_error_with_its_line(tmp_path):
    text = rule("").replace("detection: {}", "detection:\n  s: {a: b}\n  s: {a: c}\n  condition: s")
    assert problems(tmp_path, text) == ["0.yml:6: the key 's' is there twice in one map"]


def test_errors_say_where_what_and_what_to_do(tmp_path):
    text = "title: c\ncorrelation:\n  type: sorcery\n  rules: [a]\n  timespan: 1h\n"
    (said,) = problems(tmp_path, text)
    assert said.startswith("0.yml:3: unknown correlation type 'sorcery': use one of event_count")


@pytest.mark.parametrize(
    ("detection", "source", "what"),
    [
        ("s: {a: b}, condition: s", "product: abacus", "no log we read is the log source abacus"),
        ("s: {a: b}, condition: s", "service: orphan", "no log we read"),
        ("s: {a: b}, condition: s and not s", PROCESS, "can never be true"),
        ("s: {a: b}, condition: 2 of s*", PROCESS, "can never be true"),
        ("s: {a: b}, k: {c: d}, condition: (s and not s) or (k and not k)", PROCESS, "never"),
        (
            "s: {EventID: 4104}, condition: s",
            PROCESS,
            "never be true where windows/process_creation",
        ),
        ("s: {Channel: System}, condition: s", SECURITY, "never be true where windows/security"),
    ],
)
def test_doubts(tmp_path, detection, source, what):
    (said,) = problems(tmp_path, rule(detection, source))
    assert said.startswith("0.yml:1: warning: ")
    assert what in said


def test_ids_used_twice(tmp_path):
    good = rule("s: {a: b}, condition: s")
    (said,) = problems(tmp_path, good, good)
    assert said == (
        f"1.yml:1: the id 1 is already taken by {tmp_path.as_posix()}/0.yml:1: "
        "give one of the two a new id"
    )


def test_correlations_that_name_nobody(tmp_path):
    text = "title: c\ncorrelation: {type: temporal, rules: [nobody], timespan: 1h}\n"
    assert "'nobody'" in problems(tmp_path, text)[0]


def test_counts(tmp_path):
    good, bad = rule("s: {a: b}, condition: s"), rule("s: {a: b}", identity=2)
    doubtful = rule("s: {a: b}, condition: s", "product: x", 3)
    assert len(problems(tmp_path, good, bad, doubtful)) == 2
    seen = check([RuleSet("set", str(tmp_path))], {})
    assert (seen.files, len(seen.rules), seen.errors) == (3, 2, 1)


def test_is_mapped():
    assert is_mapped(LogSource("process_creation", "windows"))
    assert not is_mapped(LogSource("", "nobody", "x"))
    assert not is_mapped(LogSource("", "", "orphan"))
