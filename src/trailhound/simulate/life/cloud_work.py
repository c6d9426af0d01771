"""What people do in Microsoft 365 and, in the small design team, in Google Workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trailhound.simulate.clock import HOUR, MINUTE, SECOND
from trailhound.simulate.company import guid
from trailhound.simulate.life.browsing import some
from trailhound.simulate.names import DOCUMENTS, EDGE, SAFARI_PHONE, WORKSPACE_DOMAIN
from trailhound.simulate.products.entra import Attempt
from trailhound.simulate.products.m365 import pairs
from trailhound.simulate.products.workspace import parameter

if TYPE_CHECKING:
    from random import Random

    from trailhound.simulate.life.diary import Diary, Workday
    from trailhound.simulate.world import World

OUTLOOK = "Client=MSExchangeRPC"
WEB_MAIL = "Client=OWA;Action=ViaProxy"
DESIGNERS = ("mira", "jonte", "admin")
SUBJECTS = (
    "Re: Offer", "Minutes of today", "Delivery date", "Re: Re: Drawing", "Invoice", "Question",
    "Visit next week", "Re: Forecast", "Holiday plan", "Re: Complaint 4471",
)  # fmt: skip
SITES = ("sales", "engineering", "company", "projects")
FILE_OPERATIONS = (
    "FileAccessed",
    "FileAccessed",
    "FileModified",
    "FilePreviewed",
    "FileDownloaded",
)
APPLICATIONS = (
    ("Office 365 Exchange Online", "00000002-0000-0ff1-ce00-000000000000"),
    ("Office 365 SharePoint Online", "00000003-0000-0ff1-ce00-000000000000"),
    ("Microsoft Teams", "1fec8e78-bce4-4aaf-ab1b-5451cc387264"),
    ("Windows Sign In", "38aa3b87-a06d-4817-b275-7a316988d93b"),
)


class CloudWork:
    """The tenant's ordinary records."""

    def __init__(self, world: World, diary: Diary) -> None:
        self._world = world
        self._diary = diary

    def hour(self, at: int) -> None:
        for workday in self._diary.at_work(at):
            random = self._world.chance("cloud", workday.person.number, at)
            if at <= workday.starts < at + HOUR:
                self._sign_in(workday.starts + 2 * MINUTE, workday, random)
            self._mail(at, workday, random)
            self._files(at, workday, random)
        self._system_noise(at)

    def _sign_in(self, at: int, workday: Workday, random: Random) -> None:
        person, address = workday.person, random.choice(workday.egress)
        if random.random() < 0.08:
            wrong = Attempt(address, workday.place, EDGE, error=50126)
            self._world.entra.sign_in(at - 30 * SECOND, person, wrong)
            self._world.m365.sign_in(
                at - 30 * SECOND,
                person,
                address,
                EDGE,
                error=("50126", "InvalidUserNameOrPassword"),
            )
        if random.random() < 0.25:
            interrupt = Attempt(address, workday.place, EDGE, error=50074)
            self._world.entra.sign_in(at - 9 * SECOND, person, interrupt)
            self._world.m365.sign_in(
                at - 9 * SECOND,
                person,
                address,
                EDGE,
                error=("50074", "UserStrongAuthClientAuthNRequiredInterrupt"),
            )
        for n, application in enumerate(random.sample(APPLICATIONS, 3)):
            moment = at + n * random.randrange(MINUTE, 20 * MINUTE)
            attempt = Attempt(
                address,
                workday.place,
                EDGE,
                application,
                mfa="Mobile app notification" if n == 0 and random.random() < 0.3 else "",
            )
            self._world.entra.sign_in(moment, person, attempt)
            self._world.m365.sign_in(moment, person, address, EDGE)
        if random.random() < 0.5:
            phone = Attempt(address, workday.place, SAFARI_PHONE, managed=False, system="iOS 18.1")
            self._world.entra.sign_in(at + 33 * MINUTE, person, phone)

    def _mail(self, at: int, workday: Workday, random: Random) -> None:
        person, audit = workday.person, self._world.m365
        address = workday.egress[0]
        for _ in range(some(random, 1)):
            moment = at + random.randrange(HOUR)
            audit.mail_access(
                moment, person, address, client=OUTLOOK, messages=random.randrange(1, 4)
            )
        for _ in range(some(random, 1)):
            moment = at + random.randrange(HOUR)
            audit.send(moment, person, address, random.choice(SUBJECTS), client=OUTLOOK)
        if random.random() < 0.004:
            rule = {
                "Name": "Newsletters",
                "FromAddressContainsWords": "news@",
                "MoveToFolder": "Newsletters",
            }
            audit.cmdlet(at + 7 * MINUTE, person, "New-InboxRule", address, rule)

    def _files(self, at: int, workday: Workday, random: Random) -> None:
        for _ in range(some(random, 2)):
            name = random.choice(DOCUMENTS).format(n=random.randrange(100, 400))
            self._world.m365.file(
                at + random.randrange(HOUR),
                workday.person,
                random.choice(FILE_OPERATIONS),
                workday.egress[0],
                (random.choice(SITES), name),
                agent=EDGE,
            )

    def _system_noise(self, at: int) -> None:
        """Microsoft's own servers change mailboxes all the time, in the customer's log."""
        random = self._world.chance("m365 system", at)
        if random.random() < 0.6:
            return
        fields: dict[str, object] = {
            "ClientIP": "",
            "ExternalAccess": True,
            "UserId": "NT AUTHORITY\\SYSTEM (Microsoft.Exchange.ServiceHost)",
            "UserKey": "NT AUTHORITY\\SYSTEM (Microsoft.Exchange.ServiceHost)",
            "UserType": 3,
            "ResultStatus": "True",
            "OrganizationName": "acme.onmicrosoft.com",
            "OriginatingServer": "AM0PR05MB4321 (15.20.8093.025)",
            "Parameters": pairs(Identity=guid(random), AuditEnabled="True"),
        }
        person = self._world.company.people[random.randrange(len(self._world.company.people))]
        self._world.m365.record(at + random.randrange(HOUR), 1, "Set-Mailbox", person, fields)


class Designers:
    """Three people in a Google Workspace of their own."""

    def __init__(self, world: World, diary: Diary) -> None:
        self._world = world
        self._diary = diary

    def hour(self, at: int) -> None:
        if not 6 <= at // HOUR % 24 <= 16 or not self._diary.at_work(at):
            return
        random = self._world.chance("designers", at)
        name = DESIGNERS[random.randrange(2)]
        email, address = f"{name}@{WORKSPACE_DOMAIN}", "2001:db8:77:1::12"
        moment = at + random.randrange(HOUR)
        if random.random() < 0.3:
            self._login(moment, email, address, random)
        for n in range(some(random, 1)):
            self._drive(moment + (n + 1) * MINUTE, email, address, random)

    def _login(self, at: int, email: str, address: str, random: Random) -> None:
        ok = random.random() > 0.1
        details = [
            parameter("login_type", "google_password"),
            parameter("login_challenge_method", ["password"]),
            parameter("is_suspicious", value=False),
        ]
        name = "login_success" if ok else "login_failure"
        self._world.workspace.activity(at, "login", (email, address), ("login", name), *details)

    def _drive(self, at: int, email: str, address: str, random: Random) -> None:
        details = [
            parameter("primary_event", value=True),
            parameter("doc_id", f"1{random.getrandbits(120):030x}"),
            parameter("doc_title", random.choice(DOCUMENTS).format(n=random.randrange(100))),
            parameter("doc_type", "document"),
            parameter("visibility", "shared_internally"),
            parameter("owner", email),
        ]
        event = ("access", random.choice(("view", "view", "edit", "download")))
        self._world.workspace.activity(at, "drive", (email, address), event, *details)
