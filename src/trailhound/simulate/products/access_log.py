"""Access logs in the combined format: nginx for the shop, Apache for the intranet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trailhound.simulate.clock import SECOND, access_second
from trailhound.simulate.evidence import Pointer
from trailhound.simulate.products.files import Series, rotated

if TYPE_CHECKING:
    from pathlib import Path

    from trailhound.simulate.evidence import Schedule

SHOP = "linux/web1/var/log/nginx/access.log"
INTRANET = "linux/intra1/var/log/apache2/access.log"


@dataclass(frozen=True, slots=True)
class Hit:
    """One request; `referrer` is `-` when the client sent none."""

    client: str
    request: str
    status: int
    size: int
    agent: str
    referrer: str = "-"
    user: str = "-"


class AccessLogs:
    """The access logs of both web servers."""

    def __init__(self, schedule: Schedule, root: Path, start: int, days: int) -> None:
        self._schedule = schedule
        self._logs = {name: AccessLog(root, name, (start, days)) for name in (SHOP, INTRANET)}
        self.products = tuple(self._logs.values())

    def hit(self, at: int, server: str, hit: Hit, *, step: str | None = None) -> None:
        """Write one request to one server."""
        self._schedule.add(at, self._logs[server].write, hit, step)


class AccessLog:
    """One server's log."""

    def __init__(self, root: Path, name: str, span: tuple[int, int]) -> None:
        self._series = Series(root, rotated(name, *span))

    def write(self, at: int, hit: Hit) -> Pointer:
        text = (
            f"{hit.client} - {hit.user} [{access_second(at // SECOND)}] "
            f'"{hit.request}" {hit.status} {hit.size} "{hit.referrer}" "{hit.agent}"\n'
        )
        offset = self._series.write(at, text.encode())
        return Pointer(self._series.source, f"offset {offset}")

    def tick(self, at: int) -> None:
        """Write as things happen."""

    def close(self) -> None:
        self._series.close()
