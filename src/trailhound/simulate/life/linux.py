"""Linux servers: cron, administrators over ssh, the mail gateway, the shop's database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trailhound.simulate.clock import DAY, HOUR, MINUTE, SECOND, day_of, is_weekend
from trailhound.simulate.company import (
    BACKUP,
    DATABASE,
    INTRANET,
    JUMP,
    LINUX_SERVERS,
    MAIL,
    WEB,
)
from trailhound.simulate.life.browsing import some, spread
from trailhound.simulate.names import DOMAIN, PARTNERS
from trailhound.simulate.products.mail_log import Letter
from trailhound.simulate.products.pgaudit import Statement
from trailhound.simulate.products.zeek import Flow

if TYPE_CHECKING:
    from random import Random

    from trailhound.simulate.company import (
        Host,
    )
    from trailhound.simulate.life.diary import Diary
    from trailhound.simulate.world import World

COMMANDS = (
    "/usr/bin/apt-get update",
    "/usr/bin/systemctl status nginx",
    "/usr/bin/systemctl reload nginx",
    "/usr/bin/journalctl -u postfix --since today",
    "/usr/bin/tail -n 200 /var/log/syslog",
    "/usr/bin/less /etc/nginx/sites-enabled/shop",
    "/usr/sbin/postqueue -p",
)
SHOP_QUERIES = (
    Statement(
        "READ", "SELECT", "public.items", "select id, name, price from items where id = 17", 1
    ),
    Statement("READ", "SELECT", "public.orders", "select * from orders where customer_id = $1", 4),
    Statement(
        "READ",
        "SELECT",
        "public.customers",
        "select id, name, mail from customers where id = $1",
        1,
    ),
    Statement(
        "WRITE",
        "INSERT",
        "public.orders",
        "insert into orders (customer_id, item_id) values ($1, $2)",
        1,
    ),
    Statement(
        "WRITE",
        "UPDATE",
        "public.stock",
        "update stock set amount = amount - 1 where item_id = $1",
        1,
    ),
)
LARGE_TABLES = ("public.customers", "public.orders", "public.payments")


class LinuxServers:
    """Cron, systemd and administrators."""

    def __init__(self, world: World, diary: Diary) -> None:
        self._world = world
        self._syslog = world.syslog
        self._diary = diary

    def hour(self, at: int) -> None:
        random = self._world.chance("linux", at)
        for host in LINUX_SERVERS:
            self._syslog.cron(
                at + 17 * MINUTE, host, "root", "cd / && run-parts --report /etc/cron.hourly"
            )
            self._services(at, host, random)
        for moment in range(at, at + HOUR, 15 * MINUTE):
            self._syslog.cron(moment + SECOND, WEB, "www-data", "/usr/bin/php /srv/shop/cron.php")
        if at // HOUR % 24 == 6:
            self._daily(at + 25 * MINUTE)
        for workday in self._diary.at_work(at):
            if workday.computer.name.startswith("ITS") and random.random() < 0.4:
                self._administer(
                    at + random.randrange(40 * MINUTE),
                    workday.person.account,
                    workday.computer.address,
                    random,
                )

    def _services(self, at: int, host: Host, random: Random) -> None:
        moment = at + random.randrange(HOUR)
        unit = random.choice(("fwupd-refresh", "apt-daily", "man-db", "logrotate", "fstrim"))
        lines = (
            f"Starting {unit}.service - Scheduled work of {unit}...",
            f"{unit}.service: Deactivated successfully.",
            f"Finished {unit}.service - Scheduled work of {unit}.",
        )
        for n, line in enumerate(lines):
            self._syslog.say(moment + n * SECOND, host, "systemd", line, pid=1, facility="daemon")

    def _daily(self, at: int) -> None:
        command = "test -x /usr/sbin/anacron || { cd / && run-parts --report /etc/cron.daily; }"
        for n, host in enumerate(LINUX_SERVERS):
            self._syslog.cron(at + n * SECOND, host, "root", command)

    def _administer(self, at: int, user: str, source: str, random: Random) -> None:
        """Log in to the jump host with a key, go on to a server, run a few things as root."""
        host = random.choice((WEB, MAIL, DATABASE, INTRANET))
        pid = random.randrange(3000, 30_000)
        if random.random() < 0.1:
            self._syslog.wrong_password(
                at - 20 * SECOND, JUMP, user, source, pid=pid - 3, known=True
            )
        self._syslog.session(at, JUMP, user, source, pid=pid)
        self._syslog.session(at + 8 * SECOND, host, user, JUMP.address, pid=pid + 40)
        self._world.zeek.flow(
            at, Flow(source, JUMP.address, 22, 9 * MINUTE, 9000, 60_000, service="ssh")
        )
        for n in range(random.randrange(1, 4)):
            moment = at + (n + 1) * 50 * SECOND
            self._syslog.sudo(moment, host, user, random.choice(COMMANDS))
        if random.random() < 0.2:
            text = f"(to root) {user} on pts/0"
            self._syslog.say(at + 4 * MINUTE, host, "su", text, pid=pid + 60)
        self._syslog.goodbye(at + 9 * MINUTE, host, user, JUMP.address, pid=pid + 40)
        self._syslog.goodbye(at + 9 * MINUTE + SECOND, JUMP, user, source, pid=pid)


class MailFlow:
    """The gateway: letters in and out, and a few mailboxes that are still read over IMAP."""

    def __init__(self, world: World, diary: Diary) -> None:
        self._world = world
        self._diary = diary

    def hour(self, at: int) -> None:
        random = self._world.chance("mail", at)
        people = self._world.company.people
        working = self._diary.at_work(at)
        for _ in range(some(random, 1 + len(working) // 2)):
            person = random.choice(people)
            partner = random.choice(PARTNERS)
            sender = f"{random.choice(('info', 'orders', 'm.lund', 'p.haas', 'billing'))}@{partner}"
            client = (f"mail.{partner}", partner_address(partner))
            self._letter(at + random.randrange(HOUR), sender, (person.mail,), client, random)
        for _ in range(some(random, len(working) // 3)):
            workday = random.choice(working)
            recipient = f"orders@{random.choice(PARTNERS)}"
            client = ("mail-am0eur05.outbound.protection.outlook.com", "198.51.100.5")
            self._letter(
                at + random.randrange(HOUR), workday.person.mail, (recipient,), client, random
            )
        for moment in range(at, at + HOUR, 10 * MINUTE):
            self._world.mail.imap(moment + 3 * SECOND, f"shop@{DOMAIN}", WEB.address)

    def _letter(
        self, at: int, sender: str, to: tuple[str, ...], client: tuple[str, str], random: Random
    ) -> None:
        identity = f"{random.getrandbits(64):016x}@{sender.partition('@')[2]}"
        self._world.mail.deliver(at, Letter(sender, to, client, identity, spread(random, 40_000)))


class ShopDatabase:
    """The shop's queries by day, the dump at night, the report at the turn of the month."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._database = world.database

    def hour(self, at: int) -> None:
        random = self._world.chance("database", at)
        busy = 6 <= at // HOUR % 24 <= 20
        for _ in range(some(random, 6 if busy else 1)):
            self._shop(at + random.randrange(50 * MINUTE), random)
        if at // HOUR % 24 == 2:
            self._dump(at + 12 * MINUTE, random)
        day = day_of(at)
        if (
            at // HOUR % 24 == 7
            and (day.day <= 3 or day_of(at + DAY).day == 1)
            and not is_weekend(day)
        ):
            self._report(at + 20 * MINUTE, random)

    def _shop(self, at: int, random: Random) -> None:
        session = self._database.connect(at, "shop_app", "shop", WEB.address, "shop")
        for n in range(1, random.randrange(3, 9)):
            self._database.run(at + n * 130_000, session, n, random.choice(SHOP_QUERIES))

    def _dump(self, at: int, random: Random) -> None:
        """Every night whole tables are copied out, under one name and from the backup server."""
        self._world.innocent("backup", "the nightly database dump: copies whole tables")
        session = self._database.connect(at, "backup", "shop", BACKUP.address, "pg_dump")
        for n, table in enumerate(LARGE_TABLES, 1):
            copy = Statement("READ", "SELECT", table, f"COPY {table} (id, data) TO stdout;", 0)
            self._database.run(at + n * 20 * SECOND, session, n, copy)
        flow = Flow(
            BACKUP.address,
            DATABASE.address,
            5432,
            4 * MINUTE,
            90_000,
            700_000_000 + random.randrange(90_000_000),
            service="postgresql",
        )
        self._world.zeek.flow(at, flow)

    def _report(self, at: int, random: Random) -> None:
        reason = "the month-end report: reads millions of rows on the first days of a month"
        self._world.innocent("report_user", reason)
        session = self._database.connect(at, "report_user", "shop", "10.10.1.12", "Power BI")
        for n, table in enumerate(LARGE_TABLES, 1):
            rows = 600_000 + random.randrange(2_000_000)
            text = f"table {table} -- month 2026-10"
            statement = Statement("READ", "SELECT", table, text, rows)
            self._database.run(at + n * 70 * SECOND, session, n, statement)


def partner_address(partner: str) -> str:
    """Return the address of a partner's mail server."""
    return f"192.0.2.{100 + PARTNERS.index(partner)}"
