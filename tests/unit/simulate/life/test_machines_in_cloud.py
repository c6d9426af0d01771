from __future__ import annotations

from trailhound.simulate.life.machines_in_cloud import MachinesInCloud


def test_the_account_lives_without_anybody_changing_its_trail(live):
    records = live(MachinesInCloud).trail()
    names = {record["eventName"] for record in records}
    assert names >= {"AssumeRole", "CreateSnapshot", "DescribeInstances"}
    assert not names & {"StopLogging", "ModifySnapshotAttribute", "CreateAccessKey"}


def test_ids_are_unique(live):
    ids = [record["eventID"] for record in live(MachinesInCloud).trail()]
    assert len(ids) == len(set(ids)) > 100
