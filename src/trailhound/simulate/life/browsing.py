"""What browsers and background clients do on the network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trailhound.simulate.clock import HOUR, MINUTE, SECOND, chance
from trailhound.simulate.company import DC, FILES, INTRANET, WEB
from trailhound.simulate.names import CHROME, EDGE, PLAIN_SITES, SITES
from trailhound.simulate.products.access_log import INTRANET as INTRANET_LOG
from trailhound.simulate.products.access_log import Hit
from trailhound.simulate.products.windows_processes import Process
from trailhound.simulate.products.zeek import AGENT_JA3, Flow, Request

if TYPE_CHECKING:
    from random import Random

    from trailhound.simulate.company import Host
    from trailhound.simulate.life.diary import Diary, Workday
    from trailhound.simulate.world import World

VISITS_AN_HOUR = 5
BEACON = "agent.rmm-cloud.example"
BEACON_EVERY = 20 * MINUTE
_NAMES = tuple(site[0] for site in SITES)
_WEIGHTS = tuple(site[1] for site in SITES)
_BY_NAME = {site[0]: site for site in SITES}
PAGES = ("/", "/news", "/canteen", "/forms/travel", "/phonebook", "/wiki/vpn", "/favicon.ico")
DOMAIN_JOINED = {
    "dc01.corp.acme.example": DC.address,
    "fs01.corp.acme.example": FILES.address,
    "intranet.corp.acme.example": INTRANET.address,
    "wpad.corp.acme.example": "",
}
"""Names that a computer of the domain looks up, with their answers; wpad does not exist."""


class Browsing:
    """Web traffic of everybody at work."""

    def __init__(self, world: World, diary: Diary) -> None:
        self._world = world
        self._diary = diary

    def hour(self, at: int) -> None:
        for workday in self._diary.at_work(at):
            random = self._world.chance("browse", workday.person.number, at)
            self._visits(at, workday, random)
            self._plain(at, workday.computer, random)
            self._beacon(at, workday)

    def _visits(self, at: int, workday: Workday, random: Random) -> None:
        host = workday.computer
        shell = self._world.windows.root(host, r"C:\Windows\explorer.exe")
        browser = Process(
            shell.pid + 400,
            shell.guid,
            r"C:\Program Files\Google\Chrome\Application\chrome.exe",
            '"C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe"',
            shell.user,
        )
        for _ in range(some(random, VISITS_AN_HOUR)):
            moment = at + random.randrange(HOUR)
            if not workday.starts <= moment < workday.ends:
                continue
            name = random.choices(_NAMES, _WEIGHTS)[0]
            self.visit(moment, host, name, random)
            if random.random() < 0.35:
                self._world.windows.resolve(moment - 9000, host, browser, name, address_of(name))
            if random.random() < 0.15:
                self._world.windows.connect(moment, host, browser, (address_of(name), 443))

    def visit(self, at: int, host: Host, name: str, random: Random) -> None:
        """Look a name up and talk to it over TLS."""
        target = address_of(name)
        self._world.zeek.lookup(at - 40_000, host.address, DC.address, name, (target,))
        _, _, sent, received = _BY_NAME[name]
        length = random.randrange(SECOND // 5, 90 * SECOND)
        flow = Flow(
            host.address, target, 443, length, spread(random, sent), spread(random, received)
        )
        self._world.zeek.tls(at, flow, name)

    def _plain(self, at: int, host: Host, random: Random) -> None:
        zeek = self._world.zeek
        if random.random() < 0.5:
            name = random.choice(tuple(DOMAIN_JOINED))
            answer = DOMAIN_JOINED[name]
            answers = (answer,) if answer else ()
            zeek.lookup(at + random.randrange(HOUR), host.address, DC.address, name, answers)
        if random.random() < 0.4:
            host_name, path, agent, mime, size = random.choice(PLAIN_SITES)
            moment = at + random.randrange(HOUR)
            inside = host_name.startswith("intranet")
            target = INTRANET.address if inside else address_of(host_name)
            flow = Flow(host.address, target, 80, SECOND // 2, 320, spread(random, size))
            zeek.request(moment, flow, Request(host_name, path, agent, mime))
        for _ in range(some(random, 1)):
            page = random.choice(PAGES)
            hit = Hit(
                host.address, f"GET {page} HTTP/1.1", 200, 9000 + random.randrange(9000), EDGE
            )
            self._world.web.hit(at + random.randrange(HOUR), INTRANET_LOG, hit)

    def _beacon(self, at: int, workday: Workday) -> None:
        """The management agent calls home at fixed intervals, as malware would."""
        host = workday.computer
        first = chance("beacon", host.name).randrange(BEACON_EVERY)
        for moment in range(at + first, at + HOUR, BEACON_EVERY):
            if workday.starts <= moment < workday.ends:
                flow = Flow(host.address, address_of(BEACON), 443, SECOND // 4, 1180, 840)
                self._world.zeek.tls(moment, flow, BEACON, ja3=AGENT_JA3)


class Customers:
    """Visitors of the shop on the public web server, and the monitoring that watches it."""

    PAGES = (
        "/",
        "/products",
        "/products/drill-200",
        "/products/saw-17",
        "/cart",
        "/checkout",
        "/static/app.9f2c.js",
        "/static/style.css",
        "/images/logo.svg",
        "/api/v1/stock?item=saw-17",
        "/search?q=drill+bits",
        "/contact",
    )

    def __init__(self, world: World) -> None:
        self._world = world

    def hour(self, at: int) -> None:
        random = self._world.chance("customers", at)
        busy = 6 <= at // HOUR % 24 <= 20
        for _ in range(some(random, 14 if busy else 3)):
            self._customer(at + random.randrange(HOUR), random)
        for moment in range(at, at + HOUR, 5 * MINUTE):
            self._probe(moment)

    def _customer(self, at: int, random: Random) -> None:
        client = f"2001:db8:{random.randrange(0x4000, 0x5000):x}:{random.randrange(0xFFFF):x}::1"
        agent = random.choice((CHROME, EDGE, CHROME.replace("130", "129")))
        referrer = random.choice(("-", "https://www.google.com/"))
        for n in range(random.randrange(2, 7)):
            page = random.choice(self.PAGES)
            status = 304 if page.startswith("/static") and random.random() < 0.4 else 200
            size = 0 if status == 304 else random.randrange(900, 48_000)
            hit = Hit(client, f"GET {page} HTTP/2.0", status, size, agent, referrer)
            self._world.web.hit(
                at + n * random.randrange(SECOND, 20 * SECOND),
                "linux/web1/var/log/nginx/access.log",
                hit,
            )
            referrer = f"https://shop.acme.example{page}"

    def _probe(self, at: int) -> None:
        hit = Hit(
            "10.0.0.70",
            "GET /health HTTP/1.1",
            200,
            15,
            "check_http/v2.3.3 (monitoring-plugins 2.3.3)",
        )
        self._world.web.hit(at + 1700, "linux/web1/var/log/nginx/access.log", hit)
        flow = Flow("10.0.0.70", WEB.address, 80, 4000, 110, 180)
        self._world.zeek.flow(at + 1700, flow)


def address_of(name: str) -> str:
    """Return the outside address of a harmless service: always the same, from RFC 5737."""
    return f"198.51.100.{100 + chance('dns', name).randrange(90)}"


def some(random: Random, mean: int) -> int:
    """Draw a count around `mean` without floating-point functions that differ by machine."""
    return random.getrandbits(2 * mean).bit_count() if mean else 0


def spread(random: Random, usual: int) -> int:
    """Draw a size around the usual one."""
    return usual // 2 + random.randrange(usual + 1)
