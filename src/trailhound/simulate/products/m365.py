"""Microsoft 365's unified audit log in its two envelopes.

What the search cmdlet exports as CSV (mail and files), one file a day, with some rows twice as
overlapping searches leave them; and what the Management Activity API delivers (sign-ins and
directory), as JSON arrays.
"""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

from trailhound.simulate.clock import HOUR, chance, compact_minute, day_of, iso, us_twelve_hours
from trailhound.simulate.company import guid
from trailhound.simulate.evidence import Pointer
from trailhound.simulate.names import TENANT
from trailhound.simulate.products.blobs import Blobs
from trailhound.simulate.products.files import Series

if TYPE_CHECKING:
    from pathlib import Path

    from trailhound.simulate.company import Person
    from trailhound.simulate.evidence import Schedule

Json = dict[str, object]
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_HEADER = (
    "PSComputerName", "RunspaceId", "PSShowComputerName", "RecordType", "CreationDate", "UserIds",
    "Operations", "AuditData", "ResultIndex", "ResultCount", "Identity", "IsValid", "ObjectState",
)  # fmt: skip
_TYPES = {
    1: "ExchangeAdmin", 2: "ExchangeItem", 3: "ExchangeItemGroup", 4: "SharePoint",
    6: "SharePointFileOperation", 8: "AzureActiveDirectory", 14: "SharePointSharingOperation",
    15: "AzureActiveDirectoryStsLogon", 25: "MicrosoftTeams", 50: "ExchangeItemAggregated",
}  # fmt: skip
DIRECTORY = (8, 15)
OUTLOOK_WEB = "27922004-5251-4030-b22d-91ecd9a37ea4"
OFFICE = "d3590ed6-52b3-4102-aeff-aad2292ab01c"
SHAREPOINT = "https://acme.sharepoint.com"
TWICE = 50
"""One row in this many is exported twice."""


class UnifiedAudit:
    """The tenant's audit log."""

    def __init__(self, schedule: Schedule, root: Path, seed: int) -> None:
        self._schedule = schedule
        self._random = chance(seed, "m365")
        self._csv = SearchCsv(root, seed)
        self._api = Blobs[Json](
            root,
            6 * HOUR,
            lambda at: f"cloud/m365/api/Audit.AzureActiveDirectory_{compact_minute(at)}.json",
            lambda record: f"Id {record['Id']}",
            lambda records: _encode(records).encode(),
        )
        self.products = (self._csv, self._api)

    def record(
        self,
        at: int,
        kind: int,
        operation: str,
        person: Person,
        fields: Json,
        *,
        step: str | None = None,
    ) -> None:
        """Write one record of one person; `kind` is Microsoft's number of the record type."""
        record: Json = {
            "CreationTime": iso(at),
            "Id": guid(self._random),
            "Operation": operation,
            "OrganizationId": TENANT,
            "RecordType": kind,
            "ResultStatus": "Succeeded" if kind in (2, 3, 50) else "Success",
            "UserKey": person.puid if kind in (2, 3, 50) else person.object_id,
            "UserType": 0,
            "Version": 1,
            "Workload": _workload(kind),
            "UserId": person.mail,
        } | fields
        sink = self._api.write if kind in DIRECTORY else self._csv.write
        self._schedule.add(at, sink, record, step)

    def sign_in(
        self,
        at: int,
        person: Person,
        address: str,
        agent: str,
        *,
        error: tuple[str, str] = ("0", ""),
        session: str = "",
        step: str | None = None,
    ) -> None:
        """Write UserLoggedIn, or UserLoginFailed with its error (number, name)."""
        failed = error[0] != "0"
        fields: Json = {
            "ClientIP": address,
            "ObjectId": "00000002-0000-0ff1-ce00-000000000000",
            "AzureActiveDirectoryEventType": 1,
            "ExtendedProperties": pairs(
                ResultStatusDetail="UserError" if failed else "Success",
                UserAgent=agent,
                RequestType="OAuth2:Authorize",
            ),
            "ModifiedProperties": [],
            "Actor": [{"ID": person.object_id, "Type": 0}, {"ID": person.mail, "Type": 5}],
            "ActorContextId": TENANT,
            "ActorIpAddress": address,
            "InterSystemsId": guid(self._random),
            "IntraSystemId": guid(self._random),
            "SupportTicketId": "",
            "Target": [{"ID": "00000002-0000-0ff1-ce00-000000000000", "Type": 0}],
            "TargetContextId": TENANT,
            "ApplicationId": OUTLOOK_WEB,
            "DeviceProperties": pairs(
                OS="Windows10",
                BrowserType="Chrome",
                IsCompliantAndManaged="False",
                SessionId=session or guid(self._random),
            ),
            "ErrorNumber": error[0],
        }
        if failed:
            fields |= {"ResultStatus": "Failed", "LogonError": error[1]}
        operation = "UserLoginFailed" if failed else "UserLoggedIn"
        self.record(at, 15, operation, person, fields, step=step)

    def directory(
        self,
        at: int,
        person: Person,
        operation: str,
        target: tuple[str, str],
        changes: dict[str, str],
        *,
        step: str | None = None,
    ) -> None:
        """Write a change in the directory to a target (type, name)."""
        fields: Json = {
            "ObjectId": target[1],
            "AzureActiveDirectoryEventType": 1,
            "ExtendedProperties": pairs(
                additionalDetails='{"User-Agent":"EvoSTS"}', extendedAuditEventCategory=target[0]
            ),
            "ModifiedProperties": [
                {"Name": name, "NewValue": value, "OldValue": ""} for name, value in changes.items()
            ],
            "Actor": [
                {"ID": person.mail, "Type": 5},
                {"ID": person.puid, "Type": 3},
                {"ID": f"User_{person.object_id}", "Type": 2},
                {"ID": person.object_id, "Type": 2},
                {"ID": "User", "Type": 2},
            ],
            "ActorContextId": TENANT,
            "InterSystemsId": guid(self._random),
            "IntraSystemId": guid(self._random),
            "SupportTicketId": "",
            "Target": [{"ID": target[0], "Type": 2}, {"ID": target[1], "Type": 1}],
            "TargetContextId": TENANT,
            "UserKey": f"{person.puid}@{person.mail.split('@')[1]}",
        }
        self.record(at, 8, operation, person, fields, step=step)

    def cmdlet(
        self,
        at: int,
        person: Person,
        operation: str,
        address: str,
        parameters: dict[str, str],
        *,
        session: str = "",
        step: str | None = None,
    ) -> None:
        """Write an Exchange change, e.g. New-InboxRule; addresses carry a port here."""
        fields: Json = {
            "ClientIP": f"[{address}]:45022" if ":" in address else f"{address}:45022",
            "ObjectId": f"EURPR05A001.PROD.OUTLOOK.COM/Microsoft Exchange/{person.account}",
            "ResultStatus": "True",
            "UserKey": person.puid,
            "UserType": 2,
            "AppId": OUTLOOK_WEB,
            "ClientAppId": "",
            "ExternalAccess": False,
            "OrganizationName": "acme.onmicrosoft.com",
            "OriginatingServer": "AM0PR05MB4321 (15.20.8093.025)",
            "Parameters": pairs(**parameters),
            "SessionId": session or guid(self._random),
        }
        self.record(at, 1, operation, person, fields, step=step)

    def mail_access(
        self,
        at: int,
        person: Person,
        address: str,
        *,
        client: str,
        messages: int,
        session: str = "",
        step: str | None = None,
    ) -> None:
        """Write MailItemsAccessed for some messages of the inbox."""
        items = [
            {
                "InternetMessageId": f"<{guid(self._random)}@{person.mail.split('@')[1]}>",
                "SizeInBytes": 44_000,
            }
            for _ in range(messages)
        ]
        fields = self._mailbox(person, address, client) | {
            "OperationProperties": pairs(MailAccessType="Bind", IsThrottled="False"),
            "Folders": [{"FolderItems": items, "Id": "LgAAAAAM7KyT", "Path": "\\Inbox"}],
            "OperationCount": messages,
        }
        if session:
            fields["SessionId"] = session
        self.record(at, 50, "MailItemsAccessed", person, fields, step=step)

    def send(
        self,
        at: int,
        person: Person,
        address: str,
        subject: str,
        *,
        client: str,
        attachment: str = "",
        step: str | None = None,
    ) -> None:
        """Write Send."""
        item: Json = {
            "Id": "Unknown",
            "InternetMessageId": f"<{guid(self._random)}@{person.mail.split('@')[1]}>",
            "ParentFolder": {"Id": "LgAAAAAM7KyT", "Path": "\\Drafts"},
            "SizeInBytes": 20_000 + self._random.randrange(90_000),
            "Subject": subject,
        }
        if attachment:
            item["Attachments"] = f"{attachment} (48213b)"
        self.record(
            at,
            2,
            "Send",
            person,
            self._mailbox(person, address, client) | {"Item": item},
            step=step,
        )

    def file(
        self,
        at: int,
        person: Person,
        operation: str,
        address: str,
        place: tuple[str, str],
        *,
        agent: str,
        step: str | None = None,
    ) -> None:
        """Write what somebody did to a file of a SharePoint site (site, file name)."""
        site, name = place
        folder = f"{SHAREPOINT}/sites/{site}/Shared Documents"
        fields: Json = {
            "ClientIP": address,
            "ObjectId": f"{folder}/{name}",
            "UserKey": f"i:0h.f|membership|{person.puid.lower()}@live.com",
            "CorrelationId": guid(self._random),
            "EventSource": "SharePoint",
            "ItemType": "File",
            "ListId": guid(self._random),
            "Site": TENANT,
            "UserAgent": agent,
            "SourceFileExtension": name.rpartition(".")[2],
            "SiteUrl": f"{SHAREPOINT}/sites/{site}/",
            "SourceFileName": name,
            "SourceRelativeUrl": "Shared Documents",
        }
        self.record(at, 6, operation, person, fields, step=step)

    def _mailbox(self, person: Person, address: str, client: str) -> Json:
        sid = f"S-1-5-21-1482476501-3017834512-2873504967-{26_000_000 + person.number}"
        return {
            "ClientIPAddress": address,
            "ClientInfoString": client,
            "ExternalAccess": False,
            "InternalLogonType": 0,
            "LogonType": 0,
            "LogonUserSid": sid,
            "MailboxGuid": person.object_id,
            "MailboxOwnerSid": sid,
            "MailboxOwnerUPN": person.mail,
            "OrganizationName": "acme.onmicrosoft.com",
            "OriginatingServer": "AM0PR05MB4321 (15.20.4200.000)\r\n",
        }


class SearchCsv:
    """Search-UnifiedAuditLog, run for every hour and appended to one file a day."""

    def __init__(self, root: Path, seed: int) -> None:
        self._random = chance(seed, "m365 csv")
        self._rows: list[tuple[int, Json]] = []
        head = _row(_HEADER)
        self._series = Series(root, _export_name, lambda _: b"\xef\xbb\xbf" + head)

    def write(self, at: int, record: Json) -> Pointer:
        if self._rows and self._rows[0][0] // HOUR != at // HOUR:
            self._export()
        self._rows.append((at, record))
        if not self._random.randrange(TWICE):
            self._rows.append((at, record))
        return Pointer(_export_name(at), f"Id {record['Id']}")

    def tick(self, at: int) -> None:
        if self._rows and at // HOUR > self._rows[0][0] // HOUR:
            self._export()

    def close(self) -> None:
        self._export()
        self._series.close()

    def _export(self) -> None:
        space = guid(self._random)
        count = len(self._rows)
        for index, (at, record) in enumerate(self._rows, 1):
            cells = (
                "outlook.office365.com",
                space,
                "False",
                _TYPES[_number(record)],
                us_twelve_hours(at),
                str(record["UserId"]),
                str(record["Operation"]),
                _encode(record),
                str(index),
                str(count),
                str(record["Id"]),
                "True",
                "Unchanged",
            )
            self._series.write(at, _row(cells))
        self._rows = []


def _export_name(at: int) -> str:
    return f"cloud/m365/UAL-{day_of(at):%Y%m%d}.csv"


def pairs(**values: str) -> list[dict[str, str]]:
    """Write names and values as Microsoft does: a list of objects."""
    return [{"Name": name, "Value": value} for name, value in values.items()]


def _number(record: Json) -> int:
    number = record["RecordType"]
    return number if isinstance(number, int) else 0


def _workload(kind: int) -> str:
    if kind in DIRECTORY:
        return "AzureActiveDirectory"
    return {6: "SharePoint", 14: "SharePoint", 25: "MicrosoftTeams"}.get(kind, "Exchange")


def _row(cells: tuple[str, ...]) -> bytes:
    line = io.StringIO()
    csv.writer(line, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow(cells)
    return line.getvalue().encode()
