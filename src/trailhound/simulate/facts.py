"""What the organisation knows about itself, as the `org.toml` a scan may be given."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from trailhound.simulate.company import (
    MAIL_PUBLIC,
    MONITOR,
    OFFICE_EGRESS,
    SCANNER,
    SERVICE_NAMES,
    VPN_EGRESS,
    admin_account,
)
from trailhound.simulate.names import (
    AWS_ACCOUNT,
    DOMAIN,
    FOREST,
    PARTNERS,
    TENANT,
    WORKSPACE_DOMAIN,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trailhound.simulate.company import (
        Company,
    )


def organisation_file(company: Company) -> str:
    """Return the text of `org.toml`."""
    admins = company.administrators
    tables: dict[str, dict[str, object]] = {
        "organisation": {
            "name": "ACME",
            "domains": [DOMAIN, FOREST, WORKSPACE_DOMAIN],
            "countries": ["DE"],
            "partners": list(PARTNERS),
            "tenants": [TENANT, AWS_ACCOUNT],
        },
        "people": {
            "staff": [person.mail for person in company.people],
            "vips": [person.mail for person in company.vips],
        },
        "networks": {
            "internal": ["10.0.0.0/8", "192.168.0.0/16"],
            "egress": [OFFICE_EGRESS],
            "vpn_egress": [VPN_EGRESS],
            "scanners": [SCANNER],
            "monitors": [MONITOR],
        },
        "mail": {"receivers": [MAIL_PUBLIC], "bulk_senders": ["news.acme.example"]},
        "accounts": {
            "administrators": [p.account for p in admins] + [admin_account(p).name for p in admins],
            "service": [*SERVICE_NAMES, "backup", "report_user", "shop_app", "terraform"],
        },
        "hours": {"zone": "Europe/Berlin", "working": "07:00-19:00", "days": "Mon-Fri"},
        "changes": {"windows": ["Wed 21:00-23:00", "Thu 14:00-16:00"]},
    }
    return "\n".join(_table(name, values) for name, values in tables.items())


def _table(name: str, values: dict[str, object]) -> str:
    return "\n".join([f"[{name}]", *_lines(values), ""])


def _lines(values: dict[str, object]) -> Iterable[str]:
    """JSON's strings and arrays of strings are TOML's."""
    for key, value in values.items():
        yield f"{key} = {json.dumps(value, ensure_ascii=False)}"
