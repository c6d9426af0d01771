from __future__ import annotations

import tomllib

from trailhound.simulate.company import found
from trailhound.simulate.facts import organisation_file
from trailhound.simulate.settings import Settings


def test_the_organisation_is_described_in_toml():
    company = found(Settings())
    facts = tomllib.loads(organisation_file(company))
    assert "acme.example" in facts["organisation"]["domains"]
    assert facts["people"]["vips"] == [person.mail for person in company.vips]
    assert "10.0.9.4" in facts["networks"]["scanners"]
    assert set(facts["accounts"]["service"]) >= {"svc-backup", "svc-print"}
    assert facts["hours"]["zone"] == "Europe/Berlin"
