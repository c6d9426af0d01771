"""Entra ID's sign-in and audit logs, as a diagnostic setting exports them to a storage account."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trailhound.simulate.clock import HOUR, chance, iso_second, iso_ticks
from trailhound.simulate.company import guid
from trailhound.simulate.names import TENANT
from trailhound.simulate.products.blobs import Blobs

if TYPE_CHECKING:
    from pathlib import Path

    from trailhound.simulate.company import Person
    from trailhound.simulate.evidence import Schedule

Json = dict[str, object]
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
RESOURCE = f"/tenants/{TENANT}/providers/Microsoft.aadiam"
REASONS = {
    0: "",
    50126: "Error validating credentials due to invalid username or password.",
    50074: "Strong Authentication is required.",
    50076: "Due to a configuration change made by your administrator, or because you moved to a "
    "new location, you must use multi-factor authentication to access the resource.",
    500121: "Authentication failed during strong authentication request.",
    50053: "The account is locked, you've tried to sign in too many times with an incorrect user "
    "ID or password.",
    50055: "The password is expired.",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where an address is, and whose network it belongs to."""

    city: str
    country: str
    latitude: float
    longitude: float
    network: int


HOME = Place("Hamburg", "DE", 53.55, 9.99, 64496)
VIENNA = Place("Vienna", "AT", 48.21, 16.37, 64511)
AMSTERDAM = Place("Amsterdam", "NL", 52.37, 4.89, 64500)
LAGOS = Place("Lagos", "NG", 6.45, 3.39, 64502)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One sign-in: from where, with what, to which application, and how it ended."""

    address: str
    place: Place
    agent: str
    application: tuple[str, str] = (
        "Office 365 Exchange Online",
        "00000002-0000-0ff1-ce00-000000000000",
    )
    error: int = 0
    mfa: str = ""
    managed: bool = True
    risk: str = "none"
    system: str = "Windows10"


class Entra:
    """The tenant's directory logs."""

    def __init__(self, schedule: Schedule, root: Path, seed: int) -> None:
        self._schedule = schedule
        self._random = chance(seed, "entra")
        self._signins = _blobs(root, "insights-logs-signinlogs")
        self._audit = _blobs(root, "insights-logs-auditlogs")
        self.products = (self._signins, self._audit)

    def sign_in(
        self, at: int, person: Person, attempt: Attempt, *, step: str | None = None
    ) -> None:
        """Write one interactive sign-in."""
        identity = guid(self._random)
        reason = REASONS[attempt.error]
        properties = _who(person, attempt, identity) | _how(attempt, iso_ticks(at) + "+00:00")
        record = self._wrap(at, "Sign-in activity", "SignInLogs", properties)
        record |= {"resultType": str(attempt.error), "callerIpAddress": attempt.address}
        record |= {"identity": person.name, "location": attempt.place.country}
        if reason:
            record["resultDescription"] = reason
        self._schedule.add(at, self._signins.write, record, step)

    def audit(
        self,
        at: int,
        person: Person,
        activity: str,
        *,
        address: str,
        target: Json,
        category: str = "UserManagement",
        step: str | None = None,
    ) -> None:
        """Write one change in the directory by a person."""
        properties: Json = {
            "id": f"Directory_{guid(self._random)}_{self._random.randrange(10**8)}",
            "category": category,
            "correlationId": guid(self._random),
            "result": "success",
            "resultReason": "",
            "activityDisplayName": activity,
            "activityDateTime": iso_ticks(at) + "+00:00",
            "loggedByService": "Core Directory",
            "operationType": "Update",
            "userAgent": None,
            "initiatedBy": {
                "user": {
                    "id": person.object_id,
                    "displayName": None,
                    "userPrincipalName": person.mail,
                    "ipAddress": address,
                    "roles": [],
                }
            },
            "targetResources": [target],
            "additionalDetails": [],
        }
        record = self._wrap(at, activity, "AuditLogs", properties)
        self._schedule.add(at, self._audit.write, record, step)

    def _wrap(self, at: int, operation: str, category: str, properties: Json) -> Json:
        return {
            "time": iso_ticks(at) + "Z",
            "resourceId": RESOURCE,
            "operationName": operation,
            "operationVersion": "1.0",
            "category": category,
            "tenantId": TENANT,
            "resultSignature": "None",
            "durationMs": 0,
            "correlationId": properties["correlationId"],
            "Level": 4,
            "properties": properties,
        }


def change(name: str, old: str | None, new: str) -> Json:
    """Write one modified property: values are JSON inside text."""
    before = None if old is None else json.dumps(old)
    return {"displayName": name, "oldValue": before, "newValue": json.dumps(new)}


def _blobs(root: Path, container: str) -> Blobs[Json]:
    def name(at: int) -> str:
        stamp = iso_second(at // 1_000_000)
        year, month, day, hour = stamp[:4], stamp[5:7], stamp[8:10], stamp[11:13]
        folder = f"cloud/entra/{container}/tenantId={TENANT}"
        return f"{folder}/y={year}/m={month}/d={day}/h={hour}/m=00/PT1H.json"

    return Blobs[Json](root, HOUR, name, _identity, _lines)


def _identity(record: Json) -> str:
    properties = record["properties"]
    return f"id {properties['id']}" if isinstance(properties, dict) else ""


def _lines(records: list[Json]) -> bytes:
    return "".join(_encode(record) + "\r\n" for record in records).encode()


def _who(person: Person, attempt: Attempt, identity: str) -> Json:
    return {
        "id": identity,
        "userDisplayName": person.name,
        "userPrincipalName": person.mail,
        "userId": person.object_id,
        "appId": attempt.application[1],
        "appDisplayName": attempt.application[0],
        "ipAddress": attempt.address,
        "clientAppUsed": "Browser",
        "userAgent": attempt.agent,
        "deviceDetail": _device(person, attempt),
        "location": _location(attempt.place),
        "correlationId": identity,
        "resourceDisplayName": attempt.application[0],
        "resourceId": attempt.application[1],
        "resourceTenantId": TENANT,
        "homeTenantId": TENANT,
        "userType": "Member",
        "autonomousSystemNumber": attempt.place.network,
        "uniqueTokenIdentifier": identity[:22],
    }


def _how(attempt: Attempt, stamp: str) -> Json:
    return {
        "createdDateTime": stamp,
        "status": _status(attempt, REASONS[attempt.error]),
        "mfaDetail": {"authMethod": attempt.mfa} if attempt.mfa else {},
        "conditionalAccessStatus": "failure" if attempt.error in (50074, 500121) else "success",
        "appliedConditionalAccessPolicies": [],
        "isInteractive": True,
        "tokenIssuerType": "AzureAD",
        "riskDetail": "none",
        "riskLevelAggregated": attempt.risk,
        "riskLevelDuringSignIn": attempt.risk,
        "riskState": "none" if attempt.risk == "none" else "atRisk",
        "riskEventTypes": [],
        "riskEventTypes_v2": [] if attempt.risk == "none" else ["unfamiliarFeatures"],
        "authenticationDetails": _steps(stamp, attempt),
        "authenticationRequirement": "multiFactorAuthentication",
        "crossTenantAccessType": "none",
        "incomingTokenType": "none",
        "authenticationProtocol": "none",
    }


def _status(attempt: Attempt, reason: str) -> Json:
    if attempt.error:
        return {"errorCode": attempt.error, "failureReason": reason}
    details = (
        "MFA completed in Azure AD"
        if attempt.mfa
        else "MFA requirement satisfied by claim in the token"
    )
    return {"errorCode": 0, "additionalDetails": details}


def _device(person: Person, attempt: Attempt) -> Json:
    if not attempt.managed:
        return {"deviceId": "", "operatingSystem": attempt.system, "browser": "Chrome 130.0.0"}
    return {
        "deviceId": person.object_id[::-1],
        "displayName": person.computer,
        "operatingSystem": attempt.system,
        "browser": "Edge 130.0.0",
        "isCompliant": True,
        "isManaged": True,
        "trustType": "Hybrid Azure AD joined",
    }


def _location(place: Place) -> Json:
    point = {"latitude": place.latitude, "longitude": place.longitude}
    return {
        "city": place.city,
        "state": "",
        "countryOrRegion": place.country,
        "geoCoordinates": point,
    }


def _steps(stamp: str, attempt: Attempt) -> list[Json]:
    good = attempt.error not in (50126, 50053)
    first: Json = {
        "authenticationStepDateTime": stamp,
        "authenticationMethod": "Password",
        "authenticationMethodDetail": "Password in the cloud",
        "succeeded": good,
        "authenticationStepResultDetail": "Correct password" if good else "Incorrect password",
        "authenticationStepRequirement": "Primary authentication",
        "StatusSequence": 0,
        "RequestSequence": 1,
    }
    if not attempt.mfa and attempt.error != 500121:
        return [first]
    denied = attempt.error == 500121
    second: Json = {
        "authenticationStepDateTime": stamp,
        "authenticationMethod": "Mobile app notification",
        "succeeded": not denied,
        "authenticationStepResultDetail": "MFA denied; user declined the authentication"
        if denied
        else "MFA completed in Azure AD",
        "authenticationStepRequirement": "",
        "StatusSequence": 1,
        "RequestSequence": 2,
    }
    return [first, second]
