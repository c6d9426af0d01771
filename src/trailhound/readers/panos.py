"""PAN-OS records, with and without a syslog header: see `panos_records.py`."""

from __future__ import annotations

import re

from trailhound.readers import panos_records
from trailhound.readers.device_guest import CarriedReader, Device

DEVICE = Device(
    "firewall.paloalto",
    re.compile(
        r"(?:<\d{1,3}>)?[ :]{0,8}\d{0,3},\d{4}/\d\d/\d\d \d\d:\d\d:\d\d,[^,]{0,32},[A-Z-]{3,16},"
    ),
    panos_records.key,
    panos_records.route,
    panos_records.parse,
)
GUEST = DEVICE.guest()
READER = CarriedReader("firewall.paloalto", claims=DEVICE.claims)
