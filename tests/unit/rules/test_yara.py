from __future__ import annotations

import io
import os
import re
import time
from pathlib import Path

import pytest

from trailhound.model.entity import EntityType
from trailhound.model.finding import Nature, Severity
from trailhound.model.limits import Budget, Limits
from trailhound.model.source import HEAD_BYTES, Source
from trailhound.rules.yara import YaraRules, builtin_files, refused, scan_source
from trailhound.unpack.walk import discover

GOLDEN = Path(__file__).parents[2] / "golden" / "yara"
REAL = Path(os.environ.get("TRAILHOUND_REAL_DATA", Path(__file__).parents[4] / "shared" / "data"))

RULE = """
rule found : T1059_001 demo
{
    meta:
        description = "A demo"
        author = "Somebody"
        score = 80
        nature = "ioa"
        reference = "https://example.org/demo"
    strings:
        $a = "needle"
        $b = { 00 01 02 }
    condition:
        any of them
}
"""


SLOW = "rule s { condition: for all i in (0..999999999) : ( uint8(i % 7) == 0x61 ) }"


@pytest.fixture
def rules(tmp_path):
    def compiled(*texts: str) -> YaraRules:
        paths = []
        for number, text in enumerate(texts):
            paths.append(tmp_path / f"set{number}.yar")
            paths[-1].write_text(text)
        return YaraRules.compile(paths)

    return compiled


def source(data: bytes, name: str = "evidence/x.txt") -> Source:
    return Source(name, lambda: io.BytesIO(data), data[:HEAD_BYTES])


def found(data: bytes, rules: YaraRules, limits: Limits | None = None):
    budget = Budget()
    return scan_source(source(data), rules, limits or Limits(), budget), budget.oddities


def test_a_finding_says_why(rules):
    (finding,), oddities = found(b"hay needle hay needle \x00\x01\x02", rules(RULE))
    assert oddities.total == 0
    assert (finding.severity, finding.nature) == (Severity.HIGH, Nature.IOA)
    assert finding.confidence == 0.8
    assert finding.detector.id == "yara.set0.found"
    assert finding.title == "A demo"
    assert finding.techniques == ("T1059.001",)
    file, digest = finding.entities
    assert (file.type, file.value) == (EntityType.FILE, "evidence/x.txt")
    assert (digest.type, len(digest.value)) == (EntityType.HASH, 64)
    assert [r.expected for r in finding.because] == ["$a", "$b"]
    assert finding.because[0].text == "$a occurs 2 times, first at byte 4"
    assert finding.evidence.pointers[0].fields == {"$a": "needle", "$b": "\x00\x01\x02"}
    assert finding.rule is not None
    assert (finding.rule.author, finding.rule.language) == ("Somebody", "yara")


def test_the_same_file_elsewhere_is_the_same_finding(rules):
    compiled = rules(RULE)
    ids = {
        scan_source(source(b"needle", name), compiled, Limits(), Budget())[0].id
        for name in ("a", "b!c")
    }
    assert len(ids) == 1
    assert scan_source(source(b"needle!"), compiled, Limits(), Budget())[0].id not in ids


def test_no_match_is_no_finding(rules):
    assert found(b"hay", rules(RULE))[0] == []


@pytest.mark.parametrize(
    ("bad", "line"),
    [
        ("rule a { condition: nothing_here }", 1),
        ("\n\nrule a { condition: true", 3),
        ('include "/etc/passwd"', 1),
        ("rule a { strings: $a = /(/ condition: $a }", 1),
        ("rule a { condition: " + "(" * 20_000 + "true" + ")" * 20_000 + "}", 1),
    ],
)
def test_a_bad_file_is_located_and_the_rest_works(rules, bad, line):
    compiled = rules(bad, RULE)
    (error,) = compiled.errors
    assert error.where is not None
    assert error.where.source.endswith("set0.yar")
    assert error.where.line == line
    assert len(found(b"needle", compiled)[0]) == 1


def test_a_bad_rule_costs_only_itself(rules):
    compiled = rules("rule a { condition: nothing_here }\n" + RULE)
    assert len(compiled.errors) == 1
    assert len(found(b"needle", compiled)[0]) == 1


def test_rules_of_one_name_in_two_files(rules):
    findings, _ = found(b"needle", rules(RULE, RULE))
    assert [f.detector.id for f in findings] == ["yara.set0.found", "yara.set1.found"]


def test_console_is_not_there(rules, capfd):
    compiled = rules('import "console"\nrule a { condition: console.log("hi") }')
    assert found(b"x", compiled)[0] == []
    assert "console" in str(compiled.errors[0])
    assert capfd.readouterr().out == ""


def test_unreadable_and_oversized_rule_files(tmp_path):
    big = tmp_path / "big.yar"
    big.write_text(RULE)
    compiled = YaraRules.compile([tmp_path / "none.yar", big], max_bytes=10)
    assert len(compiled.errors) == 2
    assert compiled.scan(b"needle").matches == []


def test_only_the_beginning_of_a_large_file_is_matched_and_said(rules):
    limits = Limits(yara_file_bytes=10)
    findings, oddities = found(b"0123456789needle", rules(RULE), limits)
    assert findings == []
    assert oddities.counts == {"limit.yara_file": 1}
    assert not oddities.lost


def test_a_slow_rule_is_stopped_and_said(rules):
    compiled = rules(SLOW)
    findings, oddities = found(b"a" * 10, compiled, Limits(yara_seconds=1))
    assert (findings, oddities.counts, oddities.lost) == ([], {"limit.yara_time": 1}, True)


def test_a_slow_rule_costs_no_other_file(rules):
    compiled = rules(RULE, SLOW, RULE.replace("rule found", "rule again"))
    for _ in range(2):
        findings, oddities = found(b"aaaaaaa needle", compiled, Limits(yara_seconds=1))
        assert [f.detector.id for f in findings] == ["yara.set0.found", "yara.set2.again"]
        (oddity,) = oddities.kept
        assert oddity.detail.endswith("not known: set1")
        assert oddities.lost
    assert compiled.scan(b"aaaaaaa", seconds=1).late == ["set1"]


@pytest.mark.slow
def test_time_for_slow_rules_is_shared(rules):
    compiled = rules(*[SLOW] * 6, RULE)
    start = time.monotonic()
    findings, oddities = found(b"aaaaaaa needle", compiled, Limits(yara_seconds=1))
    assert time.monotonic() - start < 12
    (oddity,) = oddities.kept
    assert oddity.detail.startswith("YARA rules took too long")
    assert re.search(r"not known: set0, .*and \d more", oddity.detail)
    for _ in range(3):
        if not findings:
            findings, _ = found(b"aaaaaaa needle", compiled, Limits(yara_seconds=1))
    assert len(findings) == 1, "files that had no turn get one before those known to be slow"


def test_what_is_refused(tmp_path):
    bad = tmp_path / "bad.yar"
    bad.write_text("\nrule a { condition: nothing_here }")
    (error,) = refused([*builtin_files(), bad])
    assert error.where is not None
    assert (error.where.source, error.where.line) == (str(bad), 2)
    assert refused(builtin_files()) == []


def test_file_names_are_variables_of_the_rules(rules):
    compiled = rules(
        'rule n {condition: filename == "b.exe" and extension == ".exe" and filepath contains "!" }'
    )
    assert len(compiled.scan(b"x", name="a!b.exe").matches) == 1
    assert compiled.scan(b"x", name="a!\udcff.exe").matches == []


def test_severity_words_win_and_nonsense_is_medium(rules):
    text = 'rule r {{ meta: severity = "{}" condition: true }}'
    severities = [
        found(b"x", rules(text.format(word)))[0][0].severity for word in ("low", "CRITICAL", "huh")
    ]
    assert severities == [Severity.LOW, Severity.CRITICAL, Severity.MEDIUM]


# --- our own rules ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def builtin():
    compiled = YaraRules.compile(builtin_files())
    assert compiled.errors == []
    return compiled


CASES = sorted(path.relative_to(GOLDEN) for path in GOLDEN.rglob("*") if path.is_file())


@pytest.mark.parametrize("case", CASES, ids=str)
def test_goldens(builtin, case):
    name = f"evidence/{case}".replace("\\", "/")
    matched = {m.rule for m in builtin.scan((GOLDEN / case).read_bytes(), name=name).matches}
    expected = {case.parts[0]} if case.parts[1].startswith("hit") else set()
    assert matched == expected


def test_every_rule_has_a_hit_a_near_miss_and_its_words(builtin):
    text = "".join(path.read_text() for path in builtin_files())
    names = {line.split()[1] for line in text.splitlines() if line.startswith("rule ")}
    assert len(names) >= 14
    for name in names:
        kinds = {path.name[:4].rstrip("_.") for path in (GOLDEN / name).iterdir()}
        assert {"hit", "near"} <= {kind[:4] for kind in kinds}, name
    for word in ("id", "description", "author", "severity", "nature", "attack", "falsepositives"):
        assert text.count(f"        {word} = ") == len(names)


@pytest.mark.real
@pytest.mark.parametrize("folder", ["auth", "cloud", "net", "evtx/attack-samples"])
def test_real_logs_that_mention_attacks_do_not_match(builtin, folder):
    if not (REAL / folder).is_dir():
        pytest.skip("no real logs: set TRAILHOUND_REAL_DATA")
    loud = [
        (finding.detector.id, found.name)
        for found in discover([REAL / folder], Limits(), lambda *_: None)
        for finding in scan_source(found, builtin, Limits(), Budget())
        if finding.severity >= Severity.MEDIUM
    ]
    assert loud == []
