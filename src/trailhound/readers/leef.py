"""Log Event Extended Format, with and without a syslog header: see `leef_records.py`."""

from __future__ import annotations

import re

from trailhound.readers import leef_records
from trailhound.readers.device_guest import CarriedReader, Device

DEVICE = Device(
    "leef",
    re.compile(r"(?:<\d{1,3}>)?[ :]{0,8}(?:[\w-]{1,32}: ?)?LEEF: ?[12]\.?\d?\|"),
    leef_records.key,
    leef_records.route,
    leef_records.parse,
)
GUEST = DEVICE.guest()
READER = CarriedReader("network.leef", claims=DEVICE.claims)
