"""dnsmasq's lines, in syslog and in the file of `log-facility`: names and leases."""

from __future__ import annotations

from trailhound.readers.device_guest import CarriedReader

READER = CarriedReader("dns.dnsmasq", "dns.dnsmasq", "dhcp.dnsmasq")
