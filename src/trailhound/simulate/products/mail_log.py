"""Postfix and Dovecot on the mail gateway, as lines of its mail.log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trailhound.simulate.company import MAIL

if TYPE_CHECKING:
    from random import Random

    from trailhound.simulate.products.syslog import Syslog

RELAY = "acme-example.mail.protection.outlook.com[198.51.100.4]:25"


@dataclass(frozen=True, slots=True)
class Letter:
    """One message that passes the gateway."""

    sender: str
    recipients: tuple[str, ...]
    client: tuple[str, str]
    message_id: str
    size: int
    login: str = ""


class MailLog:
    """Writes a message's way through the gateway."""

    def __init__(self, syslog: Syslog, random: Random) -> None:
        self._syslog = syslog
        self._random = random

    def deliver(self, at: int, letter: Letter, *, step: str | None = None) -> None:
        """Write one queue id's chain from connect to removed."""
        queue = f"{self._random.getrandbits(44):011X}"
        pid = self._random.randrange(2000, 30_000)
        name, address = letter.client
        login = f", sasl_method=PLAIN, sasl_username={letter.login}" if letter.login else ""
        self._say(at, "smtpd", pid, f"connect from {name}[{address}]")
        self._say(at + 180_000, "smtpd", pid, f"{queue}: client={name}[{address}]{login}", step)
        self._say(at + 240_000, "cleanup", pid + 3, f"{queue}: message-id=<{letter.message_id}>")
        count = len(letter.recipients)
        active = f"from=<{letter.sender}>, size={letter.size}, nrcpt={count} (queue active)"
        self._say(at + 300_000, "qmgr", 1187, f"{queue}: {active}", step)
        commands = f"ehlo=2 starttls=1 mail=1 rcpt={count} data=1 quit=1 commands={count + 6}"
        self._say(at + 340_000, "smtpd", pid, f"disconnect from {name}[{address}] {commands}")
        for n, recipient in enumerate(letter.recipients):
            sent = f"{queue}: to=<{recipient}>, relay={RELAY}, delay=1.3, delays=0.3/0.01/0.4/0.6, "
            sent += (
                f"dsn=2.0.0, status=sent (250 2.6.0 <{letter.message_id}> Queued mail for delivery)"
            )
            self._say(at + 1_500_000 + n * 7000, "smtp", pid + 5, sent)
        self._say(at + 1_700_000 + count * 7000, "qmgr", 1187, f"{queue}: removed")

    def reject(self, at: int, sender: str, recipient: str, client: tuple[str, str]) -> None:
        """Write a refused attempt to send spam through the gateway."""
        pid = self._random.randrange(2000, 30_000)
        name, address = client
        self._say(at, "smtpd", pid, f"connect from {name}[{address}]")
        text = (
            f"NOQUEUE: reject: RCPT from {name}[{address}]: 554 5.7.1 <{recipient}>: Relay access "
        )
        text += f"denied; from=<{sender}> to=<{recipient}> proto=ESMTP helo=<{name}>"
        self._say(at + 400_000, "smtpd", pid, text)
        self._say(
            at + 500_000, "smtpd", pid, f"disconnect from {name}[{address}] ehlo=1 mail=1 rcpt=0/1"
        )

    def sasl_failure(self, at: int, client: tuple[str, str]) -> None:
        """Write a password that smtpd refused."""
        text = f"warning: {client[0]}[{client[1]}]: SASL LOGIN authentication failed: UGFzc3dvcmQ6"
        self._say(at, "smtpd", self._random.randrange(2000, 30_000), text)

    def imap(self, at: int, user: str, source: str, *, succeeds: bool = True) -> None:
        """Write a Dovecot login or its refusal."""
        session = f"{self._random.getrandbits(60):015x}"
        where = f"rip={source}, lip={MAIL.address}, "
        if succeeds:
            child = at // 7_000_003 % 30_000
            text = f"imap-login: Login: user=<{user}>, method=PLAIN, {where}mpid={child}, TLS, "
        else:
            text = "imap-login: Disconnected (auth failed, 1 attempts in 2 secs): "
            text += f"user=<{user}>, method=PLAIN, {where}TLS, "
        self._syslog.say(at, MAIL, "dovecot", f"{text}session=<{session}>", facility="mail")

    def _say(self, at: int, part: str, pid: int, text: str, step: str | None = None) -> None:
        self._syslog.say(at, MAIL, f"postfix/{part}", text, pid=pid, facility="mail", step=step)
