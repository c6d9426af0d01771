"""Google Workspace's Reports API: one file per application, newest record first."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from trailhound.simulate.clock import chance, iso_milli
from trailhound.simulate.evidence import Pointer
from trailhound.simulate.products.files import open_for_writing

if TYPE_CHECKING:
    from pathlib import Path

    from trailhound.simulate.evidence import Schedule

Json = dict[str, object]
CUSTOMER = "C03acme77"


class Workspace:
    """A small side tenant. Its records wait in memory, because the API lists them backwards."""

    def __init__(self, schedule: Schedule, root: Path, seed: int) -> None:
        self._schedule = schedule
        self._random = chance(seed, "workspace")
        self._root = root
        self._items: dict[str, list[Json]] = {}
        self.products = (self,)

    def activity(
        self,
        at: int,
        application: str,
        actor: tuple[str, str],
        event: tuple[str, str],
        *parameters: Json,
        step: str | None = None,
    ) -> None:
        """Write one activity with one event (type, name) by an actor (mail, address)."""
        email, address = actor
        unique = str(self._random.randrange(-(2**62), 2**62))
        item: Json = {
            "kind": "admin#reports#activity",
            "id": {
                "time": iso_milli(at) + "Z",
                "uniqueQualifier": unique,
                "applicationName": application,
                "customerId": CUSTOMER,
            },
            "etag": f'"{self._random.getrandbits(96):024x}"',
            "actor": {"callerType": "USER", "email": email, "profileId": _profile(email)},
            "ipAddress": address,
            "events": [{"type": event[0], "name": event[1], "parameters": list(parameters)}],
        }
        self._schedule.add(at, self.write, item, step)

    def write(self, at: int, item: Json) -> Pointer:
        identity = item["id"]
        if not isinstance(identity, dict):
            raise TypeError("an activity without an id")
        application = str(identity["applicationName"])
        self._items.setdefault(application, []).append(item)
        return Pointer(_file(application), f"uniqueQualifier {identity['uniqueQualifier']}")

    def tick(self, at: int) -> None:
        """Wait for the end."""

    def close(self) -> None:
        for application, items in sorted(self._items.items()):
            page = {"kind": "admin#reports#activities", "etag": '"acme"', "items": items[::-1]}
            with open_for_writing(self._root / _file(application)) as file:
                file.write(json.dumps(page, ensure_ascii=False, indent=1).encode())


def parameter(name: str, value: object) -> Json:
    """Write one parameter under the key of its type."""
    if isinstance(value, bool):
        return {"name": name, "boolValue": value}
    return {"name": name, "multiValue" if isinstance(value, list) else "value": value}


def _file(application: str) -> str:
    return f"cloud/google/{application}.json"


def _profile(email: str) -> str:
    return str(chance("profile", email).randrange(10**20, 2 * 10**20))
