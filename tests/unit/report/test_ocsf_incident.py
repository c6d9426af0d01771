from __future__ import annotations

import msgspec

from tests.results import result
from tests.standards import ocsf_mistakes
from trailhound.model.finding import Severity
from trailhound.report.ocsf import metadata
from trailhound.report.ocsf_incident import NOBODY, incident_finding


def test_it_is_told_in_the_words_of_the_schema():
    made = result()
    one = msgspec.structs.replace(made.incidents[0], severity=Severity.CRITICAL, start=None)
    told = incident_finding(one, [], metadata(one.id, made))
    assert (told["class_uid"], told["type_uid"]) == (2005, 200501)
    assert (told["severity_id"], told["priority"]) == (5, "Critical")
    assert (told["time"], told["assignee_group"]) == (0, NOBODY)
    assert told["unmapped"]["score"] == one.score
    assert ocsf_mistakes(told) == []
