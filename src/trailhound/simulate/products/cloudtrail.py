"""AWS CloudTrail: gzip-compressed JSON in the folders and under the names that AWS delivers."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from trailhound.simulate.clock import HOUR, chance, compact_minute, day_of, iso
from trailhound.simulate.company import guid
from trailhound.simulate.names import AWS_ACCOUNT, AWS_REGION
from trailhound.simulate.products.blobs import Blobs

if TYPE_CHECKING:
    from pathlib import Path

    from trailhound.simulate.evidence import Schedule

Json = dict[str, object]
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
CLI = (
    "aws-cli/2.18.11 md/awscrt#0.22.0 ua/2.0 os/linux#6.1.0-26-amd64 lang/python#3.12.6 md/command#"
)
CONSOLE = "AWS Internal"
TERRAFORM = (
    "APN/1.0 HashiCorp/1.0 Terraform/1.9.8 (+https://www.terraform.io) "
    "terraform-provider-aws/5.73.0 aws-sdk-go-v2/1.32.2 os/linux lang/go#1.23.1"
)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who called: identity as CloudTrail writes it, address and client."""

    identity: Json
    address: str
    agent: str


@dataclass(frozen=True, slots=True)
class Call:
    """One call of one service."""

    service: str
    name: str
    parameters: Json | None = None
    answer: Json | None = None
    reads: bool = True
    error: str = ""
    extra: Json = field(default_factory=dict)


class CloudTrail:
    """One trail of one account and region."""

    def __init__(self, schedule: Schedule, root: Path, seed: int) -> None:
        self._schedule = schedule
        self._random = chance(seed, "cloudtrail")
        self._names = chance(seed, "cloudtrail names")
        self._blobs = Blobs[Json](
            root, HOUR, self._name, lambda record: f"eventID {record['eventID']}", _records
        )
        self.products = (self._blobs,)

    def call(self, at: int, caller: Caller, call: Call, *, step: str | None = None) -> None:
        """Write one call."""
        host = f"{call.service}.{AWS_REGION}.amazonaws.com"
        record: Json = {
            "eventVersion": "1.10",
            "userIdentity": caller.identity,
            "eventTime": iso(at) + "Z",
            "eventSource": f"{call.service}.amazonaws.com",
            "eventName": call.name,
            "awsRegion": AWS_REGION,
            "sourceIPAddress": caller.address,
            "userAgent": caller.agent,
        }
        if call.error:
            arn = caller.identity.get("arn", "")
            record["errorCode"] = call.error
            record["errorMessage"] = (
                f"User: {arn} is not authorized to perform: {call.service}:{call.name}"
            )
        record |= {
            "requestParameters": call.parameters,
            "responseElements": call.answer,
            **call.extra,
            "requestID": guid(self._random),
            "eventID": guid(self._random),
            "readOnly": call.reads,
            "eventType": "AwsConsoleSignIn" if call.service == "signin" else "AwsApiCall",
            "managementEvent": True,
            "recipientAccountId": AWS_ACCOUNT,
            "eventCategory": "Management",
        }
        if not caller.address.endswith(".amazonaws.com"):
            record["tlsDetails"] = {
                "tlsVersion": "TLSv1.3",
                "cipherSuite": "TLS_AES_128_GCM_SHA256",
                "clientProvidedHostHeader": host,
            }
        self._schedule.add(at, self._blobs.write, record, step)

    def _name(self, at: int) -> str:
        unique = "".join(self._names.choices(_ALPHABET, k=16))
        folder = f"cloud/aws/AWSLogs/{AWS_ACCOUNT}/CloudTrail/{AWS_REGION}/{day_of(at):%Y/%m/%d}"
        stamp = compact_minute(at + HOUR)
        return f"{folder}/{AWS_ACCOUNT}_CloudTrail_{AWS_REGION}_{stamp}_{unique}.json.gz"


def iam_user(name: str, key: str) -> Json:
    """Identify a call by a user's long-lived access key."""
    return {
        "type": "IAMUser",
        "principalId": f"AIDA{_suffix(name)}",
        "arn": f"arn:aws:iam::{AWS_ACCOUNT}:user/{name}",
        "accountId": AWS_ACCOUNT,
        "accessKeyId": key,
        "userName": name,
    }


def assumed_role(role: str, session: str, at: int) -> Json:
    """Identify a call by a role's temporary credentials."""
    principal = f"AROA{_suffix(role)}"
    return {
        "type": "AssumedRole",
        "principalId": f"{principal}:{session}",
        "arn": f"arn:aws:sts::{AWS_ACCOUNT}:assumed-role/{role}/{session}",
        "accountId": AWS_ACCOUNT,
        "accessKeyId": f"ASIA{_suffix(role + session)}",
        "sessionContext": {
            "sessionIssuer": {
                "type": "Role",
                "principalId": principal,
                "arn": f"arn:aws:iam::{AWS_ACCOUNT}:role/{role}",
                "accountId": AWS_ACCOUNT,
                "userName": role,
            },
            "attributes": {
                "creationDate": iso(at // HOUR * HOUR) + "Z",
                "mfaAuthenticated": "false",
            },
        },
    }


def access_key(user: str) -> str:
    """Return the access key id that a user has had all the time."""
    return f"AKIA{_suffix('key of ' + user)}"


def _suffix(text: str) -> str:
    return "".join(chance("aws", text).choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", k=16))


def _records(records: list[Json]) -> bytes:
    return _encode({"Records": records}).encode()
