"""What the organisation knows about itself, as the `org.toml` a scan may be given."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING

from trailhound.simulate.clock import DAY, HOUR, iso, midnight
from trailhound.simulate.company import (
    MAIL_PUBLIC,
    SCANNER,
    SERVICE_NAMES,
    VPN_EGRESS,
    admin_account,
)
from trailhound.simulate.names import DOMAIN, FOREST, NEWCOMER, PARTNERS, WORKSPACE_DOMAIN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trailhound.simulate.company import (
        Company,
    )
    from trailhound.simulate.settings import Settings

SCAN_WEEKDAY, SCAN_HOUR = 2, 20
"""The scanner's window: Wednesday from 20:00 UTC, for an hour."""
PATCH_WEEKDAY, PATCH_HOUR = 3, 13
"""The servers' window: Thursday from 13:00 UTC, for two hours."""


def organisation_file(company: Company, settings: Settings) -> str:
    """Return the text of `org.toml`."""
    admins = company.administrators
    joined: dict[str, object] = {f"{NEWCOMER}@{DOMAIN}": settings.start}
    tables: dict[str, dict[str, object]] = {
        "organisation": {"name": "ACME", "domains": [DOMAIN, FOREST, WORKSPACE_DOMAIN]},
        "people": {
            "vips": [f"{person.name} <{person.mail}>" for person in company.vips],
            "staff": [person.mail for person in company.people],
        },
        "people.joiners": joined,
        "partners": {"domains": list(PARTNERS)},
        "networks": {
            "internal": ["10.0.0.0/8", "192.168.0.0/16"],
            "vpn_egress": [VPN_EGRESS],
            "scanners": [SCANNER],
        },
        "countries": {"presence": ["DE"]},
        "mail": {"receiving_servers": [MAIL_PUBLIC], "bulk_senders": [f"news.{DOMAIN}"]},
        "accounts": {
            "administrators": [p.account for p in admins] + [admin_account(p).name for p in admins],
            "service": [*SERVICE_NAMES, "backup", "report_user", "shop_app", "terraform"],
        },
        "hours": {"zone": "Europe/Berlin", "working": "Mon-Fri 07-19"},
        "changes": {"windows": list(_windows(settings))},
    }
    return "\n".join(_table(name, values) for name, values in tables.items())


def _windows(settings: Settings) -> Iterable[str]:
    planned = {SCAN_WEEKDAY: (SCAN_HOUR, 1), PATCH_WEEKDAY: (PATCH_HOUR, 2)}
    for number in range(settings.days):
        day = settings.start + timedelta(days=number)
        if day.weekday() in planned:
            hour, length = planned[day.weekday()]
            begin = midnight(settings.start) + number * DAY + hour * HOUR
            yield f"{iso(begin)[:16]}Z/{iso(begin + length * HOUR)[:16]}Z"


def _table(name: str, values: dict[str, object]) -> str:
    return "\n".join([f"[{name}]", *_lines(values), ""])


def _lines(values: dict[str, object]) -> Iterable[str]:
    """JSON's strings and arrays of strings are TOML's; a day is written bare."""
    for key, value in values.items():
        name = key if key.isidentifier() else json.dumps(key)
        bare = value.isoformat() if isinstance(value, date) else None
        yield f"{name} = {bare or json.dumps(value, ensure_ascii=False)}"
