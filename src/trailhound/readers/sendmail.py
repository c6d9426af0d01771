"""Sendmail's lines in syslog."""

from __future__ import annotations

from trailhound.readers.device_guest import CarriedReader

READER = CarriedReader("mail.sendmail", "mail.sendmail")
