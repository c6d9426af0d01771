from __future__ import annotations

import re

from trailhound.simulate.products.cloudtrail import (
    Call,
    Caller,
    access_key,
    assumed_role,
    iam_user,
)

NAME = re.compile(
    r"AWSLogs/(\d{12})/CloudTrail/eu-central-1/2026/11/02/"
    r"\1_CloudTrail_eu-central-1_20261102T1000Z_[A-Za-z0-9]{16}\.json\.gz$"
)


def test_calls_lie_in_the_folders_of_aws(world, at, finished):
    caller = Caller(iam_user("ann", access_key("ann")), "192.0.2.10", "aws-cli")
    world.aws.call(at, caller, Call("iam", "ListUsers", {}, error="AccessDenied"))
    written = finished()
    (file,) = written.files("cloud/aws/**/*.gz")
    assert NAME.search(file.as_posix())
    (record,) = written.trail()
    assert record["eventTime"] == "2026-11-02T09:00:00Z"
    assert record["eventSource"] == "iam.amazonaws.com"
    assert record["errorCode"] == "AccessDenied"
    assert record["userIdentity"]["accessKeyId"] == access_key("ann")


def test_a_service_has_no_tls_of_its_own(world, at, finished):
    caller = Caller(assumed_role("backup", "job", at), "backup.amazonaws.com", "backup")
    world.aws.call(at, caller, Call("ec2", "CreateSnapshot", {}, reads=False))
    (record,) = finished().trail()
    assert "tlsDetails" not in record
    assert record["readOnly"] is False
    assert record["userIdentity"]["arn"].endswith("assumed-role/backup/job")


def test_a_key_is_always_the_same():
    assert re.fullmatch(r"AKIA[A-Z2-7]{16}", access_key("ann"))
    assert access_key("ann") == access_key("ann") != access_key("bob")
