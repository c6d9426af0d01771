"""Every rule of the community feed loads; those that cannot are listed with the reason."""

from __future__ import annotations

import pytest

from trailhound.rules.library import RuleSet, load
from trailhound.rules.statistics import statistics

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def library(real_data):
    folder = real_data / "rules" / "sigmahq"
    if not folder.is_dir():
        pytest.skip("no community rules in the folder of real data")
    return load([RuleSet("feed", str(folder))], {}, None)


def test_only_placeholder_rules_cannot_be_used(library):
    assert len(library.rules) > 3_700
    assert len(library.skipped) < 30
    for rule in library.skipped:
        assert rule.file.startswith("feed/")
        assert rule.line >= 1
        assert "placeholder %" in rule.reason


def test_most_rules_find_their_log_source(library):
    found = statistics(library)
    assert found.with_source / found.rules > 0.97
