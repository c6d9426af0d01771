"""The AWS account: monitoring, deployments and two engineers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trailhound.simulate.clock import HOUR, MINUTE
from trailhound.simulate.company import OFFICE_EGRESS
from trailhound.simulate.life.browsing import some
from trailhound.simulate.names import CHROME
from trailhound.simulate.products.cloudtrail import (
    CLI,
    TERRAFORM,
    Call,
    Caller,
    access_key,
    assumed_role,
    iam_user,
)

if TYPE_CHECKING:
    from random import Random

    from trailhound.simulate.life.diary import Diary
    from trailhound.simulate.world import World

Api = tuple[str, str, dict[str, object] | None]
READS: tuple[Api, ...] = (
    ("ec2", "DescribeInstances", {"maxResults": 1000}),
    ("ec2", "DescribeVolumes", {}),
    ("cloudwatch", "GetMetricData", None),
    ("s3", "ListBuckets", {"Host": "s3.eu-central-1.amazonaws.com"}),
    ("rds", "DescribeDBInstances", {}),
    ("logs", "DescribeLogGroups", {"limit": 50}),
    ("autoscaling", "DescribeAutoScalingGroups", {}),
    ("kms", "ListAliases", None),
)
PLAN: tuple[Api, ...] = (
    ("iam", "GetRole", {"roleName": "shop-web"}),
    ("iam", "ListRolePolicies", {"roleName": "shop-web"}),
    ("ec2", "DescribeSecurityGroups", {"securityGroupIdSet": {}}),
    ("ec2", "DescribeVpcs", {}),
    ("s3", "GetBucketPolicy", {"bucketName": "acme-shop-assets"}),
    ("sts", "GetCallerIdentity", None),
)


class MachinesInCloud:
    """What happens in the account without any intruder."""

    def __init__(self, world: World, diary: Diary) -> None:
        self._world = world
        self._diary = diary

    def hour(self, at: int) -> None:
        random = self._world.chance("aws", at)
        self._roles(at, random)
        self._snapshots(at)
        engineers = [w for w in self._diary.at_work(at) if w.computer.name.startswith("ENG")]
        if engineers and random.random() < 0.5:
            self._engineer(at + random.randrange(40 * MINUTE), engineers[0].person.account, random)
        if engineers and random.random() < 0.12:
            self._deploy(at + random.randrange(40 * MINUTE))

    def _roles(self, at: int, random: Random) -> None:
        """Monitoring reads everything, all the time."""
        caller = Caller(assumed_role("monitoring", "collector", at), "192.0.2.70", "Boto3/1.35.54")
        for _ in range(some(random, 6)):
            service, name, parameters = random.choice(READS)
            call = Call(service, name, dict(parameters) if parameters is not None else None)
            self._world.aws.call(at + random.randrange(HOUR), caller, call)
        service_call = Call(
            "sts",
            "AssumeRole",
            {
                "roleArn": "arn:aws:iam::111122223333:role/shop-web",
                "roleSessionName": "i-0a1b2c3d4e5f60718",
            },
        )
        identity: dict[str, object] = {"type": "AWSService", "invokedBy": "ec2.amazonaws.com"}
        fleet = Caller(identity, "ec2.amazonaws.com", "ec2.amazonaws.com")
        self._world.aws.call(at + 4 * MINUTE, fleet, service_call)

    def _snapshots(self, at: int) -> None:
        if at // HOUR % 24 != 3:
            return
        caller = Caller(
            assumed_role("backup", "AWSBackup", at), "backup.amazonaws.com", "backup.amazonaws.com"
        )
        call = Call(
            "ec2",
            "CreateSnapshot",
            {"volumeId": "vol-0fa2c7714e5d90b31"},
            reads=False,
            answer={"snapshotId": f"snap-0{at // HOUR:016x}", "status": "pending"},
        )
        self._world.aws.call(at + 6 * MINUTE, caller, call)

    def _engineer(self, at: int, user: str, random: Random) -> None:
        identity = iam_user(user, access_key(user))
        caller = Caller(identity, OFFICE_EGRESS, f"{CLI}ec2.describe-instances")
        if random.random() < 0.3:
            console: dict[str, object] = {
                "additionalEventData": {
                    "LoginTo": "https://console.aws.amazon.com/console/home",
                    "MobileVersion": "No",
                    "MFAUsed": "Yes",
                }
            }
            login = Call(
                "signin",
                "ConsoleLogin",
                None,
                {"ConsoleLogin": "Success"},
                reads=False,
                extra=console,
            )
            person = {key: value for key, value in identity.items() if key != "accessKeyId"}
            self._world.aws.call(at, Caller(person, OFFICE_EGRESS, CHROME), login)
        for n in range(random.randrange(2, 8)):
            service, name, parameters = random.choice(READS)
            call = Call(service, name, dict(parameters) if parameters is not None else None)
            self._world.aws.call(at + (n + 1) * MINUTE, caller, call)
        if random.random() < 0.1:
            denied = Call("iam", "ListUsers", {}, error="AccessDenied")
            self._world.aws.call(at + 9 * MINUTE, caller, denied)

    def _deploy(self, at: int) -> None:
        caller = Caller(iam_user("terraform", access_key("terraform")), OFFICE_EGRESS, TERRAFORM)
        for n, (service, name, parameters) in enumerate(PLAN * 2):
            call = Call(service, name, dict(parameters) if parameters is not None else None)
            self._world.aws.call(at + n * 900_000, caller, call)
        ingress = Call(
            "ec2",
            "AuthorizeSecurityGroupIngress",
            {
                "groupId": "sg-0c1d2e3f405162738",
                "ipPermissions": {
                    "items": [
                        {
                            "ipProtocol": "tcp",
                            "fromPort": 443,
                            "toPort": 443,
                            "ipRanges": {"items": [{"cidrIp": "0.0.0.0/0"}]},
                        }
                    ]
                },
            },
            {"_return": True},
            reads=False,
        )
        self._world.aws.call(at + MINUTE, caller, ingress)
