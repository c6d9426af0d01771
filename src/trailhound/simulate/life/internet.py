"""The Internet's background noise, which never gets in: guessing, scanning, spam, bots."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trailhound.simulate.clock import HOUR, MINUTE, SECOND
from trailhound.simulate.company import JUMP, MAIL, MAIL_PUBLIC, WEB, WEB_PUBLIC
from trailhound.simulate.life.browsing import some
from trailhound.simulate.names import DOMAIN
from trailhound.simulate.products.access_log import SHOP, Hit
from trailhound.simulate.products.entra import LAGOS, Attempt
from trailhound.simulate.products.zeek import Flow

if TYPE_CHECKING:
    from random import Random

    from trailhound.simulate.company import Host
    from trailhound.simulate.world import World

GUESSED = (
    "root", "admin", "test", "oracle", "ubuntu", "postgres", "git", "user", "ftpuser", "deploy",
    "pi", "minecraft", "hadoop", "jenkins", "support", "guest",
)  # fmt: skip
PROBED = (
    "/wp-login.php", "/.env", "/.git/config", "/phpmyadmin/index.php", "/actuator/health",
    "/cgi-bin/luci/;stok=/locale", "/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php",
    "/boaform/admin/formLogin", "/owa/auth/logon.aspx", "/solr/admin/info/system",
    "/index.php?s=/Index/\\think\\app/invokefunction",
    "/HNAP1", "/server-status", "/.aws/credentials",
    "/?id=1%27%20OR%20%271%27=%271", "/..%2f..%2f..%2fetc/passwd",
)  # fmt: skip
BOTS = (
    "Mozilla/5.0 zgrab/0.x",
    "Mozilla/5.0 (compatible; CensysInspect/1.1; +https://about.censys.io/)",
    "python-requests/2.32.3",
    "Go-http-client/1.1",
    "-",
)
SEARCH_BOT = "Mozilla/5.0 (compatible; SearchBot/2.1; +https://www.search-bot.example/bot.html)"
SCANNED_PORTS = (22, 23, 445, 3389, 5900, 8080, 8443, 6379, 9200)


class Internet:
    """Strangers at the door."""

    def __init__(self, world: World) -> None:
        self._world = world

    def hour(self, at: int) -> None:
        random = self._world.chance("internet", at)
        for _ in range(some(random, self._world.noisy(3))):
            self._guess(at + random.randrange(50 * MINUTE), random.choice((JUMP, WEB)), random)
        for _ in range(some(random, self._world.noisy(4))):
            self._scan(at + random.randrange(HOUR), random)
        if random.random() < self._world.settings.noise * 0.4:
            self._crawl(at + random.randrange(50 * MINUTE), random)
        for _ in range(some(random, self._world.noisy(4))):
            self._spam(at + random.randrange(HOUR), random)
        if random.random() < self._world.settings.noise * 0.3:
            self._spray(at + random.randrange(30 * MINUTE), random)
        self._index(at, random)

    def _guess(self, at: int, host: Host, random: Random) -> None:
        """One stranger tries a handful of names, all in vain."""
        source = stranger(random)
        for n in range(random.randrange(2, 9)):
            user = random.choice(GUESSED)
            pid = random.randrange(2000, 32_000)
            moment = at + (n + 1) * random.randrange(2 * SECOND, 9 * SECOND)
            known = user == "root"
            self._world.syslog.wrong_password(moment, host, user, source, pid=pid, known=known)

    def _scan(self, at: int, random: Random) -> None:
        target = random.choice((WEB_PUBLIC, MAIL_PUBLIC))
        flow = Flow(
            stranger(random), target, random.choice(SCANNED_PORTS), 60, state="S0", history="S"
        )
        self._world.zeek.flow(at, flow)

    def _crawl(self, at: int, random: Random) -> None:
        """A bot asks for what is not there: bursts of 404."""
        source, agent = stranger(random), random.choice(BOTS)
        for n in range(random.randrange(8, 40)):
            path = random.choice(PROBED)
            status = 400 if "%2f" in path else 404
            hit = Hit(source, f"GET {path} HTTP/1.1", status, 146, agent)
            self._world.web.hit(at + n * 700_000, SHOP, hit)

    def _index(self, at: int, random: Random) -> None:
        for _ in range(some(random, 2)):
            path = random.choice(("/robots.txt", "/products", "/products/saw-17", "/sitemap.xml"))
            hit = Hit("2001:db8:5e:7::9", f"GET {path} HTTP/1.1", 200, 4100, SEARCH_BOT)
            self._world.web.hit(at + random.randrange(HOUR), SHOP, hit)

    def _spam(self, at: int, random: Random) -> None:
        source = stranger(random)
        client = ("unknown", source)
        if random.random() < 0.5:
            self._world.mail.reject(at, "offers@bulk.example", f"info@{DOMAIN}", client)
            return
        for n in range(random.randrange(1, 4)):
            self._world.mail.sasl_failure(at + n * 4 * SECOND, client)
        self._world.mail.imap(at + 20 * SECOND, f"info@{DOMAIN}", source, succeeds=False)
        self._world.zeek.flow(
            at, Flow(source, MAIL.address, 993, 3 * SECOND, 400, 900, service="ssl")
        )

    def _spray(self, at: int, random: Random) -> None:
        """Somebody tries one password on a few mailboxes; the cloud says no each time."""
        source = stranger(random)
        people = random.sample(self._world.company.people, 3)
        for n, person in enumerate(people):
            moment = at + n * 7 * SECOND
            attempt = Attempt(source, LAGOS, BOTS[2], error=50126, managed=False, system="Linux")
            self._world.entra.sign_in(moment, person, attempt)
            self._world.m365.sign_in(
                moment, person, source, BOTS[2], error=("50126", "InvalidUserNameOrPassword")
            )


def stranger(random: Random) -> str:
    """Draw the address of a machine that nobody here knows."""
    return f"203.0.113.{random.randrange(100, 250)}"
