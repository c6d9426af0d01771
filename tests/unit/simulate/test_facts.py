from __future__ import annotations

import tomllib

from trailhound.pipeline.organisation import read
from trailhound.simulate.company import found
from trailhound.simulate.facts import organisation_file
from trailhound.simulate.settings import Settings

SETTINGS = Settings()


def test_the_organisation_is_described_in_toml():
    company = found(SETTINGS)
    facts = tomllib.loads(organisation_file(company, SETTINGS))
    assert "acme.example" in facts["organisation"]["domains"]
    assert facts["people"]["staff"] == [person.mail for person in company.people]
    assert set(facts["accounts"]["service"]) >= {"svc-backup", "svc-print"}


def test_a_scan_understands_every_key(tmp_path):
    path = tmp_path / "org.toml"
    path.write_text(organisation_file(found(SETTINGS), SETTINGS), encoding="utf-8")
    organisation = read(path)
    assert organisation.networks.scanners == ("10.0.9.4",)
    assert organisation.people.joiners == {"n.newcomer@acme.example": SETTINGS.start}
    assert organisation.changes.windows == (
        "2026-11-04T20:00Z/2026-11-04T21:00Z",
        "2026-11-05T13:00Z/2026-11-05T15:00Z",
    )
