"""The filter log of pfSense and OPNsense in syslog."""

from __future__ import annotations

from trailhound.readers.device_guest import CarriedReader

READER = CarriedReader("firewall.pf", "firewall.pf")
