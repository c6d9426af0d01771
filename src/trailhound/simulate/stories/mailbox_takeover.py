"""A mailbox is taken over and a payment fraud prepared.

Phish, a click, prompts until one is accepted, a rule that hides answers, an application that
stays, mail and files read, and partners told of a new bank account.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from trailhound.simulate.clock import MINUTE, SECOND
from trailhound.simulate.company import DC, account_of, guid
from trailhound.simulate.names import CHROME, DOCUMENTS, DOMAIN, PARTNERS
from trailhound.simulate.products.entra import AMSTERDAM, Attempt, change
from trailhound.simulate.products.mail_log import Letter
from trailhound.simulate.products.zeek import Flow, Request

if TYPE_CHECKING:
    from datetime import date

    from trailhound.simulate.company import Person
    from trailhound.simulate.stories.stage import Stage

AGENT = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 "
    "Safari/537.36"
)
BROWSER = '"C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe"'
REST = "Client=REST;Client=RESTSystem;;"
APPLICATION = "Mail Archive Sync"
SCOPE = "Mail.Read Mail.ReadWrite Mail.Send Files.Read.All offline_access"


def play(stage: Stage) -> None:
    """Play the whole story on the second working day."""
    day = stage.day(1)
    take_over(stage, stage.victim("FIN", day), day)


def take_over(stage: Stage, victim: Person, day: date) -> None:
    """From the letter at 9:12 to the fraud before noon."""
    lure(stage, victim, stage.at(day, 9, 12))
    click(stage, victim, stage.at(day, 9, 19))
    session = sign_in(stage, victim, stage.at(day, 9, 31))
    hide(stage, victim, stage.at(day, 9, 40), session)
    consent(stage, victim, stage.at(day, 9, 52))
    read(stage, victim, stage.at(day, 10, 5), session)
    defraud(stage, victim, stage.at(day, 10, 47), session)


def lure(stage: Stage, victim: Person, at: int) -> None:
    """A letter from a domain that looks like ours."""
    intruder = stage.intruder
    step = stage.step(
        at,
        "T1566.002",
        f"a letter from the look-alike domain {intruder.domain} arrives",
        users=(victim.mail,),
        addresses=(intruder.address,),
    )
    letter = Letter(
        f"billing@{intruder.domain}",
        (victim.mail,),
        (f"mail.{intruder.domain}", intruder.address),
        f"8841.invoice@{intruder.domain}",
        18_211,
    )
    stage.world.mail.deliver(at - 300_000, letter, step=step)


def click(stage: Stage, victim: Person, at: int) -> None:
    """The link is opened: name, connection, page."""
    world, intruder = stage.world, stage.intruder
    host = world.company.computer(victim)
    step = stage.step(
        at,
        "T1204.001",
        f"the link to {intruder.domain} is opened",
        hosts=(host.name,),
        users=(victim.account,),
        addresses=(intruder.address, host.address),
    )
    shell = world.windows.root(host, r"C:\Windows\explorer.exe", account_of(victim))
    browser = world.windows.start(
        at - 2 * SECOND,
        host,
        f"{BROWSER} --single-argument http://{intruder.domain}/s?d=8841",
        parent=shell,
    )
    world.windows.resolve(at - SECOND, host, browser, intruder.domain, intruder.address)
    world.zeek.lookup(at - SECOND, host.address, DC.address, intruder.domain, (intruder.address,))
    flow = Flow(host.address, intruder.address, 80, SECOND, 640, 31_000)
    world.zeek.request(at, flow, Request(intruder.domain, "/s?d=8841", CHROME), step=step)
    world.windows.connect(at, host, browser, (intruder.address, 443), name=intruder.domain)
    tls = Flow(host.address, intruder.address, 443, 40 * SECOND, 5200, 88_000)
    world.zeek.tls(at + 2 * SECOND, tls, f"login.{intruder.domain}")


def sign_in(stage: Stage, victim: Person, at: int) -> str:
    """The password is right; six prompts are declined, the seventh is accepted."""
    _prompt(stage, victim, at)
    world, address = stage.world, stage.intruder.address
    session = guid(stage.chance("session"))
    inside = at + 4 * MINUTE
    step = stage.step(
        inside,
        "T1078.004",
        "a sign-in from the Netherlands succeeds after many prompts",
        users=(victim.mail,),
        addresses=(address,),
    )
    good = Attempt(
        address,
        AMSTERDAM,
        AGENT,
        mfa="Mobile app notification",
        managed=False,
        risk="medium",
        system="Linux",
    )
    world.entra.sign_in(inside, victim, good, step=step)
    again = stage.step(
        inside,
        "T1078.004",
        "the audit log shows the same sign-in",
        users=(victim.mail,),
        addresses=(address,),
    )
    world.m365.sign_in(inside + SECOND, victim, address, AGENT, session=session, step=again)
    return session


def _prompt(stage: Stage, victim: Person, at: int) -> None:
    world, address = stage.world, stage.intruder.address
    tired = stage.step(
        at,
        "T1621",
        "six prompts in four minutes are declined",
        users=(victim.mail,),
        addresses=(address,),
    )
    for n in range(6):
        moment = at + n * 38 * SECOND
        denied = Attempt(address, AMSTERDAM, AGENT, error=500121, managed=False, system="Linux")
        world.entra.sign_in(moment, victim, denied, step=tired if n == 0 else None)
        world.m365.sign_in(
            moment,
            victim,
            address,
            AGENT,
            error=("500121", "AuthenticationFailedDuringStrongAuthenticationRequest"),
        )


def hide(stage: Stage, victim: Person, at: int, session: str) -> None:
    """A rule with a full stop for a name moves what speaks of money out of sight."""
    address = stage.intruder.address
    step = stage.step(
        at,
        "T1564.008",
        'an inbox rule "." hides mail about bank accounts',
        users=(victim.mail,),
        addresses=(address,),
    )
    rule = {
        "AlwaysDeleteOutlookRulesBlob": "False",
        "Force": "False",
        "Name": ".",
        "SubjectOrBodyContainsWords": "bank;iban;invoice;payment",
        "MoveToFolder": "RSS Feeds",
        "MarkAsRead": "True",
        "StopProcessingRules": "True",
    }
    stage.world.m365.cmdlet(at, victim, "New-InboxRule", address, rule, session=session, step=step)


def consent(stage: Stage, victim: Person, at: int) -> None:
    """An application is allowed to read and send, so that a new password does not help."""
    world, address = stage.world, stage.intruder.address
    step = stage.step(
        at,
        "T1098.003",
        f"consent to the application {APPLICATION}: it may read and send mail",
        users=(victim.mail,),
    )
    changes = _granted(victim)
    target = ("ServicePrincipal", APPLICATION)
    world.m365.directory(at, victim, "Consent to application.", target, changes, step=step)
    described: dict[str, object] = {
        "id": "21ad62af-992e-4a9f-b6c1-67aa6c8a6eb4",
        "displayName": APPLICATION,
        "type": "ServicePrincipal",
        "modifiedProperties": [change(name, None, value) for name, value in changes.items()],
        "administrativeUnits": [],
    }
    second = stage.step(
        at,
        "T1098.003",
        "the directory's audit log shows the consent",
        users=(victim.mail,),
        addresses=(address,),
    )
    world.entra.audit(
        at + SECOND,
        victim,
        "Consent to application",
        address=address,
        target=described,
        category="ApplicationManagement",
        step=second,
    )


def _granted(victim: Person) -> dict[str, str]:
    permissions = (
        f"[] => [[Id: r2KtIS6Zn0q2wWeqbIputLSZcc5Sj, "
        f"ClientId: 21ad62af-992e-4a9f-b6c1-67aa6c8a6eb4, "
        f"PrincipalId: {victim.object_id}, ResourceId: ce7199b4-8f52-46f3-b54b-4fd81de961e2, "
        f"ConsentType: Principal, Scope: {SCOPE}, CreatedDateTime: , LastModifiedDateTime ]]; "
    )
    return {
        "ConsentContext.IsAdminConsent": "False",
        "ConsentContext.IsAppOnly": "False",
        "ConsentContext.OnBehalfOfAll": "False",
        "ConsentAction.Permissions": permissions,
    }


def read(stage: Stage, victim: Person, at: int, session: str) -> None:
    """Mail is read in bulk, then files are fetched."""
    world, address = stage.world, stage.intruder.address
    step = stage.step(
        at,
        "T1114.002",
        "mail is read in bulk from the intruder's address",
        users=(victim.mail,),
        addresses=(address,),
    )
    for n in range(25):
        world.m365.mail_access(
            at + n * 11 * SECOND,
            victim,
            address,
            client=REST,
            messages=20,
            session=session,
            step=step if n == 0 else None,
        )
    files = at + 12 * MINUTE
    burst = stage.step(
        files,
        "T1530",
        "140 files are downloaded in seven minutes",
        users=(victim.mail,),
        addresses=(address,),
    )
    for n in range(140):
        name = DOCUMENTS[n % len(DOCUMENTS)].format(n=100 + n)
        world.m365.file(
            files + n * 3 * SECOND,
            victim,
            "FileDownloaded",
            address,
            ("finance", name),
            agent="python-requests/2.31.0",
            step=burst if n == 0 else None,
        )


def defraud(stage: Stage, victim: Person, at: int, session: str) -> None:
    """Partners hear of a new bank account, in the victim's name."""
    world, address = stage.world, stage.intruder.address
    step = stage.step(
        at,
        "T1534",
        f"14 letters about a new bank account go to {len(PARTNERS)} partners",
        users=(victim.mail,),
        addresses=(address,),
    )
    subject = "Important: our new bank details"
    for n in range(14):
        moment = at + n * 23 * SECOND
        world.m365.send(
            moment,
            victim,
            address,
            subject,
            client=REST,
            attachment="bank-details.pdf",
            step=step if n == 0 else None,
        )
        partner = PARTNERS[n % len(PARTNERS)]
        letter = Letter(
            victim.mail,
            (f"accounts@{partner}",),
            ("mail-am0eur05.outbound.protection.outlook.com", "198.51.100.5"),
            f"{session[:8]}{n:02d}@{DOMAIN}",
            52_000 + n,
        )
        world.mail.deliver(moment + 4 * SECOND, letter)
