"""FortiGate's lines, with and without a syslog header: see `fortigate_records.py`."""

from __future__ import annotations

import re

from trailhound.readers import fortigate_records
from trailhound.readers.device_guest import CarriedReader, Device

DEVICE = Device(
    "firewall.fortigate",
    re.compile(
        r"(?:<\d{1,3}>)?[ :]{0,8}\"?(?:[a-z]{1,16}=[^\s,]{1,64}[ ,]){0,6}?"
        r"(?:date=\d{4}-\d\d-\d\d\"?[ ,]\"?time=|logver=\d{1,12} timestamp=\d)"
    ),
    fortigate_records.key,
    fortigate_records.route,
    fortigate_records.parse,
)
GUEST = DEVICE.guest()
READER = CarriedReader("firewall.fortigate", claims=DEVICE.claims)
