"""Rules that want to hurt: each is refused with its place, or costs little."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from trailhound.model.batch import NO_TIME
from trailhound.rules.check import check
from trailhound.rules.library import RuleSet, load
from trailhound.rules.records import Native, batches
from trailhound.rules.sigma.correlation import evaluate
from trailhound.rules.sigma.engine import SigmaEngine
from trailhound.rules.sigma.parse import parse_file
from trailhound.rules.sigma.rule import SigmaRule

if TYPE_CHECKING:
    from trailhound.model.errors import RuleError
    from trailhound.rules.sigma.rule import Correlation

HEAD = "title: t\nid: {id}\nlogsource: {{category: process_creation, product: windows}}\n"
PERCENTILE = "type: value_percentile\n  rules: [x]\n  timespan: 1h"
SECONDS = 5.0


def rule(detection: str, identity: str = "1") -> bytes:
    return f"{HEAD.format(id=identity)}detection:\n{detection}\n".encode()


def parsed(text: bytes) -> tuple[list[SigmaRule | Correlation], list[RuleError]]:
    start = time.monotonic()
    made, errors = parse_file(text, "set/evil.yml", {})
    assert time.monotonic() - start < SECONDS
    for error in errors:
        assert error.where is not None
        assert error.where.source == "set/evil.yml"
        assert error.where.line
    return made, errors


def refused(text: bytes) -> str:
    made, errors = parsed(text)
    assert made == []
    assert len(errors) == 1
    return str(errors[0])


def bomb() -> bytes:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    lines += [
        f"{n}: &{n} [{', '.join([f'*{p}'] * 9)}]"
        for p, n in zip("abcdefgh", "bcdefghi", strict=True)
    ]
    return "\n".join(lines).encode()


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (bomb(), "aliases make over"),
        (b"a: &a\n  b: *a\n", "nothing before it"),
        (b"[" * 100_000, "deep|depth"),
        (b"{a: " * 100_000, "deep|depth"),
        (b"- " * 100_000, "deep"),
        (b"? " * 50_000, "deep"),
        (b"- ? " * 50_000, "deep"),
        (b"-\t" * 50_000, "YAML|deep"),
        (b"".join(b" " * n + b"a:\n" for n in range(1200)), "deep"),
        (b"a: [" + b"1," * 100_000 + b"]\n" + b"b: " + b"[" * 41, "values|deep"),
        (b"x" * 3_000_000, "KiB"),
        (b"title: a\x00b\n", "not YAML"),
        (b"\xff\xfe\x00", "not YAML"),
        (b"title: \xff\xff\n", "not YAML"),
        (b"!!python/object/apply:os.system ['true']", "not YAML|map"),
        (b"title: !!python/name:os.system x\n", "not YAML"),
        (b"- a\n- b\n", "map"),
        (b"just text", "map"),
        (b"? [a, b]\n: c\n", "not YAML|title"),
        (b"a: 'never closed", "not YAML"),
        (b"%YAML 9.9\n---\na: 1\n", "YAML|title"),
        (b"{}", "title"),
    ],
)
def test_documents(text, what):
    made, errors = parsed(text)
    assert made == []
    assert errors
    assert any(word in str(errors[0]) for word in what.split("|")), errors[0]


@pytest.mark.parametrize("text", [b"", b"---\n---\n", b"# nothing\n", b"null\n"])
def test_files_without_rules(text):
    assert parsed(text) == ([], [])


@pytest.mark.parametrize(
    ("detection", "what"),
    [
        ("  s: {Image: a}\n  condition: " + "(" * 1000 + "s" + ")" * 1000, "nested"),
        ("  s: {Image: a}\n  condition: " + "s or " * 100_000 + "s", "words"),
        ("  s: {Image: a}\n  condition: " + "not " * 100_000 + "s", "words"),
        ("  s: {Image: a}\n  condition: s |count() > 5", "correlation"),
        ("  s: {Image: a}\n  condition: ''", "empty"),
        ("  s: {Image: a}\n  condition: s and", "ends"),
        ("  s: {Image: a}\n  condition: s s", "unexpected"),
        ("  s: {Image: a}\n  condition: (s", "never closed"),
        ("  s: {Image: a}\n  condition: s)", "closing"),
        ("  s: {Image: a}\n  condition: 1 of x*", "fits"),
        ("  s: {Image: a}\n  condition: 99999 of s*", "no detection|unexpected"),
        ("  s: {Image|re: '(?=a)b'}\n  condition: s", "linear-time"),
        ("  s: {Image|re: '(?<!a)b'}\n  condition: s", "linear-time"),
        (r"  s: {Image|re: '(a)\1'}" + "\n  condition: s", "linear-time"),
        ("  s: {Image|re: '('}\n  condition: s", "linear-time"),
        ("  s: {Image|re: 'a{1000}{1000}'}\n  condition: s", "linear-time"),
        ("  s: {Image|re: '" + "a" * 30_000 + "'}\n  condition: s", "characters"),
        ("  s: {Image|cidr: 'nonsense'}\n  condition: s", "network"),
        ("  s: {Image|gt: many}\n  condition: s", "number"),
        ("  s: {Image|exists: perhaps}\n  condition: s", "true or false"),
        ("  s: {Image|frobnicate: x}\n  condition: s", "unknown modifier"),
        ("  s: {Image|expand: '%nobody%'}\n  condition: s", "no values"),
        ("  s: {Image|windash|wide: '-a -b -c -d'}\n  condition: s", "three|over 3 dashes"),
        ("  s: {Image|base64: 'a*b'}\n  condition: s", "wildcards"),
        ("  s: {Image: []}\n  condition: s", "empty list"),
        ("  s: {Image: {a: b}}\n  condition: s", "must be"),
        ("  s: {Image: [[a]]}\n  condition: s", "must be"),
        ("  s: {}\n  condition: s", "empty"),
        ("  s: []\n  condition: s", "empty"),
        ("  s: null\n  condition: s", "empty"),
        ("  s: [[[a]]]\n  condition: s", "must be"),
        ("  s: {Image: a}", "condition"),
        ("  - a", "detection"),
    ],
)
def test_detections(detection, what):
    said = refused(rule(detection))
    assert any(word in said for word in what.split("|")), said


def test_many_comparisons():
    values = "".join(f"\n      - v{n}" for n in range(100_000))
    said = refused(rule(f"  s:\n    Image|contains:{values}\n  condition: s"))
    assert "comparisons" in said or "KiB" in said


def engine_on(text: bytes, records: list[dict[str, Any]]) -> list[int]:
    made, errors = parsed(text)
    assert not errors
    rules = [one for one in made if isinstance(one, SigmaRule)]
    start = time.monotonic()
    channel = {"Channel": "Microsoft-Windows-Sysmon/Operational", "EventID": 1}
    found = [
        positions[row]
        for batch, positions in batches([Native("windows", channel | r, NO_TIME) for r in records])
        for match in SigmaEngine(rules).run(batch)
        for row in match.rows
    ]
    assert time.monotonic() - start < SECONDS
    return sorted(found)


@pytest.mark.parametrize(
    "pattern", ["(a+)+$", "(a|a)*b", "(.*)*x", "(x+x+)+y", "([a-z]+)*=", "a{0,500}b"]
)
def test_catastrophic_expressions_are_linear(pattern):
    text = rule(f"  s:\n    CommandLine|re: '{pattern}'\n  condition: s")
    found = engine_on(text, [{"CommandLine": "a" * 100_000 + "!"}, {"CommandLine": "xxy=ab"}])
    assert set(found) <= {0, 1}


def test_many_wildcards_are_linear():
    text = rule("  s:\n    CommandLine: '" + "*a" * 60 + "b'\n  condition: s")
    assert engine_on(text, [{"CommandLine": "a" * 100_000}, {"CommandLine": "a" * 61 + "b"}]) == [1]


def test_a_literal_of_a_mebibyte():
    long = "x" * 1_000_000
    text = rule(f"  s:\n    CommandLine|contains: '{long}'\n  condition: s")
    _made, errors = parsed(text)
    if errors:
        assert "characters" in str(errors[0])
        return
    assert engine_on(text, [{"CommandLine": f"a{long}b"}, {"CommandLine": long[1:]}]) == [0]


def test_a_nul_and_controls_are_just_characters():
    text = rule('  s:\n    CommandLine|contains: "a\\0\\x1b[31m"\n  condition: s')
    assert engine_on(text, [{"CommandLine": "xa\0\x1b[31my"}, {"CommandLine": "a"}]) == [0]


def test_a_rule_that_matches_everything():
    text = rule("  s:\n    Image|contains: zzz\n  condition: not s")
    assert engine_on(text, [{"Image": "a"}, {}, {"Image": None}]) == [0, 1, 2]


def correlation(name: str, rules: str, identity: str) -> bytes:
    return (
        f"title: c\nid: {identity}\nname: {name}\n"
        f"correlation: {{type: temporal, rules: [{rules}], timespan: 1h}}\n"
    ).encode()


@pytest.mark.parametrize(
    "texts",
    [
        [correlation("a", "a", "1")],
        [correlation("a", "b", "1"), correlation("b", "a", "2")],
        [correlation("a", "b", "1"), correlation("b", "c", "2"), correlation("c", "a", "3")],
        [correlation("a", "nobody", "1")],
    ],
)
def test_correlations_in_circles(tmp_path, texts):
    (tmp_path / "a.yml").write_bytes(b"---\n".join(texts))
    library = load([RuleSet("set", str(tmp_path))], {}, None)
    assert library.correlations == []
    assert len(library.skipped) == len(texts)
    assert all(skipped.line and "names" in skipped.reason for skipped in library.skipped)
    assert evaluate(library.rules, library.correlations, {}) == {}


@pytest.mark.parametrize(
    "body",
    [
        "type: event_count\n  rules: [x]\n  timespan: 1h\n  condition: {gte: many}",
        "type: event_count\n  rules: [x]\n  timespan: 1h\n  condition: {gte: [1]}",
        "type: event_count\n  rules: [x]\n  timespan: 1h\n  condition: 5",
        "type: value_count\n  rules: [x]\n  timespan: 1h\n  condition: {gte: 1}",
        "type: value_count\n  rules: [x]\n  timespan: 1h\n  condition: {gte: 1, field: []}",
        "type: value_count\n  rules: [x]\n  timespan: 1h\n  condition: {gte: 1, field: ['']}",
        "type: value_sum\n  rules: [x]\n  timespan: 1h\n  condition: {gte: 1, field: [a, b]}",
        "type: event_count\n  rules: [x]\n  timespan: 1h\n  condition: {gte: 1, field: [a, b]}",
        f"{PERCENTILE}\n  condition: {{gte: 1, field: a, percentile: lots}}",
        f"{PERCENTILE}\n  condition: {{gte: 1, field: a, percentile: 101}}",
        "type: event_count\n  rules: [x]\n  timespan: forever\n  condition: {gte: 1}",
        "type: event_count\n  rules: [x]\n  timespan: 0s\n  condition: {gte: 1}",
        "type: event_count\n  rules: []\n  timespan: 1h\n  condition: {gte: 1}",
        "type: temporal\n  rules: [x]\n  timespan: 1h\n  aliases: [a]",
        "type: temporal\n  rules: [x]\n  timespan: 1h\n  condition: x and y",
        "type: sorcery\n  rules: [x]\n  timespan: 1h",
    ],
)
def test_correlations(body):
    refused(f"title: c\nid: 1\ncorrelation:\n  {body}\n".encode())


@pytest.mark.parametrize("line", ["level: [high]", "level: nonsense", "nature: evil", "title: [a]"])
def test_head_lines(line):
    made, errors = parsed(rule("  s: {Image: a}\n  condition: s") + f"{line}\n".encode())
    assert len(made) + len(errors) == 1


def test_a_folder_with_ten_thousand_files(tmp_path):
    for n in range(10_000):
        (tmp_path / f"{n}.yml").write_bytes(rule("  s: {Image: a}\n  condition: s", str(n)))
    start = time.monotonic()
    library = load([RuleSet("set", str(tmp_path))], {}, None)
    assert len(library.rules) == 10_000
    assert time.monotonic() - start < 30


def test_links_out_of_a_set_are_not_followed(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.yml").write_bytes(rule("  s: {Image: a}\n  condition: s"))
    inside = tmp_path / "set"
    inside.mkdir()
    (inside / "link.yml").symlink_to(outside / "secret.yml")
    (inside / "folder").symlink_to(outside)
    (inside / "self").symlink_to(inside)
    assert load([RuleSet("set", str(inside))], {}, None).total == 0


def test_what_is_called_a_rule_and_is_none(tmp_path):
    (tmp_path / "folder.yml").mkdir()
    os.mkfifo(tmp_path / "pipe.yml")
    (tmp_path / "one.yml").write_bytes(rule("  s: {Image: a}\n  condition: s"))
    assert len(load([RuleSet("set", str(tmp_path))], {}, None).rules) == 1


KEYS = """s condition title id level detection logsource correlation type rules timespan group-by
aliases field gte percentile nature tags generate category product service event_count
value_percentile temporal 1h high Image Image|contains Image|re Image|cidr Image|gt |all |
process_creation windows action global fields author %x% Image|expand *"""
WORDS = st.sampled_from((*KEYS.split(), "s and s", "1 of them"))
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.dates()
    | WORDS
    | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(WORDS | st.integers() | st.booleans() | st.none(), inner, max_size=5)
    ),
    max_leaves=12,
)
RULES = st.fixed_dictionaries(
    {"title": st.just("t") | VALUES},
    optional={
        "id": VALUES,
        "level": VALUES,
        "logsource": st.just({"product": "windows"}) | VALUES,
        "detection": st.fixed_dictionaries({"s": VALUES, "condition": st.just("s") | VALUES})
        | VALUES,
        "correlation": st.fixed_dictionaries(
            {
                "type": st.just("event_count") | WORDS,
                "rules": st.just(["x"]) | VALUES,
                "timespan": st.just("1h") | VALUES,
            },
            optional={
                "condition": VALUES,
                "group-by": VALUES,
                "aliases": VALUES,
                "generate": VALUES,
            },
        ),
        "tags": VALUES,
        "fields": VALUES,
        "references": VALUES,
        "author": VALUES,
        "nature": VALUES,
        "name": VALUES,
    },
)


@settings(max_examples=600)
@given(RULES)
def test_wrong_types_everywhere(document):
    text = yaml.safe_dump(document, allow_unicode=True).encode("utf-8", "replace")
    made, errors = parsed(text)
    assert len(made) + len(errors) <= 1 or "---" in text.decode()
    for one in made:
        if isinstance(one, SigmaRule):
            batch, _ = next(
                iter(batches([Native("windows", {"Channel": "x", "EventID": 1}, NO_TIME)]))
            )
            list(SigmaEngine([one]).run(batch))


@settings(max_examples=300)
@given(st.binary(max_size=200))
def test_any_bytes(text):
    parsed(text)


@settings(max_examples=300)
@given(st.integers(0, 400), st.binary(min_size=1, max_size=4))
def test_damaged_rules(place, junk):
    text = rule(
        "  s:\n    Image|contains|all: [a, 'b*']\n  k: [x, y]\n  condition: s and not 1 of k*"
    )
    place %= len(text)
    parsed(text[:place] + junk + text[place + len(junk) :])


def test_a_hostile_set_is_checked_without_an_error(tmp_path):
    (tmp_path / "bomb.yml").write_bytes(bomb())
    (tmp_path / "nul.yml").write_bytes(b"a\0")
    (tmp_path / "esc.yml").write_bytes(b'title: "\\e[2J"\n')
    seen = check([RuleSet("set", str(tmp_path))], {})
    assert seen.errors == 3
