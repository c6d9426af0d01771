"""ISC dhcpd's lines in syslog: who got which address."""

from __future__ import annotations

from trailhound.readers.device_guest import CarriedReader

READER = CarriedReader("dhcp.isc", "dhcp.isc")
