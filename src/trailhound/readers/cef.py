"""Common Event Format, with and without a syslog header: see `cef_records.py`."""

from __future__ import annotations

import re

from trailhound.readers import cef_records
from trailhound.readers.device_guest import CarriedReader, Device

DEVICE = Device(
    "cef",
    re.compile(
        r"(?:(?:<\d{1,3}>)?[ :]{0,8}(?:[\w-]{1,32}: ?)?CEF: ?)?\d[\d.]{0,4}\|"
        r"(?:[^|\\]|\\.){1,200}\|"
    ),
    cef_records.key,
    cef_records.route,
    cef_records.parse,
)
GUEST = DEVICE.guest()
READER = CarriedReader("network.cef", claims=DEVICE.claims)
