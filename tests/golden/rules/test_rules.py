"""Our own rules do what their examples say, and each has examples."""

from __future__ import annotations

from pathlib import Path

import pytest

from trailhound.rules.check import check
from trailhound.rules.examples import Examiner, example_files, load_cases
from trailhound.rules.library import builtin_set, load

FILES = example_files(Path(__file__).parent)


@pytest.fixture(scope="session")
def library():
    return load([builtin_set()], {}, None)


@pytest.fixture(scope="session")
def failures(library):
    """Try all examples with one engine: compiling patterns is what costs."""
    cases = [case for path in FILES for case in load_cases(path)]
    found: dict[str, list[str]] = {}
    for failure in Examiner(library).examine(cases):
        found.setdefault(failure.where.source, []).append(str(failure))
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_examples(path, failures):
    assert not failures.get(str(path), [])


@pytest.fixture(scope="session")
def tried():
    return {(case.rule, case.must) for path in FILES for case in load_cases(path)}


def test_every_rule_has_examples_of_both_kinds(library, tried):
    rules = {rule.info.id: rule for rule in (*library.rules, *library.correlations)}
    missing = [r.info.source for i, r in rules.items() if not {(i, True), (i, False)} <= tried]
    assert not missing


def test_our_rules_give_no_error_and_no_warning():
    assert [str(problem) for problem in check([builtin_set()], {}).problems] == []


def test_every_rule_is_ours_and_says_why(library):
    for rule in (*library.rules, *library.correlations):
        assert rule.info.licence == "Apache-2.0", rule.info.source
        assert rule.info.falsepositives, rule.info.source
        assert rule.info.description, rule.info.source
        assert rule.techniques, rule.info.source
